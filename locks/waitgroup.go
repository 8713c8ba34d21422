// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"math"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// A WaitGroup waits for a number of tasks to finish. It has all the methods of [sync.WaitGroup], and
// forms of Wait that can give up.
//
// The zero value is a WaitGroup without tasks. A WaitGroup must not be copied after first use. It is 16
// bytes long, and counts up to 2,147,483,647 tasks.
//
// A WaitGroup may be reused for another set of tasks, by calls of Add that happen after all calls
// of Wait for the previous set have returned.
//
// All waiters are woken together, in FIFO order. A goroutine waits in the Go scheduler, and a
// pinned thread (see package thread) in the kernel. In a bubble of testing/synctest a waiting
// goroutine is durably blocked.
//
// In the terms of [the Go memory model], a call of Done synchronizes before the return of every
// Wait that it unblocks. A WaitFor or WaitContext that gives up establishes no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type WaitGroup struct {
	_ noCopy
	// state is the number of unfinished tasks in the high half, and of waiters in the low half. A
	// waiter counts itself when it enters the queue, in a step that finds tasks unfinished. So the Add
	// that brings the tasks to zero sees it, and wakes all waiters in the queue.
	state atomic.Uint64
	queue atomic.Uint32 // the address on which waiters are parked; always 0
}

func (wg *WaitGroup) finished() bool { return wg.state.Load()>>32 == 0 } // acquire

// Wait blocks until no task is unfinished.
func (wg *WaitGroup) Wait() {
	if !wg.finished() {
		wg.wait(park.Limit{}) // no limit, no error
	}
}

// WaitFor blocks until no task is unfinished, but at most for d, and reports whether all are finished.
// If d <= 0, it does not block.
func (wg *WaitGroup) WaitFor(d time.Duration) bool {
	return wg.finished() || d > 0 && wg.wait(park.For(d)) == nil
}

// WaitContext blocks until no task is unfinished or ctx is done. It returns nil, or an error that
// wraps the [context.Cause] of ctx. If ctx is already done, WaitContext returns its cause, even if
// no task is unfinished. A nil ctx panics.
func (wg *WaitGroup) WaitContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	if wg.finished() {
		return nil
	}
	return wg.wait(park.Context(ctx))
}

// WaitLimit blocks until no task is unfinished or limit is reached, such as the deadline [park.Until](t).
// It returns nil if all tasks are finished, even if limit has passed. Otherwise it returns an error that
// wraps [os.ErrDeadlineExceeded], or what [park.Ended] returns if limit is a context.
func (wg *WaitGroup) WaitLimit(limit park.Limit) error {
	if wg.finished() {
		return nil
	}
	return wg.wait(limit)
}

//go:noinline
func (wg *WaitGroup) wait(limit park.Limit) error {
	w := park.NewWaiter(park.Condition, limit)
	defer w.Free()
	_, err := w.Sleep(&wg.queue, (*waitGroupQueue)(wg), nil)
	if wg.finished() { // even if err is not nil: the Add that brought the tasks to zero has yet to wake w
		return nil
	}
	if err == nil {
		panic("locks: WaitGroup is reused before previous Wait has returned")
	}
	return err
}

// A waitGroupQueue is a WaitGroup as an Enqueuer.
type waitGroupQueue WaitGroup

// Enqueue counts w and puts it into the queue, unless all tasks are finished.
func (wg *waitGroupQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	for !(*WaitGroup)(wg).finished() {
		s := wg.state.Load()
		if uint32(s) == math.MaxUint32 {
			panic("locks: too many waiters of WaitGroup")
		}
		if s>>32 != 0 && wg.state.CompareAndSwap(s, s+1) {
			q.Push(w)
			break
		}
	}
	return tokenGranted
}

// GiveUp takes w out of the count of waiters.
func (wg *waitGroupQueue) GiveUp(park.Queue, *park.Waiter) { wg.state.Add(^uint64(0)) }

// Chan returns a channel that is closed when no task is unfinished. It is for a select statement; see [Event.Chan] for
// its cost. Call stop when the channel is no longer needed. As with Wait, the WaitGroup may be reused for another set
// of tasks only after the channel was closed or stop was called.
func (wg *WaitGroup) Chan() (c <-chan struct{}, stop func()) {
	return park.Chan(&wg.queue, (*waitGroupQueue)(wg), 0)
}

// Add adds delta, which may be negative, to the number of unfinished tasks. If the number becomes
// zero, Add wakes all waiters. It panics, and changes nothing, if the number would become negative
// or exceed 2,147,483,647.
//
// A call with a positive delta when there are no unfinished tasks must happen before Wait.
func (wg *WaitGroup) Add(delta int) {
	for {
		s := wg.state.Load()
		before, waiters := int64(s>>32), uint32(s)
		tasks := before + int64(delta)
		switch {
		case delta > math.MaxInt32 || tasks > math.MaxInt32: // in this order: tasks may have overflowed
			panic("locks: WaitGroup counter too large")
		case tasks < 0:
			panic("locks: negative WaitGroup counter")
		case waiters != 0 && delta > 0 && before == 0:
			panic("locks: WaitGroup misuse: Add called concurrently with Wait")
		}
		if wg.state.CompareAndSwap(s, uint64(tasks)<<32|uint64(waiters)) { // acquire, release
			if tasks == 0 && waiters != 0 {
				wg.wakeAll()
			}
			return
		}
	}
}

// Done finishes one task: it is Add(-1).
func (wg *WaitGroup) Done() { wg.Add(-1) }

// Go calls f in a new goroutine and adds it to the tasks. The task is finished when f returns.
// f must not panic: as anywhere in Go, that ends the program.
func (wg *WaitGroup) Go(f func()) {
	wg.Add(1)
	go func() {
		finished := false
		defer func() {
			// A panic of f is about to end the program. Done would let the
			// waiters run meanwhile, and perhaps exit before it is shown.
			if !finished {
				if p := recover(); p != nil {
					panic(p)
				}
			}
			wg.Done() // also after runtime.Goexit
		}()
		f()
		finished = true
	}()
}

// wakeAll wakes all waiters. If a new set of tasks has begun since the number was zero, it wakes none:
// the waiters of the old set have all given up, and those in the queue wait for the new set.
func (wg *WaitGroup) wakeAll() {
	var ws park.Waiters
	park.WithQueue(&wg.queue, func(q park.Queue) {
		if wg.finished() {
			ws = q.PopAll()
			wg.state.And(math.MaxUint32 << 32) // not -ws.Len(): PopAll passes over waiters of WaitAny that have another source
		}
	})
	ws.Wake(tokenGranted)
}
