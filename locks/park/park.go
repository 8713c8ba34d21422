// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"context"
	"sync/atomic"
	"time"
)

// Wait puts the caller to sleep until a Wake of addr, if *addr holds old. It returns at
// once when *addr differs.
//
// The comparison and the queueing are one step with respect to Wake: one that follows a
// store which the comparison did not see finds the sleeper. Wait may return early for
// no reason: call it in a loop that looks at the word.
func Wait(addr *atomic.Uint32, old uint32) {
	WaitLimit(addr, old, Condition, Limit{}) // no limit, no error
}

// WaitFor is Wait for at most d. It reports false when the time was up, and true
// otherwise, also when *addr differed at the beginning or at the end. With d of zero or less it only
// compares. A wait that timed out has used up no wake.
func WaitFor(addr *atomic.Uint32, old uint32, d time.Duration) bool {
	if addr.Load() != old {
		return true
	}
	return d > 0 && WaitLimit(addr, old, Condition, For(d)) == nil
}

// WaitContext is Wait until ctx ends. It returns nil after a wake and when *addr
// differed, and the error of [Ended] otherwise. If ctx is already done, it returns that error without
// comparing. A nil ctx panics.
func WaitContext(ctx context.Context, addr *atomic.Uint32, old uint32) error {
	limit := Context(ctx)
	if err := Ended(ctx); err != nil {
		return err
	}
	if addr.Load() != old {
		return nil
	}
	return WaitLimit(addr, old, Condition, limit)
}

// WaitLimit is Wait until limit is reached, and says what the wait is for: a lock whose
// waiters sleep here wants [Exclusion], all else [Condition]. It returns nil after a wake and
// when *addr differed at the beginning or at the end, and otherwise [os.ErrDeadlineExceeded] or the
// error of [Ended].
//
// A Limit stays the same however often the caller has to look again, where a duration would begin
// anew. WaitLimit compares first, even if limit is already over; to learn that first, call [Limit.Err].
//
//go:norace
func WaitLimit(addr *atomic.Uint32, old uint32, kind Kind, limit Limit) error {
	if addr.Load() != old {
		return nil
	}
	w := NewWaiter(kind, limit)
	w.SetTag(uint64(old))
	_, err := w.Sleep(addr, compare{}, nil)
	w.Free()
	if err != nil && addr.Load() != old {
		return nil // a Wake was on its way
	}
	return err
}

// compare is the Enqueuer of Wait. The tag of a waiter is what the word must hold.
type compare struct{}

//go:norace
func (compare) Enqueue(q Queue, w *Waiter) (token uint32) {
	// Announced before the comparison: either it sees the store of a waker, or that
	// waker, which stores first and looks then, sees the announcement.
	q.expect()
	if uint64(q.addr.Load()) == w.tag {
		w.counted = true
		q.Push(w)
		q.count(1)
	}
	return 0
}

func (compare) GiveUp(Queue, *Waiter) {}

// Wake wakes the longest sleeper on addr and reports whether there was one. With nobody
// asleep it takes no lock, once one Wake has found that out; see docs/cost.md. It does not block, and
// does not look at *addr.
func Wake(addr *atomic.Uint32) bool {
	if idle(addr) {
		return false
	}
	q := lockQueue(addr)
	w := q.Pop()
	if w == nil {
		q.settle()
	}
	q.unlock()
	if w == nil {
		return false
	}
	w.Wake(0)
	return true
}

// WakeAll wakes all sleepers on addr and returns how many they were.
func WakeAll(addr *atomic.Uint32) int {
	if idle(addr) {
		return 0
	}
	q := lockQueue(addr)
	ws := q.PopAll()
	if ws.n == 0 {
		q.settle()
	}
	q.unlock()
	return ws.Wake(0)
}

// Requeue wakes up to wake sleepers on from, and moves up to move of the others to the
// end of the queue on to, as if they had called Wait there: so that a crowd need not be
// woken only to wait again. It does nothing, and reports ok false, unless *from holds
// old. Moved waits keep their time limits.
//
// Negative numbers count as zero.
func Requeue(from *atomic.Uint32, old uint32, wake int, to *atomic.Uint32, move int) (woken, moved int, ok bool) {
	q1, q2 := lockQueues(from, to)
	if from.Load() != old {
		unlockQueues(q1, q2)
		return 0, 0, false
	}
	ws := q1.popUpTo(wake)
	moved = q1.MoveTo(q2, move)
	unlockQueues(q1, q2)
	return ws.Wake(0), moved, true
}
