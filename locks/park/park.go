// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/internal/race"
)

// Wait puts the caller to sleep until a Wake of addr, if *addr holds old. It returns at once if
// *addr differs.
//
// The comparison and the queueing are one step with respect to Wake: a Wake that follows a store
// that the comparison did not see finds the sleeper. Spurious wake-ups are possible, so call Wait
// in a loop that checks the word.
func Wait(addr *atomic.Uint32, old uint32) {
	WaitLimit(addr, old, Condition, Limit{}) // no limit, no error
}

// WaitFor is Wait for at most d. It reports false if d elapsed, and true otherwise, including when
// *addr differed at the beginning or at the end. If d <= 0, it only compares. A wait that times out
// consumes no wake.
func WaitFor(addr *atomic.Uint32, old uint32, d time.Duration) bool {
	if addr.Load() != old {
		return true
	}
	return d > 0 && WaitLimit(addr, old, Condition, For(d)) == nil
}

// WaitContext is Wait until ctx is done. It returns nil after a wake and if *addr differed, and
// otherwise a [*GiveUpError] that wraps what [Ended] returns. If ctx is already done, it returns
// the error of Ended itself, without comparing. A nil ctx panics.
func WaitContext(ctx context.Context, addr *atomic.Uint32, old uint32) error {
	limit := Context(ctx)
	if err := Ended(ctx); err != nil {
		return err
	}
	return WaitLimit(addr, old, Condition, limit)
}

// WaitLimit is Wait until limit is reached. The kind is what the wait is for: [Exclusion] for a
// lock, [Condition] for anything else. WaitLimit returns nil after a wake and if *addr differed at
// the beginning or at the end, and otherwise a [*GiveUpError], which wraps [os.ErrDeadlineExceeded]
// or what [Ended] returns for the context.
//
// One Limit serves a whole loop of waits, whereas a duration would start again each time. WaitLimit
// compares first, even if limit has already passed; to give up in that case, check [Limit.Err] first.
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
		return nil // a Wake is on its way
	}
	return err
}

// compare is the Enqueuer of Wait. The tag of a waiter is the value that the word must hold.
type compare struct{}

//go:norace
func (compare) Enqueue(q Queue, w *Waiter) (token uint32) {
	// The announcement comes before the comparison: either the comparison sees the store of a waker,
	// or the waker, which stores before it looks, sees the announcement.
	q.announce()
	if uint64(q.addr.Load()) == w.tag {
		w.counted = true
		q.Push(w)
		q.count(1)
	}
	return 0
}

func (compare) GiveUp(Queue, *Waiter) {}

// Wake wakes the longest sleeper on addr and reports whether there was one. If there is none, the first
// such Wake takes a lock to find out, and later ones take no lock; see docs/cost.md. Wake does not
// block, and does not read *addr.
func Wake(addr *atomic.Uint32) bool {
	if unannounced(addr) {
		return false
	}
	q := lockQueue(addr)
	w := q.Pop()
	if w == nil {
		q.withdraw()
	}
	q.unlock()
	if w == nil {
		return false
	}
	w.Wake(0)
	return true
}

// WakeAll wakes all sleepers on addr and returns their number.
func WakeAll(addr *atomic.Uint32) int {
	if unannounced(addr) {
		return 0
	}
	q := lockQueue(addr)
	ws := q.PopAll()
	if ws.n == 0 {
		q.withdraw()
	}
	q.unlock()
	return ws.Wake(0)
}

// Requeue wakes up to wake sleepers on from, and moves up to move of the others to the end of the
// queue of to, as if they had called Wait there. That avoids waking many waiters only for them to
// wait again. If *from does not hold old, Requeue does nothing and reports ok false. The waits that
// are moved keep their limits.
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

// announcements tell Wake, without the lock of the bucket, whether there may be a waiter in Wait. The
// words of a bucket are divided into classes, so that a long sleep slows down the Wake of few other words.
type announcements struct {
	// sleepers counts the waiters of each class that are in Wait. It is guarded by the bucket's lock.
	sleepers [1 << classBits]int32
	// announced has the bit of each class in which there may be sleepers, so that a Wake without
	// sleepers is one load. It changes under the bucket's lock: a Wait sets the bit before it reads
	// its word, and a Wake that finds no sleepers clears it. A count instead of a bit would cost an
	// atomic operation for each Wait and each Wake.
	announced atomic.Uint32
}

const (
	classBits = 4
	classMask = 1<<classBits - 1
)

// classOf returns the class of a word in its bucket.
func classOf(addr *atomic.Uint32) uint64 {
	return hash(addr) >> (64 - bucketBits - classBits) & classMask
}

// unannounced reports whether no goroutine sleeps in Wait on a word of the class of addr.
func unannounced(addr *atomic.Uint32) bool {
	race.Disable()
	announced := bucketOf(addr).announced.Load()
	race.Enable()
	return announced>>classOf(addr)&1 == 0
}

// announce announces a sleeper.
func (q Queue) announce() {
	race.Disable()
	bit := uint32(1) << classOf(q.addr)
	if old := q.b.announced.Load(); old&bit == 0 {
		q.b.announced.Store(old | bit)
	}
	race.Enable()
}

// withdraw removes the announcement if there are no sleepers.
//
//go:norace
func (q Queue) withdraw() {
	if class := classOf(q.addr); q.b.sleepers[class] == 0 {
		race.Disable()
		q.b.announced.Store(q.b.announced.Load() &^ (1 << class))
		race.Enable()
	}
}

// count adds n to the number of sleepers.
//
//go:norace
func (q Queue) count(n int32) { q.b.sleepers[classOf(q.addr)] += n }

// uncount subtracts w, which has left q, from the number of sleepers if it is counted.
//
//go:norace
func (q Queue) uncount(w *Waiter) {
	if w.counted {
		w.counted = false
		q.count(-1)
	}
}
