// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin

package native

import "unsafe"

// Sizes of the locks, which are part of their contract.
const (
	MutexSize   = unsafe.Sizeof(Mutex{})
	RWMutexSize = unsafe.Sizeof(RWMutex{})
	CondSize    = unsafe.Sizeof(Cond{}) - unsafe.Sizeof((*Mutex)(nil))
)

// Contended reports whether somebody who waits for m is asleep, or about to be.
func (m *Mutex) Contended() bool { return m.raw.contended() }

// Waiting returns how many wait for rw: readers, and one if there are writers behind the
// present one.
func (rw *RWMutex) Waiting() int {
	n := int(rw.raw.state.Load() &^ rwWriter / rwWaiting)
	if rw.raw.w.contended() {
		n++
	}
	return n
}

// Wanted reports whether a writer waits for readers to leave.
func (rw *RWMutex) Wanted() bool { return rw.raw.state.Load()&rwWants != 0 }

// SetReaders says that n readers hold rw, whose system's lock does not know of them.
func (rw *RWMutex) SetReaders(n uint32) { rw.raw.state.Store(uint64(n)) }

// Waiters returns how many are in Wait and have not been woken.
func (c *Cond) Waiters() int { return int(c.raw.waiters.Load()) }

// Idle reports whether nothing is left of those who used m, or rw.
func (m *Mutex) Idle() bool { return m.raw.idle() && m.owner.is(0) }

func (rw *RWMutex) Idle() bool {
	return rw.raw.state.Load() == 0 && rw.raw.grants.Load() == 0 &&
		rw.raw.w.idle() && rw.owner.is(0)
}

// HandOver is the RUnlock of the last reader up to the point where the writer, who waits, holds
// rw. It returns the rest, and false if there is no such writer.
func (rw *RWMutex) HandOver() (rest func(), ok bool) {
	if !rw.raw.state.CompareAndSwap(rwReader|rwWants, rwHolds) {
		return nil, false
	}
	return func() {
		rw.raw.turn.Store(1)
		wake(&rw.raw.turn)
	}, true
}
