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

// ErrTooLarge is what [Semaphore.Acquire] returns for a weight above the capacity, for which it would
// wait for ever.
var ErrTooLarge = errors.New("locks: weight exceeds the capacity of the semaphore")

// A Semaphore holds a number of units, its capacity, which are acquired and released. It
// limits how much goes on at a time: connections, bytes of memory, running jobs. A request
// acquires as many units as its weight says.
//
// At first all units of a Semaphore are free, and Release cannot add to the capacity. To count up from
// 0, as with a semaphore of POSIX, acquire all units of a large Semaphore first.
//
// A Semaphore is made by [NewSemaphore]; the zero value has no units. A Semaphore must not be copied
// after first use. It is 24 bytes long; waiters take memory only while they wait.
//
// Requests are served in strict FIFO order. A large request at the front waits until enough units are
// free. No small request overtakes it, even one that could be served, and TryAcquire does not either.
// So a request is served when those before it have been, and enough of their units were released. A
// request of weight zero acquires nothing, and waits for its turn like any other. Units that a waiter was given
// stand idle until the scheduler runs it: as with a [FairMutex], waits are even, at some cost in throughput.
//
// No goroutine owns units: one may acquire and another release them. A goroutine waits in the Go
// scheduler, a pinned thread (see package thread) in the kernel, both in one queue. In a bubble of
// testing/synctest a waiting goroutine is durably blocked.
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
	queue    atomic.Uint32 // its address is the queue's; always 0
}

// The word of a Semaphore is a number and a bit.
//
//	Free    How many units are free.
//	        Acquire takes units if Queued is not set; serve takes them for the head of the queue.
//	        Release adds units.
//	Queued  The queue is not empty.
//	        Set by a waiter when it enters the queue.
//	        Cleared when the last waiter is taken out of the queue, or gives up.
//
// The tag of a waiter is its weight.
//
// Invariants
//  1. Queued is set exactly while the queue is not empty. It is set and cleared under the
//     lock of the queue, in one step with the queue.
//  2. While Queued is set, units are taken only under the lock of the queue, and for its head.
//     A Release may add units meanwhile.
//  3. If the weight of the head does not exceed Free, a goroutine is about to serve it. The
//     weight can begin to fit, first, by a Release: it adds units in the step in which it sees
//     Queued, and then serves. Second, by a change of the head: a goroutine that takes a head
//     out goes on with the next, and so does a waiter that gives up. A waiter that enters an
//     empty queue does so in a step that finds too few units.
//  4. A waiter that gives up was in the queue, so it has no units.
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

// semWeight converts n to uint64. It panics if n is negative.
func semWeight(n int64) uint64 {
	if n < 0 {
		panic("locks: negative semaphore weight")
	}
	return uint64(n)
}

// TryAcquire acquires n units if they are free and no request waits, and reports whether it has. It
// does not block. It panics if n is negative.
func (s *Semaphore) TryAcquire(n int64) bool { return s.tryAcquire(semWeight(n)) }

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

// Acquire acquires n units, and blocks until it has them. It returns nil if it has acquired them, and at
// once [ErrTooLarge] if n exceeds the capacity. It panics if n is negative.
func (s *Semaphore) Acquire(n int64) error {
	weight := semWeight(n)
	if s.tryAcquire(weight) {
		return nil
	}
	return s.acquireSlow(weight, park.Limit{})
}

// TryAcquireFor acquires n units, and blocks for at most d until it has them. It reports false,
// and has acquired none, if that was not possible in time, and at once if n exceeds the
// capacity. With d of zero or less it is [Semaphore.TryAcquire]. It panics if n is
// negative.
func (s *Semaphore) TryAcquireFor(n int64, d time.Duration) bool {
	weight := semWeight(n)
	return s.tryAcquire(weight) || d > 0 && s.acquireSlow(weight, park.For(d)) == nil
}

// AcquireContext acquires n units, and blocks until it has them or ctx ends. It returns nil if it has
// acquired them. Otherwise it has acquired none, and returns the [context.Cause] of ctx, or at once
// [ErrTooLarge] if n exceeds the capacity. If ctx is already done, AcquireContext returns its cause, even
// if the units are free. A nil ctx and a negative n panic.
//
// A call that gives up leaves no trace: if the requests behind it can be served now, they are.
func (s *Semaphore) AcquireContext(ctx context.Context, n int64) error {
	weight := semWeight(n)
	if err := contextErr(ctx); err != nil {
		return err
	}
	if s.tryAcquire(weight) {
		return nil
	}
	return s.acquireSlow(weight, park.Context(ctx))
}

// AcquireLimit acquires n units, and blocks until it has them or limit is reached. It returns nil if it has
// acquired them. Otherwise it has acquired none, and returns [os.ErrDeadlineExceeded], or the error of
// [park.Ended] if limit is a context, or at once [ErrTooLarge] if n exceeds the capacity. It is for
// deadlines, and for code that spends one limit on several waits. AcquireLimit looks for free units before it
// looks at limit; see [Mutex.LockLimit]. It panics if n is negative.
func (s *Semaphore) AcquireLimit(limit park.Limit, n int64) error {
	weight := semWeight(n)
	if s.tryAcquire(weight) {
		return nil
	}
	return s.acquireSlow(weight, limit)
}

// acquireSlow acquires units, and waits for its turn if it must. It returns the error of the limit if that
// ends the wait, and ErrTooLarge if that would be for ever.
func (s *Semaphore) acquireSlow(weight uint64, limit park.Limit) error {
	if weight > s.capacity {
		return ErrTooLarge
	}
	w := park.NewWaiter(park.Condition, limit)
	defer w.Free()
	w.SetTag(weight)
	_, err := w.Sleep(&s.queue, (*semQueue)(s), nil)
	if err != nil {
		if s.tryAcquire(weight) { // a Release has yet to serve the queue, which was empty but for w
			return nil
		}
		s.serve() // the next request may be smaller: by invariant 3
	}
	return err
}

// A semQueue is a Semaphore as an Enqueuer.
type semQueue Semaphore

// Enqueue puts w into the queue. If its units are free and the queue is empty, it takes them instead.
func (s *semQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	weight := w.Tag()
	for !(*Semaphore)(s).tryAcquire(weight) {
		v := s.state.Load()
		if (v&semQueued != 0 || v < weight) && s.state.CompareAndSwap(v, v|semQueued) { // by invariant 3
			q.Push(w)
			break
		}
	}
	return tokenGranted
}

// GiveUp keeps invariant 1.
func (s *semQueue) GiveUp(q park.Queue, _ *park.Waiter) {
	if q.Empty() {
		s.state.And(semFree)
	}
}

// Release releases n units, and serves the requests that wait as far as the units go. It does not
// block. It panics, and changes nothing, if n is negative, or if fewer than n units are acquired.
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

// serve gives units to the waiters, in FIFO order, as far as the units go.
func (s *Semaphore) serve() {
	for more := true; more; {
		var w *park.Waiter
		if w, more = s.takeHead(); w != nil {
			w.Wake(tokenGranted)
		}
	}
}

// takeHead takes the head out of the queue, and its units for it, and reports whether the queue holds
// more waiters. It returns nil if there are too few units, or the queue is empty.
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
