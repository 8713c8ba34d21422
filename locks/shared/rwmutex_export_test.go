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
