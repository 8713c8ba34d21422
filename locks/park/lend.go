// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"sync/atomic"

	"github.com/osync-go/osync/internal/race"
)

// A run visits the waiters of a queue from the front. Meanwhile the queue is not in its tree.
type run struct {
	head, tail  *Waiter // of the waiters that are still to be visited
	first, last *Waiter // of those that were visited and kept
	gap         bool    // others were dropped after last
	lastHandOff int64
	lent        bool
}

// detach takes the queue out of the tree.
//
//go:norace
func (q Queue) detach() run {
	link := q.b.find(q.addr)
	r := run{head: *link}
	if r.head != nil {
		r.tail, r.lastHandOff = r.head.tail, r.head.lastHandOff
		q.b.prune(link)
	}
	return r
}

// next returns the next waiter, number i. After lendAfter waiters it lends the queue.
//
//go:norace
func (r *run) next(q Queue, i int) *Waiter {
	if i == lendAfter {
		r.lent = q.lend()
	}
	w := r.head
	r.head = w.next
	return w
}

// keep appends w, the waiter that next returned, to those from first to last.
//
//go:norace
func (r *run) keep(w *Waiter) {
	switch {
	case r.last == nil:
		r.first = w
	case r.gap:
		r.last.next, w.prev = w, r.last
	}
	r.last, r.gap = w, false
}

// drop takes w, the waiter that next returned, out of the queue, because its group was claimed for another. The
// caller counts it.
//
//go:norace
func (r *run) drop(w *Waiter) {
	r.gap = true
	if next := r.head; next != nil && w.observed&decided != 0 {
		next.decideAs(w)
	}
	w.next, w.prev = nil, nil
	w.stage = isIdle
	w.setAddr(nil) // last, as in remove
}

// attach ends the run. The waiters that it has not visited are the queue again.
//
//go:norace
func (r *run) attach(q Queue) {
	if r.lent {
		q.reclaim()
	}
	if r.last != nil {
		r.last.next = nil
	}
	if w := r.head; w != nil {
		w.prev, w.tail, w.lastHandOff = nil, r.tail, r.lastHandOff
		*q.b.find(q.addr) = w
	}
}

// lendAfter is how many waiters a run visits, in some 5 µs, before it unlocks the bucket for the rest of
// the run, so that other words can use it. Only tests change it.
var lendAfter = 100

// whileLent is called after each lend. Only tests change it.
var whileLent = func() {}

// lend unlocks the bucket of q, and that of the other queue of [WithQueues], for other words. Until
// reclaim, only the two queues stay locked. If a queue of these buckets is already lent, lend does
// nothing and reports false.
//
//go:norace
func (q Queue) lend() bool {
	b1, b2 := q.b, q.b
	if q.with != nil {
		b2 = bucketOf(q.with)
	}
	if b1.lent[0] != nil || b2.lent[0] != nil {
		return false
	}
	race.Disable()
	b1.lending.Lock() // a goroutine in awaitReturn may hold it for a moment
	b1.lent[0] = q.addr
	b1.noteLent()
	if b2 == b1 {
		b1.lent[1] = q.with
	} else {
		b2.lending.Lock()
		b2.lent[0] = q.with
		b2.noteLent()
	}
	race.Enable()
	unlockBuckets(b1, b2)
	whileLent()
	return true
}

// reclaim locks the buckets again, and ends the lending.
//
//go:norace
func (q Queue) reclaim() {
	b1, b2 := q.b, q.b
	if q.with != nil {
		b2 = bucketOf(q.with)
	}
	lockBuckets(b1, b2)
	race.Disable()
	b1.noteReturned()
	b1.lent = [2]*atomic.Uint32{}
	b1.lending.Unlock()
	if b2 != b1 {
		b2.noteReturned()
		b2.lent = [2]*atomic.Uint32{}
		b2.lending.Unlock()
	}
	race.Enable()
}
