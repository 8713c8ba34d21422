// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

// Waiting returns how many wait in the queues of a lock, State its words: 0 when nobody uses it.

func (rw *BiasedRWMutex) Waiting() int {
	n := Waiting(&rw.inner)
	if rw.slots != nil {
		for i := range rw.slots.slots {
			n += queued(&rw.slots.slots[i].readers)
		}
	}
	return n
}

func (rw *BiasedRWMutex) State() uint64 {
	s := Word(&rw.inner)
	if rw.slots != nil {
		for i := range rw.slots.slots {
			s += uint64(rw.slots.slots[i].readers.Load()) << 8
		}
	}
	return s
}

// NeverInhibit lets readers go back to their slots at once, until undo is called.
func NeverInhibit() (undo func()) {
	inhibit, look := biasInhibit, biasLook
	biasInhibit, biasLook = 0, 1
	return func() { biasInhibit, biasLook = inhibit, look }
}

// LateRLock is what remains of an RLock that has chosen the slot of t, and was stopped then.
func (rw *BiasedRWMutex) LateRLock(t ReadToken) (ReadToken, bool) {
	slot := rw.enterSlot(t.slot)
	return ReadToken{slot}, slot != nil
}

// LateRUnlock is what remains of an RUnlock that has taken the slot of t to 0, and was stopped
// until there was a writer.
func (rw *BiasedRWMutex) LateRUnlock(t ReadToken) { rw.leaveSlow(t.slot, 0) }

// Trying puts a reader into the slot of t that will take its 1 back, since there is a writer. It does when
// stop is called.
func (t ReadToken) Trying() (stop func()) {
	t.slot.readers.Add(1)
	return func() { t.slot.readers.Add(^uint32(0)) }
}

// Biased reports whether the reader is in a slot.
func (t ReadToken) Biased() bool { return t.slot != nil }
