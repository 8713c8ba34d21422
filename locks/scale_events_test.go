// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"math/bits"
	"math/rand/v2"
	"runtime"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/thread"
)

// A crowd is a type at which many can wait.
type crowd struct {
	name   string
	at     waitable
	wait   func(ctx context.Context) error // waits, and passes on to the next one what it got
	settle func()                          // lets all go
}

// crowds returns one of each type. At each, who calls wait has to wait until settle.
func crowds() []crowd {
	ctx := context.Background()
	var m locks.FairMutex
	m.Lock()
	s := locks.NewSemaphore(1)
	s.Acquire(ctx, 1)
	var e locks.Event
	var a locks.AutoEvent
	l := locks.NewLatch(1)
	return []crowd{
		{"FairMutex", &m, func(ctx context.Context) error {
			err := m.LockContext(ctx)
			if err == nil {
				m.Unlock()
			}
			return err
		}, m.Unlock},
		{"Semaphore", s, func(ctx context.Context) error {
			err := s.Acquire(ctx, 1)
			if err == nil {
				s.Release(1)
			}
			return err
		}, func() { s.Release(1) }},
		{"Event", &e, e.WaitContext, e.Set},
		{"AutoEvent", &a, func(ctx context.Context) error {
			err := a.WaitContext(ctx)
			if err == nil {
				a.Set()
			}
			return err
		}, a.Set},
		{"Latch", l, l.WaitContext, l.Arrive},
	}
}

// TestEventsScale does to the types of this list what TestScale does to a Mutex.
func TestEventsScale(t *testing.T) {
	n, threads := size(100_000), 200
	if testing.Short() {
		threads = 50
	}
	for _, c := range crowds() {
		t.Run(c.name, func(t *testing.T) {
			goroutines := runtime.NumGoroutine()
			ctx, cancel := context.WithCancel(t.Context())
			var through, gaveUp atomic.Int64
			var doomed int64
			wait := func(ctx context.Context) {
				if c.wait(ctx) != nil {
					gaveUp.Add(1)
				} else {
					through.Add(1)
				}
			}
			var wg sync.WaitGroup
			wg.Add(threads + n)
			for range threads {
				thread.Spawn(func() error { defer wg.Done(); wait(context.Background()); return nil })
			}
			eventually(t, "all threads wait", func() bool { return c.at.Waiting() == threads })
			made := pprof.Lookup("threadcreate").Count()
			for range n {
				limit := context.Background()
				if rand.IntN(2) == 0 {
					limit = ctx
					doomed++
				}
				go func() { defer wg.Done(); wait(limit) }()
			}
			eventually(t, "all wait", func() bool { return c.at.Waiting() == threads+n })
			if more := pprof.Lookup("threadcreate").Count() - made; more > 20 {
				t.Errorf("%d goroutines that wait made %d threads", n, more)
			}
			go cancel() // while the others go through
			c.settle()
			wg.Wait()
			if got := through.Load() + gaveUp.Load(); got != int64(threads+n) || gaveUp.Load() > doomed {
				t.Errorf("%d are through and %d gave up, of %d; %d were cancelled", through.Load(), gaveUp.Load(), threads+n, doomed)
			}
			if c.at.Waiting() != 0 {
				t.Errorf("%d wait at the end", c.at.Waiting())
			}
			eventually(t, "no goroutine is left", func() bool { return runtime.NumGoroutine() <= goroutines })
		})
	}
}

// TestBarrierScale lets many come, and breaks the barrier, and lets as many come again.
func TestBarrierScale(t *testing.T) {
	n, threads := size(100_000), 50
	b := locks.NewBarrier(n + threads + 1)
	for _, want := range []error{locks.ErrBroken, nil} {
		var wg sync.WaitGroup
		wg.Add(n + threads)
		wait := func() {
			defer wg.Done()
			if leader, err := b.WaitContext(context.Background()); leader || err != want {
				t.Errorf("WaitContext = %v, %v, want %v", leader, err, want)
			}
		}
		for range threads {
			thread.Spawn(func() error { wait(); return nil })
		}
		eventually(t, "all threads wait", func() bool { return b.Waiting() == threads })
		made := pprof.Lookup("threadcreate").Count()
		for range n {
			go wait()
		}
		eventually(t, "all wait", func() bool { return b.Waiting() == n+threads })
		if more := pprof.Lookup("threadcreate").Count() - made; more > 20 {
			t.Errorf("%d goroutines that wait made %d threads", n, more)
		}
		if want == nil {
			if leader, ok := b.WaitFor(0); !leader || !ok {
				t.Errorf("the last to come: %v, %v", leader, ok)
			}
		} else {
			b.Reset()
		}
		wg.Wait()
	}
	if b.Waiting() != 0 || b.State() != 0 {
		t.Errorf("%d wait, word %#x, at the end", b.Waiting(), b.State())
	}
}

