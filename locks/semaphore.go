// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// ErrTooLarge is what [Semaphore.Acquire] returns for a weight above the capacity: to wait
// for that would be to wait for ever.
var ErrTooLarge = errors.New("locks: weight exceeds the capacity of the semaphore")

// A Semaphore holds a number of units, its capacity, which are taken and given back. It
// limits how much goes on at a time: connections, bytes of memory, running jobs. A request
// takes as many units as its weight says.
//
// A Semaphore begins with all of its units free, and a Release cannot add to them. To count what
// others release from 0 on, as with a semaphore of POSIX, take all units of a large one first.
//
// A Semaphore is made by [NewSemaphore]; the zero value has no units. It must not be copied
// after first use. It is 24 bytes long; memory for waiters is used only while someone
// waits.
//
// Requests are served in strict FIFO order. A large one at the front waits
// until enough units are free, and no small one overtakes it, though it could be served;
// TryAcquire does not either. So a request is served when those before it have been, and
// enough of them have given their units back. One of weight zero takes nothing and
// waits for its turn like any other.
//
// No goroutine owns units: one may acquire and another release them. A goroutine waits in
// the Go scheduler, a pinned thread (see package thread) in the kernel, in one queue. In a
// bubble of testing/synctest a waiting goroutine is durably blocked.
//
// In the terms of [the Go memory model], a Release synchronizes before the return of every
// acquisition that follows it, in the order in which they change the number of free units. A call
// that acquires nothing orders nothing.
//
// [the Go memory model]: https://go.dev/ref/mem
type Semaphore struct {
	_        noCopy
	state    atomic.Uint64 // see the table below
	capacity uint64
	queue    atomic.Uint32 // the address on which waiters are parked; always 0
}

// The word of a Semaphore is a number and a bit.
//
//	bits    meaning                    changed by
//	Free    units that are not taken   Acquire: CAS, if Queued is not set; Release: CAS;
//	                                   serving the head of the queue: add
//	Queued  the queue is not empty     set by a waiter: CAS, before Push; cleared by taking the
//	                                   last waiter out, and by the last one that gives up
//
// Each waiter's tag is its weight.
//
// Invariants
//  1. Queued is set exactly while the queue is not empty. It is set and cleared under the
//     lock of the queue, in one step with the queue.
//  2. While Queued is set, units are taken only under the lock of the queue, and for its head.
//     A Release may add units meanwhile.
//  3. If the weight of the head does not exceed Free, a goroutine is about to serve it. That
//     weight can begin to fit, first, by a Release: it adds in the same step in which it sees
//     Queued, and then serves. Second, by a change of the head: a goroutine that takes a head
//     out goes on with the next, and so does a waiter that gives up. A waiter that enters an
//     empty queue does so in a step that finds too few units.
//  4. A waiter that gives up was in the queue, so it was given no units.
const (
	semQueued = 1 << 63
	semFree   = semQueued - 1
)

// NewSemaphore returns a Semaphore of n units, all free. It panics if n is negative.
func NewSemaphore(n int64) *Semaphore {
	if n < 0 {
		panic("locks: negative semaphore capacity")
	}
	s := &Semaphore{capacity: uint64(n)}
	s.state.Store(s.capacity)
	return s
}

// Acquire takes n units, and blocks until it has them or ctx ends. It returns nil if it has taken
// them, and otherwise takes none: it returns the [context.Cause] of ctx, or at once [ErrTooLarge]
// if n exceeds the capacity. If ctx is already done, Acquire returns its cause, even if the units
// are free. A nil ctx and a negative n panic.
//
// A call that gives up leaves no trace: if those behind it can be served now, they are.
func (s *Semaphore) Acquire(ctx context.Context, n int64) error {
	weight := semWeight(n)
	if err := contextErr(ctx); err != nil || s.tryAcquire(weight) {
		return err
	}
	if weight > s.capacity {
		return ErrTooLarge
	}
	return s.acquireLimit(weight, park.Context(ctx))
}

