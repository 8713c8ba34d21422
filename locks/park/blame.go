// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"math/rand/v2"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/locks/internal/observe"
)

// A charge is the part of an observation that the contention profile uses.
//
// The profile charges each unlock with the time for which its lock kept other goroutines waiting. An unlock is a
// Pop or a PopAll of waiters for a lock. Its charge is the time that the waiters in the queue have waited since
// the previous unlock, which was charged with the time before that.
//
// One unlock in observe.Fraction is charged. Each unlock decides whether the next one will be charged, since
// only in that case must it record its own time: most unlocks do not read the clock. The decision is kept in
// the head of the queue, and in the waiters that are taken out, since one that must wait again may find the
// queue empty. The waiters of a queue without a decision have arrived since the last unlock, so the decision
// can be made when they are taken out.
type charge struct {
	marked int64 // the time of the last unlock, by mono.Now; see chosen
	owed   int64 // nanoseconds; see owing
	ticket int32 // one more than the ticket of the waiter before it
}

const decided = skipped | chosen

// blame decides whether to charge the unlock that is about to take w out, and the next one. w has the decision of its
// queue, whose waiters are those from head to tail.
//
//go:norace
func (w *Waiter) blame(head, tail *Waiter) {
	fraction := observe.Fraction()
	if fraction == 0 {
		return
	}
	charged, from, now := false, int64(0), int64(0)
	switch w.observed & decided {
	case 0:
		charged = oneIn(fraction)
	case chosen:
		from = w.marked
		charged = from > observe.Changed() // otherwise it was chosen with another fraction
	}
	if charged {
		now = mono.Now()
		w.owed = head.delay(tail, from, now)
		w.observed |= owing
	}
	w.observed = w.observed&^decided | skipped
	if oneIn(fraction) {
		if !charged {
			now = mono.Now()
		}
		w.observed, w.marked = w.observed&^decided|chosen, now
	}
}

// blameOf is blame for a waiter anywhere in the queue of head.
//
//go:norace
func (w *Waiter) blameOf(head *Waiter) {
	if w != head {
		w.decideAs(head)
	}
	w.blame(head, head.tail)
	if w != head {
		head.decideAs(w)
	}
}

// oneIn reports true once in n calls, on average.
func oneIn(n uint32) bool { return n == 1 || rand.Uint32N(n) == 0 }

// delay returns the total time for which the waiters from w to tail have waited since from. It examines some of
// them, and counts each of the others as the mean of tail and the last one examined. The result is at least 1, so
// that the event counts even if the clock has not advanced.
//
//go:norace
func (w *Waiter) delay(tail *Waiter, from, now int64) (sum int64) {
	const looks = 32
	for range looks {
		sum += w.delayAlone(from, now)
		if w == tail {
			return max(sum, 1)
		}
		w = w.next
	}
	rest := max(int64(tail.ticket-w.ticket)+1, 1)
	return max(sum+(w.delayAlone(from, now)+tail.delayAlone(from, now))*rest/2, 1)
}

// delayAlone returns how long w has waited since from. In a bubble of testing/synctest, whose clock is
// years behind the one outside, that is 0.
//
//go:norace
func (w *Waiter) delayAlone(from, now int64) int64 {
	if w.observed&blamed == 0 || w.since <= 0 {
		return 0
	}
	return max(now-max(w.since, from), 0)
}

func init() { observe.ChargeAlso = chargeAlso }

// chargeAlso is [observe.ChargeAlso].
//
//go:norace
func chargeAlso(waiter, addr unsafe.Pointer) {
	w := (*Waiter)(waiter)
	q := lockQueue((*atomic.Uint32)(addr))
	defer q.unlock()
	head := q.head()
	if head == nil || head.observed&blamed == 0 {
		return
	}
	owes, fraction := w.observed&owing != 0, max(observe.Fraction(), 1)
	if head.observed&decided == 0 {
		head.observed |= skipped
		if oneIn(fraction) {
			head.observed ^= skipped | chosen
		}
	}
	if !owes && head.observed&chosen == 0 {
		return
	}
	now := mono.Now()
	if owes {
		w.owed += head.delay(head.tail, w.since, now)
	}
	head.marked = now // otherwise marked is not read
}

// settle returns the time with which the caller of Wake is to be charged.
//
//go:norace
func (w *Waiter) settle() (owed int64) {
	w.observed &^= owing
	return w.owed
}

// decideAs copies the decision of another waiter to w.
//
//go:norace
func (w *Waiter) decideAs(other *Waiter) {
	w.observed = w.observed&^decided | other.observed&decided
	if other.observed&chosen != 0 {
		w.marked = other.marked
	}
}

// line prepares w, which is about to enter q. If q has no decision, it takes that of w.
//
//go:norace
func (w *Waiter) line(q Queue) {
	head := *q.b.find(q.addr)
	if head == nil {
		return
	}
	if head.observed&decided == 0 {
		head.decideAs(w)
	}
	w.observed &^= decided
	w.ticket = head.tail.ticket + 1
}

// lastTicket returns the ticket of the last waiter.
//
//go:norace
func (q Queue) lastTicket() int32 {
	if head := *q.b.find(q.addr); head != nil {
		return head.tail.ticket
	}
	return 0
}
