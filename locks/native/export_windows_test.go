// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import "unsafe"

// Sizes of the locks, which are part of their contract.
const (
	MutexSize   = unsafe.Sizeof(Mutex{})
	RWMutexSize = unsafe.Sizeof(RWMutex{})
	CondSize    = unsafe.Sizeof(Cond{}) - unsafe.Sizeof((*Mutex)(nil))
)

// SetReaders says that n readers hold rw, whose system's lock does not know of them.
func (rw *RWMutex) SetReaders(n uint32) { rw.raw.readers.Store(int32(n)) }

// Waiters returns how many are in Wait and have not been woken.
func (c *Cond) Waiters() int { return int(c.raw.waiters.Load()) }

// Limited returns how many wait for m, or rw, with a limit.
func (m *Mutex) Limited() int { return int(m.raw.timed.count.Load()) }

func (rw *RWMutex) Limited() int { return int(rw.raw.timed.count.Load()) }

// Idle reports whether nothing is left of those who used m, or rw.
func (m *Mutex) Idle() bool {
	free := m.raw.tryLock()
	if free {
		m.raw.unlock()
	}
	return free && m.owner.is(0) && m.Limited() == 0
}

func (rw *RWMutex) Idle() bool {
	free := rw.raw.tryLock()
	if free {
		rw.raw.unlock()
	}
	return free && rw.owner.is(0) && rw.raw.readers.Load() == 0 && rw.Limited() == 0
}
