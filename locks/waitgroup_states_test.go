// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/park"
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

// TestAddWithWaiters adds a task while there are none and a waiter is still there, and then to
// others.
func TestAddWithWaiters(t *testing.T) {
	var wg WaitGroup
	wg.state.Store(1) // one waiter, no tasks
	wg.Add(0)         // wakes the waiters in the queue, of which there are none
	wg.state.Store(1)
	locktest.Panics(t, "Add", "locks: WaitGroup misuse: Add called concurrently with Wait", func() { wg.Add(1) })
	wg.state.Store(1<<32 | 1)
	wg.Add(1)
	if got := wg.state.Load(); got != 2<<32|1 {
		t.Errorf("the word is %#x after a second Add, want two tasks and one waiter", got)
	}
}

// TestWaitGroupReused wakes a waiter when there are tasks again.
func TestWaitGroupReused(t *testing.T) {
	var wg WaitGroup
	wg.Add(1)
	problem := make(chan any)
	go func() {
		defer func() { problem <- recover() }()
		wg.Wait()
	}()
	locktest.Eventually(t, "a waiter", func() bool { return wg.Waiting() == 1 })
	var w *park.Waiter
	park.WithQueue(&wg.queue, func(q park.Queue) { w = q.Pop() })
	w.Wake(tokenGranted)
	if got, want := <-problem, "locks: WaitGroup is reused before previous Wait has returned"; got != want {
		t.Errorf("Wait has panicked with %v, want %s", got, want)
	}
}

// TestWaitGroupQueue shows that waiters stand in FIFO order, and that a WaitFor of no time does not go there.
func TestWaitGroupQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var wg WaitGroup
		wg.Add(1)
		go wg.WaitContext(t.Context())
		synctest.Wait()
		first := line(&wg.queue)
		go wg.WaitContext(t.Context())
		synctest.Wait()
		if both := line(&wg.queue); len(both) != 2 || both[0] != first[0] {
			t.Errorf("the queue is %p with a second waiter, and was %p", both, first)
		}
		wg.Done()
	})
	var wg WaitGroup
	wg.Add(1)
	_, release := holdQueue(&wg.queue)
	if wg.WaitFor(0) || wg.WaitFor(-1) {
		t.Error("WaitFor has returned true before the task has finished")
	}
	release()
}

// A lookAtTasks is an error that tells how many tasks of a WaitGroup are unfinished at the moment when it is printed.
type lookAtTasks struct{ wg *WaitGroup }

func (l lookAtTasks) Error() string { return fmt.Sprintf("%d unfinished task", l.wg.state.Load()>>32) }

// TestWaitGroupGoPanics lets the function of Go panic in another process, which ends by that. The task is not finished when
// the panic is printed.
func TestWaitGroupGoPanics(t *testing.T) {
	const variable = "OSYNC_GO_PANICS=1"
	if os.Getenv("OSYNC_GO_PANICS") != "" {
		var wg WaitGroup
		wg.Go(func() { panic(lookAtTasks{&wg}) })
		wg.Wait()
		return
	}
	out, err := locktest.Child(t, variable, "-test.run=^"+t.Name()+"$", "-test.timeout=1m")
	if err == nil || !strings.Contains(string(out), ": 1 unfinished task") {
		t.Errorf("the program has ended with %v, want a panic before the task finishes:\n%s", err, out)
	}
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
