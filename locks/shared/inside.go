// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

// lockInside locks a Mutex that is part of another type. The data of that type is consistent whenever a process
// dies, so lockInside calls Consistent at once.
func (m *Mutex) lockInside(l limit) error {
	err := m.lock(l)
	if err == ErrOwnerDied {
		m.Consistent()
		err = nil
	}
	return err
}

// unlockInside undoes lockInside. It does not panic, since another process may have written anything into the word
// meanwhile.
func (m *Mutex) unlockInside() {
	releasing(&m.word)
	if id := m.owner(); id != 0 {
		m.free(id)
	}
}
