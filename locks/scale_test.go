// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"math/rand/v2"
	"runtime"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/thread"
)

// size returns n, or less with -short and under the race detector.
func size(n int) int {
	if testing.Short() || race.Enabled {
		return n / 20
	}
	return n
}

// A crowd is a type at which many can wait.
type crowd struct {
	name    string
	waiting func() int
	wait    func(ctx context.Context) error // waits, and passes on to the next one what it got
	settle  func()                          // lets all go
}

// lockCrowd is a lock that somebody holds until settle.
func lockCrowd(name string, waiting func() int, lock func(context.Context) error, unlock, settle func()) crowd {
	return crowd{name, waiting, func(ctx context.Context) error {
		err := lock(ctx)
		if err == nil {
			unlock()
		}
		return err
	}, settle}
}

// crowds returns one of each type. At each, who calls wait has to wait until settle.
func crowds() []crowd {
	ctx := context.Background()
	var m, m2 locks.Mutex
	var fair locks.FairMutex
	var reading, writing, upgrading locks.RWMutex
	var biased locks.BiasedRWMutex
	m.Lock()
	fair.Lock()
	reading.Lock()
	writing.RLock()
	upgrading.UpgradableLock()
	biased.Lock()
	s := locks.NewSemaphore(1)
	s.Acquire(ctx, 1)
	c := locks.NewCond(&m2)
	atCond := 0 // guarded by m2
	var wg locks.WaitGroup
	wg.Add(1)
	var once locks.Once
	ran, ran2 := make(chan struct{}), make(chan struct{})
	go once.Do(func() { close(ran); <-ran2 })
	<-ran
	var e locks.Event
	var a locks.AutoEvent
	l := locks.NewLatch(1)
	g, rw := locks.NewGuarded(false), locks.NewGuardedRW(false)
	nothing, yes := func(*bool) {}, func(open *bool) bool { return *open }
	set := func(open *bool) { *open = true }
	return []crowd{
		lockCrowd("Mutex", func() int { return locks.Waiting(&m) }, m.LockContext, m.Unlock, m.Unlock),
		lockCrowd("FairMutex", fair.Waiting, fair.LockContext, fair.Unlock, fair.Unlock),
		lockCrowd("RWMutex readers", func() int { return locks.Waiting(&reading) }, reading.RLockContext, reading.RUnlock, reading.Unlock),
		lockCrowd("RWMutex writers", func() int { return locks.Waiting(&writing) }, writing.LockContext, writing.Unlock, writing.RUnlock),
		lockCrowd("RWMutex upgradable", func() int { return locks.Waiting(&upgrading) },
			upgrading.UpgradableLockContext, upgrading.UpgradableUnlock, upgrading.UpgradableUnlock),
		{"BiasedRWMutex", biased.Waiting, func(ctx context.Context) error {
			t, err := biased.RLockContext(ctx)
			if err == nil {
				biased.RUnlock(t)
			}
			return err
		}, biased.Unlock},
		lockCrowd("Semaphore", s.Waiting, func(ctx context.Context) error { return s.Acquire(ctx, 1) },
			func() { s.Release(1) }, func() { s.Release(1) }),
		// Whoever holds the mutex finds all in the queue who have counted themselves. To count the
		// queue would keep the others from it.
		{"Cond", func() int { m2.Lock(); defer m2.Unlock(); return atCond }, func(ctx context.Context) error {
			m2.Lock()
			defer m2.Unlock()
			atCond++
			defer func() { atCond-- }()
			return c.WaitContext(ctx)
		}, c.Broadcast},
		{"WaitGroup", func() int { return locks.Waiting(&wg) }, wg.WaitContext, wg.Done},
		{"Once", func() int { return locks.Waiting(&once) }, func(context.Context) error {
			once.Do(func() {})
			return nil
		}, func() { close(ran2) }},
		{"Event", e.Waiting, e.WaitContext, e.Set},
		lockCrowd("AutoEvent", a.Waiting, a.WaitContext, a.Set, a.Set),
		{"Latch", l.Waiting, l.WaitContext, l.Arrive},
		{"Guarded", g.Waiting, func(ctx context.Context) error { return g.WhenContext(ctx, yes, nothing) }, func() { g.With(set) }},
		{"GuardedRW", rw.Waiting, func(ctx context.Context) error { return rw.WhenContext(ctx, yes, nothing) }, func() { rw.With(set) }},
	}
}

// TestScale blocks many goroutines on each type, with pinned threads among them, and cancels
// every second one at random while the others go through. No goroutine may cost a thread, all
// others must get through, and nothing may stay behind.
func TestScale(t *testing.T) {
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
			locktest.Eventually(t, "all threads wait", func() bool { return c.waiting() == threads })
			made := pprof.Lookup("threadcreate").Count()
			for range n {
				limit := context.Background()
				if rand.IntN(2) == 0 {
					limit = ctx
					doomed++
				}
				go func() { defer wg.Done(); wait(limit) }()
			}
			locktest.Eventually(t, "all wait", func() bool { return c.waiting() == threads+n })
			if more := pprof.Lookup("threadcreate").Count() - made; more > 20 {
				t.Errorf("%d goroutines that wait made %d threads", n, more)
			}
			go cancel() // while the others go through
			c.settle()
			wg.Wait()
			if got := through.Load() + gaveUp.Load(); got != int64(threads+n) || gaveUp.Load() > doomed {
				t.Errorf("%d are through and %d gave up, of %d; %d were cancelled", through.Load(), gaveUp.Load(), threads+n, doomed)
			}
			if c.waiting() != 0 {
				t.Errorf("%d wait at the end", c.waiting())
			}
			locktest.Eventually(t, "no goroutine is left", func() bool { return runtime.NumGoroutine() <= goroutines })
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
		locktest.Eventually(t, "all threads wait", func() bool { return b.Waiting() == threads })
		made := pprof.Lookup("threadcreate").Count()
		for range n {
			go wait()
		}
		locktest.Eventually(t, "all wait", func() bool { return b.Waiting() == n+threads })
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

// TestMemory weighs many goroutines that wait without a limit.
func TestMemory(t *testing.T) {
	if race.Enabled {
		t.Skip("the race detector's memory would be weighed, too")
	}
	n := max(size(100_000), 20_000) // fewer would be drowned by the noise
	b := locks.NewBarrier(n + 1)
	atBarrier := crowd{"Barrier", b.Waiting, func(ctx context.Context) error {
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
	locktest.Eventually(t, "all wait", func() bool { return c.waiting() == n })
	runtime.GC()
	runtime.ReadMemStats(&after)
	c.settle()
	done.Wait()
	return (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / int64(n)
}

// receivers wait for a channel.
func receivers() crowd {
	var begun atomic.Int64
	release := make(chan struct{})
	return crowd{"channel", func() int { return int(begun.Load()) }, func(context.Context) error {
		begun.Add(1)
		<-release
		return nil
	}, func() { close(release) }}
}
