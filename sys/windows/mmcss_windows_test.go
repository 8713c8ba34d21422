// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"testing"

	"github.com/osync-go/osync/sys/windows"
)

// TestMmThreadCharacteristics registers a thread for audio and reverts it.
func TestMmThreadCharacteristics(t *testing.T) {
	elsewhere(t, func() {
		index := new(uint32)
		h, err := windows.AvSetMmThreadCharacteristics(utf16(t, "Audio"), index)
		if err != nil || unsupported(t, "AvSetMmThreadCharacteristicsW", err) { // the service may be stopped, as on servers
			t.Log("not checked: this system lets nobody join a task of the Multimedia Class Scheduler:", err)
			return
		}
		if h == 0 {
			t.Error("AvSetMmThreadCharacteristics returns no handle, and no error")
		}
		for _, priority := range []int32{windows.AVRT_PRIORITY_LOW, windows.AVRT_PRIORITY_CRITICAL, windows.AVRT_PRIORITY_NORMAL} {
			if err := windows.AvSetMmThreadPriority(h, priority); err != nil {
				t.Errorf("AvSetMmThreadPriority of %d: %v", priority, err)
			}
		}
		percent, err := windows.AvQuerySystemResponsiveness(h)
		if (err != nil || percent < 10 || percent > 100) && notWine(t, "its AvQuerySystemResponsiveness fails") {
			t.Errorf("AvQuerySystemResponsiveness: %d %%, %v", percent, err)
		}
		if notWine(t, "it gives no thread a class, and finds no fault with threads") {
			elsewhere(t, func() { fails(t, "another thread's revert", windows.AvRevertMmThreadCharacteristics(h)) })
		}
		if err := windows.AvRevertMmThreadCharacteristics(h); err != nil {
			t.Errorf("AvRevertMmThreadCharacteristics: %v", err)
		}
	})
}

func TestMmMaxThreadCharacteristics(t *testing.T) {
	elsewhere(t, func() {
		index := new(uint32)
		h, err := windows.AvSetMmMaxThreadCharacteristics(utf16(t, "Audio"), utf16(t, "Playback"), index)
		if err != nil || unsupported(t, "AvSetMmMaxThreadCharacteristicsW", err) { // Wine takes no second task
			t.Log("not checked: this system lets nobody join two tasks:", err)
			return
		}
		if err := windows.AvRevertMmThreadCharacteristics(h); err != nil {
			t.Errorf("AvRevertMmThreadCharacteristics: %v", err)
		}
	})
}

// TestMmThreadErrors provokes the errors. ERROR_PRIVILEGE_NOT_HELD needs a user to whom a policy forbids the call.
func TestMmThreadErrors(t *testing.T) {
	elsewhere(t, func() {
		if !notWine(t, "names and numbers of tasks, but for no name") {
			_, err := windows.AvSetMmThreadCharacteristics(nil, new(uint32))
			if !unsupported(t, "AvSetMmThreadCharacteristicsW", err) {
				wantError(t, "no task", err, windows.ERROR_INVALID_TASK_NAME)
			}
			return
		}
		h, err := windows.AvSetMmThreadCharacteristics(utf16(t, "Audio"), new(uint32))
		if err != nil {
			t.Log("not checked: this system lets nobody join a task:", err)
			return
		}
		ok(t, windows.AvRevertMmThreadCharacteristics(h))
		_, err = windows.AvSetMmThreadCharacteristics(utf16(t, "osync: no such task"), new(uint32))
		wantError(t, "a task that is not there", err, windows.ERROR_INVALID_TASK_NAME)
		index := new(uint32)
		*index = 0xFFFFFF
		_, err = windows.AvSetMmThreadCharacteristics(utf16(t, "Audio"), index)
		wantError(t, "a number that no task has", err, windows.ERROR_INVALID_TASK_INDEX)
	})
}
