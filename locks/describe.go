// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"strconv"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/locks/internal/observe"
	"github.com/osync-go/osync/locks/park"
)

// Each queue is a [park.Describer], so that package watch can report what each waiter waits for.

func (m *mutexQueue) Describe(*atomic.Uint32, uint64) (lock any, purpose string) {
	return (*Mutex)(m), "lock"
}

func (m *mutexAnyQueue) Describe(*atomic.Uint32, uint64) (lock any, purpose string) {
	return (*Mutex)(m), "lock"
}

func (m *fairQueue) Describe(*atomic.Uint32, uint64) (lock any, purpose string) {
	return (*FairMutex)(m), "lock"
}

func (rw *rwReaderQueue) Describe(*atomic.Uint32, uint64) (lock any, purpose string) {
	return (*RWMutex)(rw), "read"
}

func (rw *rwWriterQueue) Describe(_ *atomic.Uint32, keep uint64) (lock any, purpose string) {
	if keep != 0 {
		return (*RWMutex)(rw), "upgrade"
	}
	return (*RWMutex)(rw), "write, until the readers have left"
}

func (s *slotQueue) Describe(*atomic.Uint32, uint64) (lock any, purpose string) {
	return s.rw, "write, until the readers have left"
}

func (s *semQueue) Describe(_ *atomic.Uint32, n uint64) (lock any, purpose string) {
	if n == 1 {
		return (*Semaphore)(s), "1 unit"
	}
	return (*Semaphore)(s), strconv.FormatUint(n, 10) + " units"
}

// Describe returns the Cond, or the Mutex if Broadcast has moved the waiter there.
func (c *condQueue) Describe(addr *atomic.Uint32, _ uint64) (lock any, purpose string) {
	if addr != &c.queued {
		if m, ok := c.L.(*Mutex); ok && addr == &m.state {
			return m, "lock, after Cond.Broadcast"
		}
	}
	return (*Cond)(c), "signal"
}

func (wg *waitGroupQueue) Describe(*atomic.Uint32, uint64) (lock any, purpose string) {
	return (*WaitGroup)(wg), "tasks"
}

func (e *eventQueue) Describe(_ *atomic.Uint32, rest uint64) (lock any, purpose string) {
	if rest == eventSet {
		return (*Event)(unsafe.Pointer(e)), "set"
	}
	return (*AutoEvent)(unsafe.Pointer(e)), "set"
}

func (l *latchQueue) Describe(*atomic.Uint32, uint64) (lock any, purpose string) {
	return (*Latch)(l), "count of zero"
}

func (b *barrierQueue) Describe(*atomic.Uint32, uint64) (lock any, purpose string) {
	return (*Barrier)(b), "other parties"
}

var _ = []park.Describer{
	(*mutexQueue)(nil), (*mutexAnyQueue)(nil), (*writerQueue)(nil), (*fairQueue)(nil), (*rwReaderQueue)(nil), (*rwWriterQueue)(nil), (*slotQueue)(nil), (*semQueue)(nil),
	(*mutexBump)(nil), (*writerBump)(nil), (*fairBump)(nil),
	(*condQueue)(nil), (*waitGroupQueue)(nil), (*eventQueue)(nil), (*latchQueue)(nil), (*barrierQueue)(nil),
}

// chargeAlso charges the caller, which is about to wake a writer, for the waits on the word at addr in the
// contention profile as well: they are for a lock that the writer holds, and lasted while the writer waited.
func chargeAlso(writer *park.Waiter, addr *atomic.Uint32) {
	if observe.On()&observe.Contention != 0 {
		observe.ChargeAlso(unsafe.Pointer(writer), unsafe.Pointer(addr))
	}
}
