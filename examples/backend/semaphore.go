// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package backend is a small library of locks as a user of osync would write it, on package
// park alone: a [Semaphore] that serves the most urgent first, and a bounded [Queue].
//
// The two show the two layers of park. The Queue compares and sleeps, as with a futex. The
// Semaphore decides under the lock of park's queues which waiter is next, and hands its units over.
// Either way goroutines wait in the Go scheduler and pinned threads in the kernel, on all
// systems, and the code here knows nothing of it.
package backend

import (
	"math/bits"
	"sync/atomic"

	"github.com/osync-go/osync/locks/park"
)

// A Priority says how urgent a request is: from 0 to [Highest], which is served first.
type Priority uint8

// Highest is the most urgent Priority.
const Highest Priority = levels - 1

// A Semaphore has units, which are taken and given back one at a time. A unit goes to the most
// urgent waiter, and among equals to the first. The others may wait forever.
//
// A Semaphore is made by [NewSemaphore], and must not be copied. Units have no owner: one
// goroutine may acquire a unit and another release it.
type Semaphore struct {
	state  atomic.Uint32 // see the table below
	units  uint32
	queues [levels]atomic.Uint32 // the addresses on which waiters are parked, by priority
}

// The word of a Semaphore is a number and a bit for each level.
//
//	bits    meaning                     changed by
//	0..23   free units                  an acquirer, if it is not 0; Release, if no bit is set
//	24..31  there may be waiters in a   a waiter that enters the queue, if no unit is free;
//	        level's queue               Release, if it finds the queue empty
//
// Invariants
//  1. The bit of a level is set while its queue is not empty, and maybe a while longer. It
//     is set and taken back under the lock of the queue.
//  2. While a bit is set no unit is free, and none becomes free: a Release that sees a bit hands
//     its unit to a waiter, and tries again if there is none on that level.
//  3. One that gives up was in the queue, so it was given no unit.
const (
	levels   = 8
	freeBits = 24
	freeMask = 1<<freeBits - 1
)

// NewSemaphore returns a Semaphore of n units, all free. It panics if n is not between 0 and
// 16,777,215.
func NewSemaphore(n int) *Semaphore {
	if n < 0 || n > freeMask {
		panic("backend: number of units out of range")
	}
	s := &Semaphore{units: uint32(n)}
	s.state.Store(s.units)
	return s
}

// Acquire takes a unit, and waits for one if it must, up to the limit: park.For(d),
// park.Context(ctx), or park.Limit{} for as long as it takes. It returns nil if it has taken a
// unit, and otherwise an error that wraps [os.ErrDeadlineExceeded] or the [context.Cause] of ctx. A
// limit that is over already does not keep it from a unit that is free.
func (s *Semaphore) Acquire(p Priority, limit park.Limit) error {
	if p > Highest {
		panic("backend: no such priority")
	}
	if s.TryAcquire() {
		return nil
	}
	w := park.NewWaiter(park.Condition, limit)
	defer w.Free()
	w.SetTag(uint64(p))
	_, err := w.Sleep(&s.queues[p], (*enqueuer)(s), nil) // a wake says that the unit is ours
	return err
}

// An enqueuer is a Semaphore as a [park.Enqueuer]. The tag of a waiter is its priority.
type enqueuer Semaphore

// Enqueue puts w into the queue, unless a unit is free: it takes that.
func (s *enqueuer) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	if !(*Semaphore)(s).takeOrMark(Priority(w.Tag())) {
		q.Push(w)
	}
	return 0
}

// GiveUp leaves the bit set: see invariant 1.
func (s *enqueuer) GiveUp(park.Queue, *park.Waiter) {}

// TryAcquire takes a unit if one is free, and reports whether it has. That overtakes no waiter: a
// unit is free only if there are none.
func (s *Semaphore) TryAcquire() bool {
	for {
		v := s.state.Load()
		if v&freeMask == 0 {
			return false
		}
		if s.state.CompareAndSwap(v, v-1) {
			return true
		}
	}
}

// Release gives a unit back, or to one that waits. It does not block. It panics if all units
// are free.
func (s *Semaphore) Release() {
	for {
		v := s.state.Load()
		switch waiting := v >> freeBits; {
		case waiting != 0:
			if s.handOver(Priority(bits.Len32(waiting) - 1)) {
				return
			}
		case v == s.units:
			panic("backend: release of a semaphore that is not acquired")
		case s.state.CompareAndSwap(v, v+1):
			return
		}
	}
}

// takeOrMark takes a unit, or else notes that there is a waiter on the level, whose queue is
// locked. It reports which.
func (s *Semaphore) takeOrMark(p Priority) (taken bool) {
	for {
		v := s.state.Load()
		if v&freeMask > 0 {
			if s.state.CompareAndSwap(v, v-1) {
				return true
			}
		} else if s.state.CompareAndSwap(v, v|bit(p)) { // no unit is free still: invariant 2
			return false
		}
	}
}

// handOver gives a unit to the first of a level, and reports false if there is no waiter.
func (s *Semaphore) handOver(p Priority) bool {
	var w *park.Waiter
	park.WithQueue(&s.queues[p], func(q park.Queue) {
		w = q.Pop()
		if q.Empty() {
			s.state.And(^bit(p))
		}
	})
	if w == nil {
		return false
	}
	w.Wake(0)
	return true
}

func bit(p Priority) uint32 { return 1 << (freeBits + uint32(p)) }
