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

// ErrTooLarge is the error of [Semaphore.Acquire] and its forms for a weight above the capacity, for
// which they would wait forever.
var ErrTooLarge = errors.New("locks: weight exceeds the capacity of the semaphore")

// A Semaphore holds a number of units, its capacity, which are acquired and released. It limits how
// much is in use at a time: connections, bytes of memory, running jobs. A request acquires as many
// units as its weight.
//
// [NewSemaphore] makes a Semaphore whose units are all free. [Semaphore.Resize] changes the capacity later.
// [NewCountingSemaphore] makes one without a capacity: Release adds units, even if none were acquired, and Acquire
// waits for units to be added. It corresponds to POSIX's sem_t and C++'s counting_semaphore. The zero value has
// capacity 0. A Semaphore must not be copied after first use. It is 24 bytes long; waiters take memory only while
// they wait.
//
// Requests are served in strict FIFO order. A large request at the front waits until enough units are free. No
// small request overtakes it, even one that could be served, and TryAcquire does not either. So a request is
// served once those before it have been served and enough units have been released. A request of weight zero
// acquires nothing, and waits for its turn like any other. Units that a waiter was given are idle until the
// scheduler runs it: as with a [FairMutex], waits are even, at some cost in throughput.
//
// No goroutine owns units: one may acquire and another release them. A goroutine waits in the Go
// scheduler, and a pinned thread (see package thread) in the kernel, both in one queue. In a bubble
// of testing/synctest a waiting goroutine is durably blocked.
//
// In the terms of [the Go memory model], a Release synchronizes before the return of every
// acquisition that follows it, in the order in which they change the number of free units; so does a
// Resize. A call that acquires nothing establishes no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type Semaphore struct {
	_        noCopy
	state    atomic.Int64  // see the table below
	capacity atomic.Int64  // changes with the queue locked
	queue    atomic.Uint32 // its address identifies the queue; always 0
	counting bool          // made by NewCountingSemaphore
}

// The word of a Semaphore is a number and a bit.
//
//	Free    How many units are free: the capacity less those in use. Negative after a Resize to less than
//	        what is in use.
//	        Acquire takes units if Queued is not set; serve takes them for the head of the queue.
//	        Release adds units.
//	        Resize adds the change of the capacity.
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
//  3. If the weight of the head does not exceed Free, a goroutine is about to serve it. The weight can
//     begin to fit in three ways. A Release adds units in the step in which it sees Queued, and then
//     serves. A Resize always serves. When the head changes, the goroutine that took the old head out
//     continues with the next, and so does a waiter that gives up. A waiter that enters an empty queue does
//     so in a step that finds too few units.
//  4. A waiter that gives up was in the queue, so it has no units.
//  5. The capacity changes under the lock of the queue, in one step with Free. No weight in the queue
//     exceeds it: Enqueue refuses those that do, and a Resize takes out those that have come to
//     exceed it.
//  6. Without that lock, a Release that runs beside a Resize can see the capacity too small, but never too
//     large: the capacity grows after Free has grown, and shrinks before Free shrinks, and Release reads Free
//     first. So a Release that finds enough units in use is right, and one that does not checks again with the
//     lock. (If Free has changed and changed back between the two readings and the step, an excessive Release
//     beside a shrinking Resize may pass undetected. A correct Release never fails.)
const (
	semQueued = 1 // the lowest bit
	semShift  = 1 // Free is above it
)

// semMost is the largest capacity, chosen so that the difference of two capacities fits Free.
const semMost = 1<<62 - 1

// NewSemaphore returns a Semaphore of capacity n, whose units are all free. It panics if n is negative. A
// capacity above 1<<62 - 1 counts as that.
func NewSemaphore(n int64) *Semaphore {
	s := new(Semaphore)
	s.capacity.Store(semCapacity(n))
	s.state.Store(s.capacity.Load() << semShift)
	return s
}

// NewCountingSemaphore returns a Semaphore without a capacity, which begins with n free units. Release
// adds to them, up to 1<<62 - 1. NewCountingSemaphore panics if n is negative or larger than that.
func NewCountingSemaphore(n int64) *Semaphore {
	if n < 0 || n > semMost {
		panic("locks: count of a semaphore out of range")
	}
	s := &Semaphore{counting: true}
	s.capacity.Store(semMost) // of which all but n are in use
	s.state.Store(n << semShift)
	return s
}

// semCapacity returns the capacity that n means. It panics if n is negative.
func semCapacity(n int64) int64 {
	if n < 0 {
		panic("locks: negative semaphore capacity")
	}
	return min(n, semMost)
}

// mustBeWeight panics if n is negative.
func mustBeWeight(n int64) {
	if n < 0 {
		panic("locks: negative semaphore weight")
	}
}

