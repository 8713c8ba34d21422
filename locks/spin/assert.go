// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin

import "unsafe"

// AssertHeld reports a mistake (see package watch) if no goroutine holds l. It is for functions whose callers must hold
// l; it does not detect that another goroutine holds l. Without the build tag osync_debug it does nothing and costs
// nothing.
func (l *Lock) AssertHeld() {
	if debugging && l.state.Load()&lockHeld == 0 {
		notHeld(unsafe.Pointer(l), "spin.Lock")
	}
}

// AssertHeld is [Lock.AssertHeld].
func (l *TicketLock) AssertHeld() {
	if debugging && l.serving.Load() == l.next.Load() {
		notHeld(unsafe.Pointer(l), "spin.TicketLock")
	}
}

// AssertHeld is [Lock.AssertHeld].
func (l *MCSLock) AssertHeld() {
	if debugging && l.tail.Load() == nil {
		notHeld(unsafe.Pointer(l), "spin.MCSLock")
	}
}
