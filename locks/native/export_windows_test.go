// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

// SetReaders makes n the number of readers that hold rw, of which the SRWLOCK does not know.
func (rw *RWMutex) SetReaders(n uint32) { rw.raw.readers.Store(int32(n)) }

// Waiters returns how many threads are in Wait and have not been woken.
func (c *Cond) Waiters() int { return int(c.raw.waiters.Load()) }

// Limited returns how many threads wait for m with a limit.
func (m *Mutex) Limited() int { return int(m.raw.timed.count.Load()) }

// Limited returns how many threads wait for rw with a limit.
func (rw *RWMutex) Limited() int { return int(rw.raw.timed.count.Load()) }

// Idle reports whether m is as it was before its first use.
func (m *Mutex) Idle() bool {
	free := m.raw.tryLock()
	if free {
		m.raw.unlock()
	}
	return free && m.owner.is(0) && m.Limited() == 0
}

// Idle reports whether rw is as it was before its first use.
func (rw *RWMutex) Idle() bool {
	free := rw.raw.tryLock()
	if free {
		rw.raw.unlock()
	}
	return free && rw.owner.is(0) && rw.raw.readers.Load() == 0 && rw.Limited() == 0
}