// Capacity returns the number of units, free and in use. For a counting Semaphore it returns the largest
// possible count, 1<<62 - 1.
func (s *Semaphore) Capacity() int64 { return s.capacity.Load() }

// Available returns the number of units that are free at this moment. It is for logs and metrics: other goroutines may
// acquire them at once, and free units may be reserved for a large request that waits for more. If [Semaphore.Resize]
// has made the capacity smaller than the number of units in use, Available is negative: that many units have to be
// released before one can become free. The units in use are Capacity less Available.
func (s *Semaphore) Available() int64 { return s.state.Load() >> semShift }

// TryAcquire acquires n units if they are free and no request waits, and reports whether it did. It
// does not block. It panics if n is negative.
func (s *Semaphore) TryAcquire(n int64) bool {
	mustBeWeight(n)
	return s.tryAcquire(n)
}

func (s *Semaphore) tryAcquire(n int64) bool {
	for {
		v := s.state.Load()
		if v&semQueued != 0 || v>>semShift < n {
			return false
		}
		if s.state.CompareAndSwap(v, v-n<<semShift) { // acquire
			return true
		}
	}
}

// Acquire acquires n units, blocking until it has them. It returns nil if it acquired them, and
// [ErrTooLarge] if n exceeds the capacity: at once, or as soon as [Semaphore.Resize] makes the capacity
// smaller than n. It panics if n is negative.
func (s *Semaphore) Acquire(n int64) error {
	mustBeWeight(n)
	if s.tryAcquire(n) {
		return nil
	}
	return s.acquireSlow(n, park.Limit{})
}

// TryAcquireFor acquires n units, blocking for at most d, and reports whether it succeeded. If not,
// it has acquired none. It reports false at once if n exceeds the capacity. If d <= 0, it is
// equivalent to [Semaphore.TryAcquire]. It panics if n is negative.
func (s *Semaphore) TryAcquireFor(n int64, d time.Duration) bool {
	mustBeWeight(n)
	return s.tryAcquire(n) || d > 0 && s.acquireSlow(n, park.For(d)) == nil
}

// AcquireContext acquires n units, blocking until it has them or ctx is done. It returns nil if it
// acquired them. Otherwise it has acquired none, and returns an error that wraps the [context.Cause] of
// ctx, or, at once, [ErrTooLarge] if n exceeds the capacity. If ctx is already done, AcquireContext
// returns its cause, even if the units are free. It panics if ctx is nil or n is negative.
//
// A call that gives up leaves no trace: if the requests behind it can be served now, they are.
func (s *Semaphore) AcquireContext(ctx context.Context, n int64) error {
	mustBeWeight(n)
	if err := contextErr(ctx); err != nil {
		return err
	}
	if s.tryAcquire(n) {
		return nil
	}
	return s.acquireSlow(n, park.Context(ctx))
}

// AcquireLimit acquires n units, blocking until it has them or limit is reached. It returns nil if it
// acquired them. Otherwise it has acquired none. It returns [ErrTooLarge] at once if n exceeds the capacity;
// at limit it returns an error that wraps [os.ErrDeadlineExceeded], or what [park.Ended] returns if limit is
// a context. It is for deadlines, and for code that spends one limit on several waits. AcquireLimit looks for
// free units before it looks at limit; see [Mutex.LockLimit]. It panics if n is negative.
func (s *Semaphore) AcquireLimit(limit park.Limit, n int64) error {
	mustBeWeight(n)
	if s.tryAcquire(n) {
		return nil
	}
	return s.acquireSlow(n, limit)
}

// acquireSlow acquires units, and waits for its turn if it must. It returns the error of the limit if that
// ends the wait, and ErrTooLarge if it would wait forever.
func (s *Semaphore) acquireSlow(n int64, limit park.Limit) error {
	w := park.NewWaiter(park.Condition, limit)
	defer w.Free()
	w.SetTag(uint64(n))
	token, err := w.Sleep(&s.queue, (*semQueue)(s), nil)
	if err != nil {
		if s.tryAcquire(n) { // a Release has yet to serve the queue, which was empty but for w
			return nil
		}
		s.serve() // the next request may be smaller: by invariant 3
		return err
	}
	if token == tokenTooLarge {
		return ErrTooLarge
	}
	return nil
}

// A semQueue is a Semaphore as an Enqueuer.
type semQueue Semaphore

// Enqueue puts w into the queue. If its units are free and the queue is empty, it takes them instead. It
// refuses a weight above the capacity.
func (s *semQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	n := int64(w.Tag())
	for !(*Semaphore)(s).tryAcquire(n) {
		if n > s.capacity.Load() {
			return tokenTooLarge // by invariant 5
		}
		v := s.state.Load()
		if (v&semQueued != 0 || v>>semShift < n) && s.state.CompareAndSwap(v, v|semQueued) { // by invariant 3
			q.Push(w)
			break
		}
	}
	return tokenGranted
}

