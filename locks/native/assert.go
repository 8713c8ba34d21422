// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import "unsafe"

// AssertHeld reports a mistake (see package watch) if the calling thread does not hold m. It is for functions whose
// callers must hold m. Without the build tag osync_debug it does nothing and costs nothing.
func (m *Mutex) AssertHeld() {
	if debugging && !m.owner.is(self()) {
		notHeld(unsafe.Pointer(m), "native.Mutex")
	}
}

// AssertHeld reports a mistake if the calling thread does not hold rw for writing. Otherwise it is [Mutex.AssertHeld].
func (rw *RWMutex) AssertHeld() {
	if debugging && !rw.owner.is(self()) {
		notHeld(unsafe.Pointer(rw), "native.RWMutex")
	}
}

// AssertHeld is [Mutex.AssertHeld].
func (m *PIMutex) AssertHeld() {
	if debugging && !m.raw.owner.is(self()) {
		notHeld(unsafe.Pointer(m), "native.PIMutex")
	}
}
