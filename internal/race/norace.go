// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !race

// Package race announces to the race detector the order that it cannot see: that of a word which
// the kernel or libc changes. Without -race its functions are empty, and inlined away.
package race

import "unsafe"

// Enabled reports whether the program is built with -race.
const Enabled = false

// Acquire does nothing.
func Acquire(unsafe.Pointer) {}

// Release does nothing.
func Release(unsafe.Pointer) {}

// ReleaseMerge does nothing.
func ReleaseMerge(unsafe.Pointer) {}

// Disable does nothing.
func Disable() {}

// Enable does nothing.
func Enable() {}
