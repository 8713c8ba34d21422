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

// A biasSlot counts, on a cache line of its own, readers and goroutines that try to read and will take
// their 1 back. An excess RUnlock makes the count of a slot without readers negative until it has put
// its 1 back.
type biasSlot struct {
	rw      *BiasedRWMutex // the lock it belongs to
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

// newSlots returns slots for rw. Their number is a power of two and at least atLeast.
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

// empty reports whether each slot was 0 when it looked.
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

// wakeWriter wakes the writer that sleeps until the slot is 0, if the slot is 0 and there is such a
// writer.
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
