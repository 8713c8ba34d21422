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

// With the build tag osync_debug these rules are checked, too, and Waiters are not used again, so that
// a use after Free is always found:
//
//   - A goroutine that holds a Queue does not lock another one.
//   - A Queue is not used when the function that was given it has returned.
//   - A Waiter is pushed, sleeps and is freed by the goroutine that made it.
//   - A Waiter is not woken before the queue that it was taken out of is unlocked.
//   - A word is used by Wait or through its Queue, not by both.
type queueDebug struct{ scope uint64 }

type waiterDebug struct {
	owner   uint64
	takenIn Queue
}

const debugging = true

// Each bucket counts how often it was unlocked, and knows the goroutine that has locked it.
var (
	scopes  [1 << bucketBits]scope
	holders sync.Map // from goroutines that hold a Queue to nothing
)

type scope struct {
	n, holder         atomic.Uint64
	lentN, lentHolder uint64 // n and holder of the goroutine that has lent it
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

// opening panics if the caller holds a Queue.
func (q Queue) opening() {
	race.Disable()
	defer race.Enable()
	if _, held := holders.Load(self()); held {
		panic("park: a goroutine that holds a Queue locks another one")
	}
}

// opened returns q, just locked, with the mark of this time.
func (q Queue) opened() Queue {
	race.Disable()
	defer race.Enable()
	scope, me := q.b.scope(), self()
	holders.Store(me, nil)
	scope.holder.Store(me)
	q.debug.scope = scope.n.Load()
	return q
}

// closing ends the use of q, about to be unlocked.
func (q Queue) closing() {
	race.Disable()
	defer race.Enable()
	scope := q.b.scope()
	scope.n.Add(1)
	holders.Delete(scope.holder.Load())
}

// noteLent keeps the marks of the goroutine that lends b.
func (b *bucket) noteLent() {
	s := b.scope()
	s.lentN, s.lentHolder = s.n.Load(), s.holder.Load()
	s.n.Add(1)
}

// noteReturned restores them.
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

// noteTaken notes that w is taken out of q.
func (q Queue) noteTaken(w *Waiter) { w.debug.takenIn = q }

// mustMatch panics if w, about to enter q, came by another layer than the waiters there.
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

// mustBeReleased panics if the queue that w was taken out of is still locked.
func (w *Waiter) mustBeReleased() {
	if q := w.debug.takenIn; q.b != nil && q.isOpen() {
		panic("park: Wake before the Queue is unlocked")
	}
	w.debug.takenIn = Queue{}
}
