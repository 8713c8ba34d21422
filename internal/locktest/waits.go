// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"context"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/race"
)

// A Wait is a wait of a type under test, for the checks of all types that have one: many goroutines can be
// in it at a time.
type Wait struct {
	Name string
	// Waiting returns how many goroutines wait.
	Waiting func() int
	// Wait waits until Settle, or until ctx ends. If it gets something that another goroutine needs, it
	// gives that back.
	Wait func(ctx context.Context) error
	// WaitFor is Wait with a time limit, which passes before Settle is called. It reports false then.
	WaitFor func(d time.Duration) bool
	// WaitLimit is Wait with a limit. It looks at the limit only when it would have to wait.
	WaitLimit func(limit Limit) error
	// Settle lets all waiters go on.
	Settle func()
	// Condition says that the wait is no wait for a critical section to end, so that it is durably blocked in
	// bubbles.
	Condition bool
	// Endless says that Wait has no limit: it ignores ctx.
	Endless bool
	// Transient says that Settle ends only waits that have begun.
	Transient bool
	// Sleeps is how often a goroutine may sleep in one Wait, if not once.
	Sleeps int
}

// LockWait is the wait for a lock that is held until settle.
func LockWait(name string, waiting func() int, lockFor func(time.Duration) bool, lock func(context.Context) error, unlock, settle func()) Wait {
	return Wait{Name: name, Waiting: waiting, WaitFor: lockFor, Wait: PassOn(lock, unlock), Settle: settle}
}

// PassOn calls lock, and then unlock.
func PassOn(lock func(context.Context) error, unlock func()) func(context.Context) error {
	return func(ctx context.Context) error {
		err := lock(ctx)
		if err == nil {
			unlock()
		}
		return err
	}
}

// Size returns n, or a twentieth of it with -short and under the race detector.
func Size(n int) int {
	if testing.Short() || race.Enabled {
		return n / 20
	}
	return n
}

// Scale blocks many goroutines in each wait, with threads among them, and cancels every second one at random
// while the others go on. No goroutine may cost a thread, all others must get through, and nothing may be
// left behind.
func Scale(t *testing.T, threads Start, waits []Wait) {
	n, nThreads := Size(100_000), 200
	if testing.Short() {
		nThreads = 50
	}
	for _, w := range waits {
		t.Run(w.Name, func(t *testing.T) {
			goroutines := runtime.NumGoroutine()
			ctx, cancel := context.WithCancel(t.Context())
			var through, gaveUp atomic.Int64
			var doomed int64
			wait := func(ctx context.Context) {
				if w.Wait(ctx) != nil {
					gaveUp.Add(1)
				} else {
					through.Add(1)
				}
			}
			var wg sync.WaitGroup
			wg.Add(nThreads + n)
			for range nThreads {
				threads.Go(func() { defer wg.Done(); wait(context.Background()) })
			}
			Eventually(t, "all threads wait", func() bool { return w.Waiting() == nThreads })
			made := pprof.Lookup("threadcreate").Count()
			for range n {
				limit := context.Background()
				if rand.IntN(2) == 0 {
					limit = ctx
					doomed++
				}
				go func() { defer wg.Done(); wait(limit) }()
			}
			Eventually(t, "all wait", func() bool { return w.Waiting() == nThreads+n })
			if more := pprof.Lookup("threadcreate").Count() - made; more > 20 {
				t.Errorf("%d goroutines that wait made %d threads", n, more)
			}
			go cancel() // while the others go on
			w.Settle()
			wg.Wait()
			if got := through.Load() + gaveUp.Load(); got != int64(nThreads+n) || gaveUp.Load() > doomed {
				t.Errorf("%d got through and %d gave up, of %d; %d were cancelled", through.Load(), gaveUp.Load(), nThreads+n, doomed)
			}
			if w.Waiting() != 0 {
				t.Errorf("%d wait at the end", w.Waiting())
			}
			Eventually(t, "no goroutine is left", func() bool { return runtime.NumGoroutine() <= goroutines })
		})
	}
}

