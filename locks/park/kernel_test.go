// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"context"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/handon"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/sys/futex"
)

// TestBackend asks where pinned threads sleep, with one processor and two. Their Waiters do so, and those of goroutines
// do not.
func TestBackend(t *testing.T) {
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for n := 1; n <= 2; n++ {
		runtime.GOMAXPROCS(n)
		procs.Refresh()
		want := "scheduler"
		if futex.Supported(futex.Private) && (handon.Works || procs.Count() > 1) {
			want = "kernel (" + futex.Backend() + ")"
		}
		if got := park.Backend(); got != want {
			t.Errorf("Backend() = %q with %d processors, want %q", got, n, want)
		}
		for _, s := range []locktest.Start{locktest.Goroutines, pinned} {
			s.Go(func() {
				w := park.NewWaiter(park.Condition, park.Limit{})
				if inKernel := s.Threads && want != "scheduler"; w.Pinned() != inKernel {
					t.Errorf("%s: sleeps in the kernel: %t, want %t", s.Name, w.Pinned(), inKernel)
				}
				w.Free()
			})()
		}
	}
	t.Logf("pinned threads sleep in the %s", park.Backend())
}

// TestSpuriousWakes wakes a pinned thread by its futex alone. It sleeps on, until it is woken for real.
func TestSpuriousWakes(t *testing.T) {
	atEnd(t)
	if !strings.HasPrefix(park.Backend(), "kernel") {
		t.Skip("pinned threads do not sleep in the kernel")
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for name, limit := range map[string]park.Limit{"none": {}, "time": park.For(time.Hour), "context": park.Context(ctx)} {
		var word atomic.Uint32
		returned := make(chan uint32, 1)
		join := pinned.Go(func() {
			w := park.NewWaiter(park.Condition, limit)
			defer w.Free()
			token, err := w.Sleep(&word, park.Always{}, nil)
			if err != nil {
				t.Errorf("limit %s: %v after a spurious wake-up", name, err)
			}
			returned <- token
		})
		waiting(t, &word, 1)
		var w *park.Waiter
		park.WithQueue(&word, func(q park.Queue) { w = q.Front() })
		locktest.Eventually(t, "the thread sleeps", w.Asleep)
		for range 20 {
			w.WakeSpuriously()
			time.Sleep(100 * time.Microsecond) // so that it is asleep again; if not, less is tested
		}
		select {
		case <-returned:
			t.Errorf("limit %s: Sleep returns after a spurious wake-up", name)
		default:
			pop(&word).Wake(7)
			if token := <-returned; token != 7 {
				t.Errorf("limit %s: Sleep = %d, want the waker's 7", name, token)
			}
		}
		join()
	}
}

// TestThreadsLeaveContexts lets pinned threads wait with a context that goes on, and that package context has to watch by a
// goroutine. None is left.
func TestThreadsLeaveContexts(t *testing.T) {
	atEnd(t)
	if !strings.HasPrefix(park.Backend(), "kernel") {
		t.Skip("pinned threads do not sleep in the kernel")
	}
	const n = 20
	ctx := closing{t.Context(), make(chan struct{})}
	var word atomic.Uint32
	before := runtime.NumGoroutine()
	join := pinned.Go(func() {
		for range n {
			w := park.NewWaiter(park.Condition, park.Context(ctx))
			w.Sleep(&word, park.Always{}, nil)
			w.Free()
		}
	})
	for range n {
		waiting(t, &word, 1)
		park.WithQueue(&word, func(q park.Queue) {
			locktest.Eventually(t, "the thread sleeps", q.Front().Asleep)
		})
		pop(&word).Wake(0)
	}
	join()
	locktest.Eventually(t, "no goroutine is left behind", func() bool { return runtime.NumGoroutine() < before+n/2 })
}

// TestWaitAllocations lets a goroutine and a pinned thread wait and be woken many times. They allocate nothing.
func TestWaitAllocations(t *testing.T) {
	if race.Enabled || testing.CoverMode() != "" || !allocs.Counted(t) {
		t.Skip("allocations are not counted, or pools forget at random")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection empties pools
	forEachStart(t, func(t *testing.T, start func(func())) {
		const n = 400
		var word atomic.Uint32
		var done sync.WaitGroup
		done.Add(1)
		start(func() {
			defer done.Done()
			for range n {
				park.Wait(&word, 0)
			}
		})
		var before, after runtime.MemStats
		for i := range n {
			if i == 1 { // the first Waiter is not from the pool
				runtime.ReadMemStats(&before)
			}
			for !park.Wake(&word) {
				runtime.Gosched()
			}
		}
		done.Wait()
		runtime.ReadMemStats(&after)
		if got := after.Mallocs - before.Mallocs; got > n/2 { // some are the runtime's
			t.Errorf("%d waits allocate %d times, want about 0", n, got)
		}
	})
}
