// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package allocs counts allocations in tests, and knows the builds in which there is nothing to
// count.
package allocs

import (
	"testing"
	"unsafe"
)

// A tester is what this package uses of a *testing.T.
type tester interface {
	Helper()
	Logf(format string, args ...any)
}

// PerRun is [testing.AllocsPerRun], but runs nothing and returns 0 where [Counted] is false.
func PerRun(t tester, runs int, f func()) float64 {
	t.Helper()
	if !Counted(t) {
		return 0
	}
	return testing.AllocsPerRun(runs, f)
}

// Counted reports whether this build allocates no more than others, and logs the reason if it
// does. With the build tag osync_debug each wait allocates. The flags -asan and -d=checkptr=2 move to
// the heap whatever an unsafe.Pointer points to; -N and -l what a function returns that is inlined
// otherwise.
func Counted(t tester) bool {
	t.Helper()
	switch {
	case debugging:
		t.Logf("allocations are not counted: in this build each wait makes some (-tags osync_debug)")
	case testing.AllocsPerRun(10, pointTo) != 0:
		t.Logf("allocations are not counted: in this build each conversion to unsafe.Pointer makes one (-asan, -d=checkptr=2)")
	case testing.AllocsPerRun(10, inline) != 0:
		t.Logf("allocations are not counted: this build does not inline (-N, -l)")
	default:
		return true
	}
	return false
}

// pointTo allocates if a conversion to unsafe.Pointer does.
//
//go:noinline
func pointTo() {
	var word uint64
	sink = uintptr(unsafe.Pointer(&word))
}

// inline allocates if made is not inlined.
//
//go:noinline
func inline() { sink = uintptr(made()[sink&7]) }

func made() *[8]uint64 { return new([8]uint64) }

var sink uintptr
