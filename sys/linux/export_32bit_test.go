// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (386 || arm || mips || mipsle)

package linux

// SetTimeCalls sets which calls are made, until the returned function is called.
func SetTimeCalls(futex64, times64 bool) (undo func()) {
	before := known.Load()
	known.Store(&timeChoice{futex64: futex64, times64: times64})
	return func() { known.Store(before) }
}

// ForgetTimeCalls makes the next call choose again.
func ForgetTimeCalls() { known.Store(nil) }

// TimeCalls returns the choice.
func TimeCalls() (futex64, times64 bool) {
	c := timeCalls()
	return c.futex64, c.times64
}

// FutexTrap is futexTrap.
var FutexTrap = futexTrap

// Clamp is clamp.
var Clamp = clamp
