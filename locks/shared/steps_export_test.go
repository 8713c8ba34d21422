// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

// Wanted reports whether a writer has closed the gate.
func (rw *RWMutex) Wanted() bool { return rw.gate.Load()&wanting != 0 }

// Claims returns how many processes wait to read.
func (rw *RWMutex) Claims() (n int) {
	for i := range rw.entries {
		if e := &rw.entries[i]; e.word.Load()&ownerMask != 0 && e.since.Load()&wanting != 0 {
			n++
		}
	}
	return n
}

// Elsewhere reports whether another process owns m.
func (m *Mutex) Elsewhere() bool { return m.word.Load()&ownerMask != 0 && m.owner() == 0 }

// Sleepers reports whether there may be sleepers for m.
func (m *Mutex) Sleepers() bool { return m.word.Load()&waiters != 0 }

// W returns the mutex of the writers.
func (rw *RWMutex) W() *Mutex { return &rw.w }

// Sleepers reports whether there may be sleepers for e.
func (e *Event) Sleepers() bool { return e.word.Load()&eventWaiters != 0 }

// Standing reports whether a goroutine waits for c.
func (c *Cond) Standing() bool { return c.standing.Load() != 0 }

// Parties returns how many have come.
func (b *Barrier) Parties() int { return int(b.arrived(b.round.Load() >> 1)) }

// Break makes m as it is after the death of an owner.
func (m *Mutex) Break() { m.state.Store(broken) }

// Dying makes m, and all of the region, as they are when the keeper of its owner has ended, and other threads of that process
// have not.
func (m *Mutex) Dying() {
	id := m.word.Load() & ownerMask
	m.region().header().slotOf(id).alive.Store(died)
	m.word.Store(died)
}

// Late reports whether a reader that came a phase ago may read, as the heir of a writer waits for the lock.
func (rw *RWMutex) Late(broken uint32) bool {
	rw.gate.Store(phase | wanting)
	rw.w.state.Store(broken)
	_, may, _ := rw.look(0)
	rw.w.state.Store(consistent)
	rw.gate.Store(2 * phase)
	return may
}

// Unmarked makes m as a process leaves it that the kernel has not marked, such as one of an earlier start of the system.
func (m *Mutex) Unmarked() { m.word.Store(ownerMask - 1) }

// UnmarkedReader does so with an entry.
func (rw *RWMutex) UnmarkedReader() { rw.entries[len(rw.entries)-1].word.Store(ownerMask - 1) }
