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
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/thread"
)

// eventually waits for a fact.
func eventually(t *testing.T, what string, fact func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !fact(); {
		if time.Now().After(end) {
			t.Fatalf("not within a minute: %s", what)
		}
		time.Sleep(100 * time.Microsecond)
	}
}

// size returns n, or less with -short and under the race detector.
func size(n int) int {
	if testing.Short() || raceEnabled {
		return n / 20
	}
	return n
}

// TestScale blocks many goroutines on one lock, with pinned threads among them, and
// cancels every second one at random. No goroutine may cost a thread, all others must get
// the lock, and nothing may stay behind.
func TestScale(t *testing.T) {
	n, threads := size(100_000), 200
	if testing.Short() {
		threads = 50
	}
	goroutines := runtime.NumGoroutine()
	var m locks.Mutex
	var served, cancelled atomic.Int64
	var wg sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	lock := func(ctx context.Context) {
		if m.LockContext(ctx) != nil {
			cancelled.Add(1)
			return
		}
		served.Add(1)
		m.Unlock()
	}

	m.Lock()
	wg.Add(threads)
	for range threads {
		thread.Spawn(func() error { defer wg.Done(); lock(context.Background()); return nil })
	}
	eventually(t, "all threads wait", func() bool { return locks.Waiting(&m) == threads })
	made := pprof.Lookup("threadcreate").Count()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	wg.Add(n)
	doomed := 0
	for range n {
		ctx := ctx
		if rand.IntN(2) == 0 {
			ctx = context.Background()
		} else {
			doomed++
		}
		go func() { defer wg.Done(); lock(ctx) }()
	}
	eventually(t, "all goroutines wait", func() bool { return locks.Waiting(&m) == n+threads })
	runtime.GC()
	runtime.ReadMemStats(&after)
	if more := pprof.Lookup("threadcreate").Count() - made; more > 20 {
		t.Errorf("%d goroutines that wait made %d threads", n, more)
	}
	t.Logf("%d bytes of heap for each goroutine that waits, half of them with a context", (after.HeapAlloc-before.HeapAlloc)/uint64(n))

	go cancel() // while the lock goes from hand to hand
	m.Unlock()
	wg.Wait()
	if got := served.Load() + cancelled.Load(); got != int64(n+threads) {
		t.Errorf("%d were served, %d cancelled, of %d", served.Load(), cancelled.Load(), n+threads)
	}
	if c := cancelled.Load(); c > int64(doomed) {
		t.Errorf("%d gave up, but only %d were cancelled", c, doomed)
	}
	if locks.Waiting(&m) != 0 || locks.Word(&m) != 0 {
		t.Errorf("the mutex has %d waiters and the word %b at the end", locks.Waiting(&m), locks.Word(&m))
	}
	eventually(t, "no goroutine is left", func() bool { return runtime.NumGoroutine() <= goroutines })
}

// TestMemory blocks many goroutines without a limit and weighs them.
func TestMemory(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector's memory would be weighed, too")
	}
	n := max(size(100_000), 20_000) // fewer would be drowned by the noise
	m, m2, rw, wg := new(locks.Mutex), new(locks.Mutex), new(locks.RWMutex), new(locks.WaitGroup)
	c := locks.NewCond(m2)
	m.Lock()
	rw.Lock()
	wg.Add(1)
	for name, l := range map[string]struct {
		lock   any
		block  func()
		settle func() // lets all go
	}{
		"Mutex":     {m, func() { m.Lock(); m.Unlock() }, m.Unlock},
		"RWMutex":   {rw, func() { rw.RLock(); rw.RUnlock() }, rw.Unlock},
		"WaitGroup": {wg, wg.Wait, wg.Done},
		"Cond":      {c, func() { m2.Lock(); c.Wait(); m2.Unlock() }, c.Broadcast},
	} {
		t.Run(name, func(t *testing.T) {
			weigh := func(block func()) int64 {
				var before, after runtime.MemStats
				runtime.GC()
				runtime.GC() // twice: the first one leaves what lies in pools
				runtime.ReadMemStats(&before)
				block()
				runtime.GC()
				runtime.ReadMemStats(&after)
				return (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / int64(n)
			}
			var done sync.WaitGroup
			release := make(chan struct{})
			idle := weigh(func() {
				var begun atomic.Int64
				done.Add(n)
				for range n {
					go func() { defer done.Done(); begun.Add(1); <-release }()
				}
				eventually(t, "all began", func() bool { return begun.Load() == int64(n) })
			})
			close(release)
			done.Wait()
			waiting := weigh(func() {
				done.Add(n)
				for range n {
					go func() { defer done.Done(); l.block() }()
				}
				eventually(t, "all wait", func() bool { return locks.Waiting(l.lock) == n })
			})
			l.settle()
			done.Wait()
			t.Logf("beyond its stack, a goroutine that waits takes %d bytes, one that receives from a channel %d", waiting, idle)
			if waiting > idle+512 {
				t.Errorf("waiting costs %d bytes beyond the goroutine, want at most 512", waiting-idle)
			}
		})
	}
}
