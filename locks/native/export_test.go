// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || freebsd || openbsd || netbsd || dragonfly

package native

// Contended reports whether a waiter of m is asleep, or about to be.
func (m *Mutex) Contended() bool { return m.raw.contended() }

// Waiting returns how many threads wait for rw: readers, and one if there are writers behind the
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

// SetReaders makes n the number of readers that hold rw.
func (rw *RWMutex) SetReaders(n uint32) { rw.raw.state.Store(uint64(n)) }

// Waiters returns how many threads are in Wait and have not been woken.
func (c *Cond) Waiters() int { return int(c.raw.waiters.Load()) }

// Idle reports whether m is as it was before its first use.
func (m *Mutex) Idle() bool { return m.raw.idle() && m.owner.is(0) }

// Idle reports whether rw is as it was before its first use.
func (rw *RWMutex) Idle() bool {
	return rw.raw.state.Load() == 0 && rw.raw.grants.Load() == 0 &&
		rw.raw.w.idle() && rw.owner.is(0)
}

// HandOver is the RUnlock of the last reader up to the point where the writer that waits holds
// rw. It returns the rest, and false if no writer waits.
func (rw *RWMutex) HandOver() (rest func(), ok bool) {
	if !rw.raw.state.CompareAndSwap(rwReader|rwWants, rwHolds) {
		return nil, false
	}
	return func() {
		rw.raw.turn.Store(1)
		wake(&rw.raw.turn)
	}, true
}
