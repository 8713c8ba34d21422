// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (386 || arm || mips || mipsle)

package linux

// Trap returns the number of the futex call that is in use, and asks anew if it is not known.
func Trap() uint32 { return uint32(futexTrap()) }

// SetTrap sets it; 0 forgets it.
func SetTrap(trap uint32) { knownTrap.Store(trap) }

// Clamp is clamp.
var Clamp = clamp
