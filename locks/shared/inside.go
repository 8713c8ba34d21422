// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

// lockInside locks a Mutex that is part of another type. What that protects is in order whenever a process dies, so
// the lock is consistent at once.
func (m *Mutex) lockInside(l limit) error {
	err := m.lock(l)
	if err == ErrOwnerDied {
		m.Consistent()
		err = nil
	}
	return err
}

// unlockInside undoes lockInside. Another process may have written anything into the word meanwhile, which is no reason to panic.
func (m *Mutex) unlockInside() {
	releasing(&m.word)
	if id := m.owner(); id != 0 {
		m.free(id)
	}
}