// GiveUp keeps invariant 1.
func (s *semQueue) GiveUp(q park.Queue, _ *park.Waiter) { (*Semaphore)(s).clearIfEmpty(q) }

// clearIfEmpty clears Queued if q is empty. It is called after waiters without units were taken out
// of q.
func (s *Semaphore) clearIfEmpty(q park.Queue) {
	if q.Empty() {
		s.state.And(^semQueued)
	}
}

// Release releases n units, and serves waiting requests as far as the free units suffice. It does not
// block. It panics, and changes nothing, if n is negative, if fewer than n units are acquired, or if
// the count of a counting Semaphore would exceed 1<<62 - 1.
func (s *Semaphore) Release(n int64) {
	mustBeWeight(n)
	for {
		v := s.state.Load()
		if s.capacity.Load()-v>>semShift < n {
			s.mustBeInUse(n) // by invariant 6
			continue
		}
		if s.state.CompareAndSwap(v, v+n<<semShift) { // release
			if v&semQueued != 0 {
				s.serve() // by invariant 3
			}
			return
		}
	}
}

// mustBeInUse panics if fewer than n units are in use.
func (s *Semaphore) mustBeInUse(n int64) {
	var inUse int64
	park.WithQueue(&s.queue, func(park.Queue) { inUse = s.capacity.Load() - s.Available() }) // by invariant 5
	switch {
	case inUse >= n:
	case s.counting:
		panic("locks: count of a semaphore out of range")
	default:
		panic("locks: semaphore released more than held")
	}
}

// Resize changes the capacity to n units. A capacity above 1<<62 - 1 counts as that. Resize does not block. It may
// be called at any time, by any goroutine; concurrent calls take effect one after the other, in some order.
//
// A larger capacity adds free units, which serve waiting requests as far as they suffice. A smaller capacity removes
// free units. If more than n units are in use, none becomes free until enough of them have been released; holders keep
// their units. Requests keep their order, but those larger than n, wherever they are in the queue, return
// [ErrTooLarge], and the others move up. So Resize(0) turns away all waiting and later requests for units, while the
// holders of units continue.
//
// Resize panics if n is negative, or if s is a counting Semaphore.
func (s *Semaphore) Resize(n int64) {
	n = semCapacity(n)
	if s.counting {
		panic("locks: Resize of a counting semaphore")
	}
	var refused []*park.Waiter
	park.WithQueue(&s.queue, func(q park.Queue) {
		more := n - s.capacity.Load()
		if more > 0 { // in this order by invariant 6
			s.state.Add(more << semShift) // release
			s.capacity.Store(n)
			return
		}
		s.capacity.Store(n)
		s.state.Add(more << semShift)
		refused = s.takeTooLarge(q)
	})
	for _, w := range refused {
		w.Wake(tokenTooLarge)
	}
	s.serve() // by invariant 3
}

// takeTooLarge takes out of the queue the waiters that want more than the capacity.
func (s *Semaphore) takeTooLarge(q park.Queue) (taken []*park.Waiter) {
	var large []*park.Waiter
	for w := range q.All() {
		if int64(w.Tag()) > s.capacity.Load() {
			large = append(large, w)
		}
	}
	for _, w := range large {
		if q.Remove(w) {
			taken = append(taken, w)
		}
	}
	s.clearIfEmpty(q)
	return taken
}

// serve gives units to the waiters, in FIFO order, as far as the units suffice.
func (s *Semaphore) serve() {
	for more := true; more; {
		var w *park.Waiter
		if w, more = s.takeHead(); w != nil {
			w.Wake(tokenGranted)
		}
	}
}

// takeHead takes the head out of the queue, acquires its units for it, and reports whether the queue
// holds more waiters. It returns nil if there are too few units, or if the queue is empty.
func (s *Semaphore) takeHead() (head *park.Waiter, more bool) {
	park.WithQueue(&s.queue, func(q park.Queue) {
		for head == nil {
			next := q.Front()
			if next == nil {
				s.clearIfEmpty(q) // after waiters of WaitAny that Front has passed over
				return
			}
			if s.Available() < int64(next.Tag()) {
				return
			}
			if q.Remove(next) { // otherwise it was a waiter of WaitAny that has another source
				head = next
			}
		}
		take := int64(head.Tag()) << semShift
		more = !q.Empty()
		if !more {
			take += semQueued // the bit is set, by invariant 1
		}
		s.state.Add(-take) // by invariant 2 there are still enough
	})
	return head, more
}