// TestEventsMemory weighs many goroutines that wait without a limit.
func TestEventsMemory(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector's memory would be weighed, too")
	}
	n := max(size(100_000), 20_000) // fewer would be drowned by the noise
	b := locks.NewBarrier(n + 1)
	atBarrier := crowd{"Barrier", b, func(ctx context.Context) error {
		_, err := b.WaitContext(ctx)
		return err
	}, func() { b.Wait() }}
	weigh(t, n, receivers()) // the runtime keeps what it makes for the first so many goroutines
	idle := weigh(t, n, receivers())
	for _, c := range append(crowds(), atBarrier) {
		t.Run(c.name, func(t *testing.T) {
			waiting := weigh(t, n, c)
			t.Logf("beyond its stack, a goroutine that waits takes %d bytes, one that receives from a channel %d", waiting, idle)
			if waiting > idle+512 {
				t.Errorf("waiting costs %d bytes beyond the goroutine, want at most 512", waiting-idle)
			}
		})
	}
}

// weigh returns how many bytes of heap each of n goroutines takes that wait for c.
func weigh(t *testing.T, n int, c crowd) int64 {
	t.Helper()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC() // twice: the first one leaves what lies in pools
	runtime.ReadMemStats(&before)
	var done sync.WaitGroup
	done.Add(n)
	for range n {
		go func() { defer done.Done(); c.wait(context.Background()) }()
	}
	eventually(t, "all wait", func() bool { return c.at.Waiting() == n })
	runtime.GC()
	runtime.ReadMemStats(&after)
	c.settle()
	done.Wait()
	return (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / int64(n)
}

// receivers wait for a channel.
func receivers() crowd {
	var begun begunCount
	release := make(chan struct{})
	return crowd{"channel", &begun, func(context.Context) error {
		begun.Add(1)
		<-release
		return nil
	}, func() { close(release) }}
}

// A begunCount takes for waiting who is about to.
type begunCount struct{ atomic.Int64 }

func (c *begunCount) Waiting() int  { return int(c.Load()) }
func (c *begunCount) State() uint64 { return 0 }

func TestEventsSizes(t *testing.T) {
	for _, tt := range []struct {
		name      string
		got, want uintptr
	}{
		{"FairMutex", unsafe.Sizeof(locks.FairMutex{}), 4},
		{"Semaphore", unsafe.Sizeof(locks.Semaphore{}), 24},
		{"Event", unsafe.Sizeof(locks.Event{}), 4},
		{"AutoEvent", unsafe.Sizeof(locks.AutoEvent{}), 4},
		{"Latch", unsafe.Sizeof(locks.Latch{}), 4},
		{"Barrier", unsafe.Sizeof(locks.Barrier{}), 8},
	} {
		if tt.got != tt.want {
			t.Errorf("%s is %d bytes long on a system of %d bits, want %d", tt.name, tt.got, bits.UintSize, tt.want)
		}
	}
}

// TestEventsAllocations holds that nothing is allocated where nobody has to wait.
func TestEventsAllocations(t *testing.T) {
	ctx := t.Context()
	s := locks.NewSemaphore(4)
	var e locks.Event
	var a locks.AutoEvent
	e.Set()
	l := locks.NewLatch(1 << 20)
	open := locks.NewLatch(0)
	one, broken := locks.NewBarrier(1), locks.NewBarrier(2)
	broken.WaitFor(0)
	for name, op := range map[string]func(){
		"Semaphore.Acquire":      func() { s.Acquire(ctx, 2); s.Release(2) },
		"Semaphore.Acquire of 5": func() { s.Acquire(ctx, 5) },
		"Semaphore.TryAcquire":   func() { s.TryAcquire(2); s.Release(2) },
		"Semaphore.AcquireFor":   func() { s.AcquireFor(2, time.Second); s.Release(2) },
		"Event":                  func() { e.Reset(); e.Set(); e.Wait() },
		"Event.WaitFor":          func() { e.WaitFor(time.Second) },
		"Event.WaitContext":      func() { e.WaitContext(ctx) },
		"AutoEvent":              func() { a.Set(); a.Wait() },
		"AutoEvent.WaitFor":      func() { a.Set(); a.WaitFor(time.Second); a.WaitFor(0) },
		"AutoEvent.WaitContext":  func() { a.Set(); a.WaitContext(ctx) },
		"Latch.Arrive":           l.Arrive,
		"Latch.WaitFor":          func() { l.WaitFor(0); open.WaitFor(time.Second) },
		"Latch.WaitContext":      func() { open.Wait(); open.WaitContext(ctx) },
		"Barrier.Wait":           func() { one.Wait() },
		"Barrier.WaitContext":    func() { broken.WaitContext(context.Background()) },
	} {
		if n := testing.AllocsPerRun(100, op); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