// Memory weighs goroutines in each wait, without a limit. newWaits gets the number of goroutines.
func Memory(t *testing.T, newWaits func(n int) []Wait) {
	if race.Enabled {
		t.Skip("the race detector's memory would be weighed, too")
	}
	n := 20_000
	if testing.Short() {
		n = 5_000 // fewer would be drowned by the noise
	}
	weigh(t, n, receivers()) // the runtime keeps what it makes for the first so many goroutines
	idle := weigh(t, n, receivers())
	for _, w := range newWaits(n) {
		t.Run(w.Name, func(t *testing.T) {
			waiting := weigh(t, n, w)
			t.Logf("beyond its stack, a goroutine that waits takes %d bytes, one that receives from a channel %d", waiting, idle)
			if waiting > idle+512 && allocs.Counted(t) {
				t.Errorf("waiting costs %d bytes beyond the goroutine, want at most 512", waiting-idle)
			}
		})
	}
}

// weigh returns how many bytes of heap each of n goroutines takes in a wait.
func weigh(t *testing.T, n int, w Wait) int64 {
	t.Helper()
	heap := func() int64 {
		var stats runtime.MemStats
		runtime.GC()
		runtime.GC() // twice: the first one leaves what lies in pools
		runtime.ReadMemStats(&stats)
		return int64(stats.HeapAlloc)
	}
	before := heap()
	var done sync.WaitGroup
	done.Add(n)
	for range n {
		go func() { defer done.Done(); w.Wait(context.Background()) }()
	}
	Eventually(t, "all wait", func() bool { return w.Waiting() == n })
	after := heap()
	w.Settle()
	done.Wait()
	return (after - before) / int64(n)
}

// receivers is a wait for a channel.
func receivers() Wait {
	var begun atomic.Int64
	release := make(chan struct{})
	return Wait{Name: "channel", Waiting: func() int { return int(begun.Load()) }, Wait: func(context.Context) error {
		begun.Add(1)
		<-release
		return nil
	}, Settle: func() { close(release) }}
}

// WaitAllocations checks what waits allocate: nothing but Waiters from a pool, and a channel for each sleep that
// has a limit.
func WaitAllocations(t *testing.T, newWaits func() []Wait) {
	if race.Enabled {
		t.Skip("under the race detector pools forget at random")
	}
	if !allocs.Counted(t) {
		t.Skip("allocations are not counted")
	}
	const n = 2000
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection empties pools
	mallocs := func(t *testing.T, w Wait, ctx context.Context) uint64 {
		t.Helper()
		gate := make(chan struct{})
		var ready atomic.Int32
		var done sync.WaitGroup
		for range n {
			done.Go(func() { ready.Add(1); <-gate; w.Wait(ctx) })
		}
		Eventually(t, "all are ready", func() bool { return ready.Load() == n })
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		close(gate)
		Eventually(t, "all wait", func() bool { return w.Waiting() == n })
		runtime.ReadMemStats(&after)
		w.Settle()
		done.Wait()
		return after.Mallocs - before.Mallocs
	}
	limited, cancel := context.WithCancel(t.Context())
	defer cancel()
	first := newWaits()
	mallocs(t, newWaits()[0], limited) // fills the runtime's own pools, for channels and select
	for i, w := range newWaits() {
		t.Run(w.Name, func(t *testing.T) {
			mallocs(t, first[i], context.Background()) // fills the pool
			// A sync.Pool forgets everything when it is first used on a processor that was not there
			// at the last collection, as after a test with GOMAXPROCS=1; and a processor of a busy
			// machine may come late. So a second try counts, too.
			got := mallocs(t, w, context.Background())
			if got > n/4 {
				got = mallocs(t, newWaits()[i], context.Background())
			}
			sleeps := uint64(max(w.Sleeps, 1))
			withLimit := mallocs(t, newWaits()[i], limited)
			if withLimit > sleeps*n+n/4 {
				withLimit = mallocs(t, newWaits()[i], limited)
			}
			t.Logf("%d allocations by %d waits, %d with a limit", got, n, withLimit)
			if got > n/4 { // some are the runtime's, and of the test's own looks
				t.Errorf("%d waits allocate %d times, want about 0", n, got)
			}
			if withLimit > sleeps*n+n/4 {
				t.Errorf("%d waits with a limit allocate %d times, want about %d each", n, withLimit, sleeps)
			}
		})
	}
}
