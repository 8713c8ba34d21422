// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"math"
	"math/bits"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
)

// TestWaitGroupAfterGivingUp begins another set of tasks after the only waiter has given up.
func TestWaitGroupAfterGivingUp(t *testing.T) {
	for i := range 300 {
		var wg WaitGroup
		wg.Add(1)
		gaveUp := make(chan bool)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { gaveUp <- wg.WaitContext(ctx) != nil }()
		locktest.Eventually(t, "a waiter", func() bool { return wg.Waiting() == 1 })
		_, release := holdQueue(&wg.queue)
		cancel()
		for range i % 8 {
			runtime.Gosched()
		}
		var done atomic.Bool
		go func() {
			wg.Done()
			done.Store(true)
		}()
		locktest.Eventually(t, "no task", func() bool { return wg.state.Load()>>32 == 0 })
		release()
		if <-gaveUp {
			// All calls of Wait have returned: another set may begin, though Done has not.
			wg.Add(1)
			go wg.Done()
			wg.Wait()
		}
		locktest.Eventually(t, "Done has returned", done.Load)
	}
}

// TestAddWithWaiters adds a task to none while a waiter is still there.
func TestAddWithWaiters(t *testing.T) {
	var wg WaitGroup
	wg.state.Store(1) // one waiter, no tasks
	locktest.Panics(t, "Add", "locks: WaitGroup misuse: Add called concurrently with Wait", func() { wg.Add(1) })
}

func TestTooManyTasks(t *testing.T) {
	const text = "locks: WaitGroup counter too large"
	var wg WaitGroup
	word := func() uint64 { return wg.state.Load() }
	wg.Add(math.MaxInt32)
	wantLimit(t, "Add(1)", text, word, func() { wg.Add(1) })
	wantLimit(t, "Add(MaxInt32)", text, word, func() { wg.Add(math.MaxInt32) })
	wantLimit(t, "Go", text, word, func() { wg.Go(func() { t.Error("Go has called its function") }) })
	if bits.UintSize == 64 {
		large := math.MaxInt32
		large++
		wantLimit(t, "Add(1<<31)", text, word, func() { wg.Add(large) })
		wantLimit(t, "Add(1<<32)", text, word, func() { wg.Add(large * 2) })
		wantLimit(t, "Add(-1<<32)", "locks: negative WaitGroup counter", word, func() { wg.Add(-large * 2) })
	}
	wantLimit(t, "Add(MaxInt)", text, word, func() { wg.Add(math.MaxInt) })
	wg.Add(-math.MaxInt32)
	wantLimit(t, "Add(MinInt)", "locks: negative WaitGroup counter", word, func() { wg.Add(math.MinInt) })
	wantLimit(t, "Done", "locks: negative WaitGroup counter", word, wg.Done)
	wg.Wait()

	wg.state.Store(1<<32 | math.MaxUint32)
	wantLimit(t, "Wait", "locks: too many waiters of WaitGroup", word, wg.Wait)
}
