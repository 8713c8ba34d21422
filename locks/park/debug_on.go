// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package park

import (
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/internal/goid"
	"github.com/osync-go/osync/internal/race"
)

// With the build tag osync_debug, these rules are checked, too. Waiters are not reused from the
// pool, so that a use after Free is always detected.
//
//   - A goroutine that holds a Queue does not lock another one.
//   - A Queue is not used after the function that it was passed to has returned.
//   - A Waiter sleeps and is freed in the goroutine that made it.
//   - A Waiter is not woken before the queue that it was taken out of is unlocked.
//   - A word is used through Wait or through its Queue, not through both.
type queueDebug struct{ scope uint64 }

type waiterDebug struct {
	owner   uint64
	takenIn Queue
}

const debugging = true

var (
	scopes  [1 << bucketBits]scope // by bucket
	holders sync.Map               // the set of the goroutines that hold a Queue
)

// A scope is the time from a lock of a bucket to the unlock.
type scope struct {
	n, holder         atomic.Uint64 // the number of scopes before this one, and the goroutine that has locked the bucket
	lentN, lentHolder uint64        // n and holder of the goroutine that has lent the bucket
}

func (b *bucket) scope() *scope {
	for i := range buckets {
		if b == &buckets[i] {
			return &scopes[i]
		}
	}
	panic("unreachable")
}

func self() uint64 {
	_, id := goid.Self()
	return id
}

// mustHoldNone panics if the caller holds a Queue.
func (q Queue) mustHoldNone() {
	race.Disable()
	defer race.Enable()
	if _, held := holders.Load(self()); held {
		panic("park: a goroutine that holds a Queue locks another one")
	}
}

// noteLocked returns q, which was just locked, with the number of its scope.
func (q Queue) noteLocked() Queue {
	race.Disable()
	defer race.Enable()
	scope, me := q.b.scope(), self()
	holders.Store(me, nil)
	scope.holder.Store(me)
	q.debug.scope = scope.n.Load()
	return q
}

// noteUnlock ends the scope of q.
func (q Queue) noteUnlock() {
	race.Disable()
	defer race.Enable()
	scope := q.b.scope()
	scope.n.Add(1)
	holders.Delete(scope.holder.Load())
}

// noteLent saves the scope of the goroutine that lends b, and ends it for others.
func (b *bucket) noteLent() {
	s := b.scope()
	s.lentN, s.lentHolder = s.n.Load(), s.holder.Load()
	s.n.Add(1)
}

// noteReturned restores that scope.
func (b *bucket) noteReturned() {
	s := b.scope()
	s.n.Store(s.lentN)
	s.holder.Store(s.lentHolder)
}

func (q Queue) isOpen() bool {
	race.Disable()
	defer race.Enable()
	return q.b.scope().n.Load() == q.debug.scope
}

func (q Queue) mustBeOpen() {
	if !q.isOpen() {
		panic("park: a Queue is used after its function has returned")
	}
}

// noteTaken records that w is taken out of q.
func (q Queue) noteTaken(w *Waiter) { w.debug.takenIn = q }

// mustMatch panics if w, which is about to enter q, uses another layer than the waiters in q.
func (q Queue) mustMatch(w *Waiter) {
	if head := *q.b.find(q.addr); head != nil && head.counted != w.counted {
		panic("park: a word is used by Wait and through its Queue")
	}
}

func (w *Waiter) noteOwner() { w.debug.owner = self() }

func (w *Waiter) mustBeOwner(do string) {
	if w.debug.owner != self() {
		panic("park: " + do + " a Waiter of another goroutine")
	}
}

// mustBeReleased panics if the queue from which w was taken is still locked.
func (w *Waiter) mustBeReleased() {
	if q := w.debug.takenIn; q.b != nil && q.isOpen() {
		panic("park: Wake before the Queue is unlocked")
	}
	w.debug.takenIn = Queue{}
}
