// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"testing"

	"github.com/osync-go/osync/sys/windows"
)

// newCriticalSections are the ways to make one.
var newCriticalSections = map[string]func(cs *windows.CriticalSection) error{
	"InitializeCriticalSection": windows.InitializeCriticalSection,
	"InitializeCriticalSectionAndSpinCount": func(cs *windows.CriticalSection) error {
		return windows.InitializeCriticalSectionAndSpinCount(cs, 4000)
	},
	"InitializeCriticalSectionEx": func(cs *windows.CriticalSection) error {
		return windows.InitializeCriticalSectionEx(cs, 0, windows.CRITICAL_SECTION_NO_DEBUG_INFO)
	},
}

func TestCriticalSection(t *testing.T) {
	for name, initialize := range newCriticalSections {
		t.Run(name, func(t *testing.T) {
			pinned(t)
			var cs windows.CriticalSection
			ok(t, initialize(&cs))
			deep(200) // it must not have moved with the stack
			free := func() (got bool) {
				elsewhere(t, func() {
					if got = tried(t)(windows.TryEnterCriticalSection(&cs)); got {
						ok(t, windows.LeaveCriticalSection(&cs))
					}
				})
				return got
			}
			ok(t, windows.EnterCriticalSection(&cs))
			ok(t, windows.EnterCriticalSection(&cs)) // it is recursive
			if !tried(t)(windows.TryEnterCriticalSection(&cs)) {
				t.Error("the thread inside cannot enter again")
			}
			for range 3 {
				if free() {
					t.Error("another thread could enter before the last Leave")
				}
				ok(t, windows.LeaveCriticalSection(&cs))
			}
			if !free() {
				t.Error("nobody can enter after the last Leave")
			}
			n := 0
			together(t, 4, func(int) {
				for range 1000 {
					ok(t, windows.EnterCriticalSection(&cs))
					n++
					ok(t, windows.LeaveCriticalSection(&cs))
				}
			})
			if n != 4000 {
				t.Errorf("%d increments of 4000 were seen", n)
			}
			ok(t, windows.DeleteCriticalSection(&cs))
		})
	}
}

func TestSetCriticalSectionSpinCount(t *testing.T) {
	var cs windows.CriticalSection
	ok(t, windows.InitializeCriticalSectionAndSpinCount(&cs, 100))
	defer windows.DeleteCriticalSection(&cs)
	for i, want := range []uint32{100, 200, 300} { // on one processor it would be 0
		got, err := windows.SetCriticalSectionSpinCount(&cs, uint32(i+2)*100)
		ok(t, err)
		if got != want && got != 0 {
			t.Errorf("the spin count was %d, want %d", got, want)
		}
	}
}