// TryAcquire takes n units if they are free and nobody waits, and reports whether it has. It
// does not block. It panics if n is negative.
func (s *Semaphore) TryAcquire(n int64) bool { return s.tryAcquire(semWeight(n)) }

// AcquireFor takes n units, and blocks for at most d until it has them. It reports false,
// and has taken none, if that was not possible in time, and at once if n exceeds the
// capacity. With d of zero or less it is [Semaphore.TryAcquire]. It panics if n is
// negative.
func (s *Semaphore) AcquireFor(n int64, d time.Duration) bool {
	weight := semWeight(n)
	return s.tryAcquire(weight) || d > 0 && weight <= s.capacity && s.acquireLimit(weight, park.For(d)) == nil
}

// Release gives n units back, and serves those who wait as far as they go. It does not block.
// It panics if n is negative, and if that many units were not taken; then s is unchanged.
func (s *Semaphore) Release(n int64) {
	weight := semWeight(n)
	for {
		v := s.state.Load()
		if v&semFree+weight > s.capacity {
			panic("locks: semaphore released more than held")
		}
		if s.state.CompareAndSwap(v, v+weight) { // release
			if v&semQueued != 0 {
				s.serve() // by invariant 3
			}
			return
		}
	}
}

// semWeight returns n without its sign, which must be positive.
func semWeight(n int64) uint64 {
	if n < 0 {
		panic("locks: negative semaphore weight")
	}
	return uint64(n)
}

func (s *Semaphore) tryAcquire(weight uint64) bool {
	for {
		v := s.state.Load()
		if v&semQueued != 0 || v < weight {
			return false
		}
		if s.state.CompareAndSwap(v, v-weight) { // acquire
			return true
		}
	}
}

// acquireLimit takes units, not more than the capacity, and waits for its turn if it must.
// It returns the error of the limit if that ends the wait.
func (s *Semaphore) acquireLimit(weight uint64, limit park.Limit) error {
	w := park.NewWaiter(park.Condition, limit)
	defer w.Free()
	w.SetTag(weight)
	// A wake says that the units are ours.
	if _, err := w.SleepOn(&s.queue, (*semQueue)(s), nil); err != nil {
		if s.tryAcquire(weight) { // a Release has yet to serve the queue, in which nobody else was
			return nil
		}
		s.serve() // those behind may want less: by invariant 3
		return err
	}
	s.state.Load() // acquire: what those did whose units these were
	return nil
}

// A semQueue is a Semaphore as an Enqueuer.
type semQueue Semaphore

// Enqueue puts w into the queue. If its units are free and nobody waits it takes them instead, and
// reports false.
func (s *semQueue) Enqueue(q park.Queue, w *park.Waiter) bool {
	weight := w.Tag()
	for {
		v := s.state.Load()
		if v&semQueued == 0 && v >= weight {
			if s.state.CompareAndSwap(v, v-weight) { // acquire
				return false
			}
		} else if s.state.CompareAndSwap(v, v|semQueued) { // by invariant 3
			q.Push(w)
			return true
		}
	}
}

// GiveUp clears Queued if w was the last, by invariant 1.
func (s *semQueue) GiveUp(q park.Queue, _ *park.Waiter) {
	if q.Empty() {
		s.state.And(semFree)
	}
}

// serve gives units to those who wait, first come, first served, as far as they go.
func (s *Semaphore) serve() {
	for more := true; more; {
		var w *park.Waiter
		if w, more = s.takeHead(); w != nil {
			w.Wake(tokenLocked)
		}
	}
}

// takeHead takes the head out of the queue, and its units in its name, and reports whether there
// are more to serve. It returns nil if there are too few units, or nobody waits.
func (s *Semaphore) takeHead() (head *park.Waiter, more bool) {
	park.WithQueue(&s.queue, func(q park.Queue) {
		next := q.Front()
		if next == nil || s.state.Load()&semFree < next.Tag() {
			return
		}
		head = q.Pop()
		take := head.Tag()
		more = !q.Empty()
		if !more {
			take += semQueued // the bit is set, by invariant 1
		}
		s.state.Add(-take) // by invariant 2 there are still enough
	})
	return head, more
}
