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

// Acquire says that what was before the Release calls on p so far is before what follows.
func Acquire(p unsafe.Pointer) { runtime.RaceAcquire(p) }

// Release says that what was before it is before what follows the next Acquire of p. It
// replaces the calls of Release before it, so it is for an owner that acquired p.
func Release(p unsafe.Pointer) { runtime.RaceRelease(p) }

// ReleaseMerge is Release, and keeps the calls before it: it is for one of several.
func ReleaseMerge(p unsafe.Pointer) { runtime.RaceReleaseMerge(p) }

// Disable lets the detector take no atomic of the calling goroutine for an edge until
// Enable. Calls nest.
func Disable() { runtime.RaceDisable() }

// Enable undoes one Disable.
func Enable() { runtime.RaceEnable() }
