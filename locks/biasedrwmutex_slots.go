// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"math/bits"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/cacheline"
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks/park"
)

// A biasSlot counts readers, on a cache line of its own, and those that try to read and will take their
// 1 back. An RUnlock too many makes the count of a slot without readers negative until it has put its 1
// back.
type biasSlot struct {
	rw      *BiasedRWMutex // whose slot it is
	readers atomic.Uint32
	lockers keptTokens // of RLocker, for this slot
	_       [cacheline.Size - 2*unsafe.Sizeof(uintptr(0)) - 8]byte
}

const (
	biasTooMany = 1 << 31 // more readers than a slot can count
	biasFew     = 3 << 30 // from here on the count of a slot is negative
)

// biasSlots are the slots of one lock.
type biasSlots struct {
	slots []biasSlot // a power of two
	shift uint8      // 64 less the bits of an index
}

// biasSpare is the least number of slots for each processor. Two goroutines that run at the same time
// share a slot with a probability of one in the number of slots.
const biasSpare = 4

// newSlots returns slots for rw: a power of two, and at least that many.
func (rw *BiasedRWMutex) newSlots(atLeast int) *biasSlots {
	log := bits.Len(uint(atLeast - 1))
	s := &biasSlots{make([]biasSlot, 1<<log), uint8(64 - log)}
	for i := range s.slots {
		s.slots[i].rw = rw
	}
	return s
}

// ofCaller returns the slot of the calling goroutine.
func (s *biasSlots) ofCaller() *biasSlot { return &s.slots[cacheline.OfCaller()>>s.shift] }

// empty reports whether it has found each slot 0.
func (s *biasSlots) empty() bool {
	for i := range s.slots {
		if s.slots[i].readers.Load() != 0 { // acquire
			return false
		}
	}
	return true
}

// drain waits until the slot is 0. It returns the error of the limit if that ends the wait.
func (s *biasSlot) drain(limit park.Limit) error {
	for budget := spin.NewBudget(rwSpinTries, rwSpinPauses); s.readers.Load() != 0; budget.Spend() { // acquire
		if budget.Spent() {
			w := park.NewWaiter(park.Exclusion, limit)
			_, err := w.Sleep(&s.readers, (*slotQueue)(s), nil)
			w.Free() // not deferred, which would allocate in a loop
			return err
		}
	}
	return nil
}

// A slotQueue is a biasSlot as an Enqueuer.
type slotQueue biasSlot

// Enqueue puts w, the writer, into the queue, unless the slot is 0.
func (s *slotQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	if s.readers.Load() != 0 { // acquire
		q.Push(w) // by invariant 4
	}
	return tokenGranted
}

func (s *slotQueue) GiveUp(park.Queue, *park.Waiter) {}

// wakeWriter wakes the writer that sleeps until the slot is 0, if there is one and it is.
func (s *biasSlot) wakeWriter() {
	var w *park.Waiter
	park.WithQueue(&s.readers, func(q park.Queue) {
		if s.readers.Load() == 0 { // by invariant 4
			w = q.Pop()
		}
	})
	if w != nil {
		chargeAlso(w, &s.rw.inner.w.state)
		chargeAlso(w, &s.rw.inner.state)
		w.Wake(tokenGranted)
	}
}
