// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import "unsafe"

// The names of the types in package held.
const (
	typeMutex         = "locks.Mutex"
	typeFairMutex     = "locks.FairMutex"
	typeRWMutex       = "locks.RWMutex"
	typeBiasedRWMutex = "locks.BiasedRWMutex"
	typeOnce          = "locks.Once"
	typeKeyed         = "locks.Keyed"
	typeKeyedRW       = "locks.KeyedRW"
)

// AssertHeld reports a mistake (see package watch) if the calling goroutine does not hold m. It is for functions
// whose callers must hold m. Without the build tag osync_debug it does nothing and costs nothing.
func (m *Mutex) AssertHeld() {
	if debugging {
		mustHold(unsafe.Pointer(m), typeMutex, debugWrite)
	}
}

// AssertHeld is [Mutex.AssertHeld].
func (m *FairMutex) AssertHeld() {
	if debugging {
		mustHold(unsafe.Pointer(m), typeFairMutex, debugWrite)
	}
}

// isRead reports whether readers hold rw.
func (rw *RWMutex) isRead() bool {
	s := rw.state.Load()
	return s >= rwReader && s < rwFew && s&rwWriterHolds == 0
}

// AssertHeld reports a mistake if the calling goroutine does not hold rw for writing. Otherwise it is
// [Mutex.AssertHeld].
func (rw *RWMutex) AssertHeld() {
	if debugging {
		mustHold(unsafe.Pointer(rw), typeRWMutex, debugWrite)
	}
}

// AssertRHeld reports a mistake if the calling goroutine does not hold rw in any mode: for reading, upgradable, or for
// writing. Otherwise it is [Mutex.AssertHeld].
func (rw *RWMutex) AssertRHeld() {
	if debugging {
		mustHold(unsafe.Pointer(rw), typeRWMutex, debugRead, debugUpgradable, debugWrite)
	}
}

// AssertHeld reports a mistake if the calling goroutine does not hold rw for writing. Otherwise it is
// [Mutex.AssertHeld].
func (rw *BiasedRWMutex) AssertHeld() {
	if debugging {
		mustHold(unsafe.Pointer(rw), typeBiasedRWMutex, debugWrite)
	}
}

// AssertRHeld reports a mistake if the calling goroutine does not hold rw, for reading or for writing. Otherwise it is
// [Mutex.AssertHeld].
func (rw *BiasedRWMutex) AssertRHeld() {
	if debugging {
		mustHold(unsafe.Pointer(rw), typeBiasedRWMutex, debugRead, debugWrite)
	}
}
