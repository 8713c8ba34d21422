// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"sync/atomic"

	"github.com/osync-go/osync/internal/race"
)

// A run is a queue that is taken out of its tree, to go through it from the front.
type run struct {
	head, tail *Waiter // of the waiters still to visit
	last       *Waiter // the last one visited
	handedOff  int64
	lent       bool
}

// detach takes the queue out of the tree.
//
//go:norace
func (q Queue) detach() run {
	link := q.b.find(q.addr)
	r := run{head: *link}
	if r.head != nil {
		r.tail, r.handedOff = r.head.tail, r.head.handedOff
		q.b.prune(link)
	}
	return r
}

// next returns the next waiter, which is number i. When that begins to take long, it lends the
// bucket.
//
//go:norace
func (r *run) next(q Queue, i int) *Waiter {
	if i == lendAfter {
		r.lent = q.lend()
	}
	w := r.head
	r.head, r.last = w.next, w
	return w
}

// attach ends the run: the waiters still to visit are the queue again.
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
		w.prev, w.tail, w.handedOff = nil, r.tail, r.handedOff
		*q.b.find(q.addr) = w
	}
}

// lendAfter is how many waiters are visited, in some 5 µs, before the bucket is unlocked for the rest
// of them, since other words need it. Only tests change it.
var lendAfter = 100

// whileLent is called each time. Only tests change it.
var whileLent = func() {}

// lend unlocks the bucket of q, and that of the other queue of [WithQueues], for other words: until
// reclaim the two queues alone stay locked. It does nothing, and reports false, if a bucket
// is lent already.
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
	b1.lending.Lock() // held for a moment by each that has waited for it
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

// reclaim undoes lend.
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
