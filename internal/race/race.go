// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build race

package race

import (
	"runtime"
	"unsafe"
)

// Enabled reports whether the program is built with -race.
const Enabled = true

// Acquire declares that everything before the Release calls on p so far happens before everything
// that follows.
func Acquire(p unsafe.Pointer) { runtime.RaceAcquire(p) }

// Release declares that everything before it happens before everything after the next Acquire of p.
// It replaces earlier calls of Release, so it is for an owner that acquired p.
func Release(p unsafe.Pointer) { runtime.RaceRelease(p) }

// ReleaseMerge is a Release that keeps the effect of earlier calls: it is for one of several
// releasers.
func ReleaseMerge(p unsafe.Pointer) { runtime.RaceReleaseMerge(p) }

// Disable makes the detector ignore the atomic operations of the calling goroutine until Enable.
// Calls nest.
func Disable() { runtime.RaceDisable() }

// Enable undoes a single Disable call.
func Enable() { runtime.RaceEnable() }
