// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"testing"
	"unsafe"

	"github.com/osync-go/osync/sys/windows"
)

func setMemoryPriority(h windows.Handle, priority uint32) error {
	info := &windows.MemoryPriorityInformation{MemoryPriority: priority}
	return windows.SetThreadInformation(h, windows.ThreadMemoryPriority, unsafe.Pointer(info), uint32(unsafe.Sizeof(*info)))
}

func setThrottling(h windows.Handle, control, state uint32) error {
	info := &windows.ThreadPowerThrottlingState{
		Version: windows.THREAD_POWER_THROTTLING_CURRENT_VERSION, ControlMask: control, StateMask: state,
	}
	return windows.SetThreadInformation(h, windows.ThreadPowerThrottling, unsafe.Pointer(info), uint32(unsafe.Sizeof(*info)))
}

// TestThreadInformation sets properties of a thread and gets them.
func TestThreadInformation(t *testing.T) {
	elsewhere(t, func() {
		for _, priority := range []uint32{windows.MEMORY_PRIORITY_LOW, windows.MEMORY_PRIORITY_NORMAL} {
			if err := setMemoryPriority(windows.CurrentThread, priority); err != nil {
				if notWine(t, "it sets no memory priority: "+err.Error()) {
					t.Errorf("memory priority %d: %v", priority, err)
				}
				break
			}
			got := new(windows.MemoryPriorityInformation)
			err := windows.GetThreadInformation(windows.CurrentThread, windows.ThreadMemoryPriority, unsafe.Pointer(got), uint32(unsafe.Sizeof(*got)))
			if unsupported(t, "GetThreadInformation", err) {
				t.Log("not checked: this system does not say what was set")
			} else if err != nil || got.MemoryPriority != priority {
				t.Errorf("the memory priority is %d, %v; want %d", got.MemoryPriority, err, priority)
			}
		}
		const speed = windows.THREAD_POWER_THROTTLING_EXECUTION_SPEED
		for _, masks := range [][2]uint32{{speed, speed}, {speed, 0}, {0, 0}} {
			if err := setThrottling(windows.CurrentThread, masks[0], masks[1]); err != nil {
				if notWine(t, "it sets no power throttling: "+err.Error()) {
					t.Errorf("power throttling %v: %v", masks, err)
				}
				break
			}
			got := &windows.ThreadPowerThrottlingState{Version: windows.THREAD_POWER_THROTTLING_CURRENT_VERSION}
			err := windows.GetThreadInformation(windows.CurrentThread, windows.ThreadPowerThrottling, unsafe.Pointer(got), uint32(unsafe.Sizeof(*got)))
			if unsupported(t, "GetThreadInformation", err) || err != nil {
				t.Log("not checked: this system does not say what was set:", err)
			} else if got.ControlMask != masks[0] || got.StateMask != masks[1] {
				t.Errorf("the power throttling is %+v, %v; want %v", *got, err, masks)
			}
		}
	})
}

func TestThreadInformationErrors(t *testing.T) {
	elsewhere(t, func() {
		if err := setMemoryPriority(0x0BADBAD0, windows.MEMORY_PRIORITY_LOW); unsupported(t, "SetThreadInformation", err) {
			t.Log("not checked: there is no SetThreadInformation")
			return
		}
		if !notWine(t, "it looks at nothing that SetThreadInformation is given") {
			return
		}
		blind := myThread(t, windows.SYNCHRONIZE)
		info := unsafe.Pointer(new([4]uint32))
		wantError(t, "no thread", setMemoryPriority(0x0BADBAD0, windows.MEMORY_PRIORITY_LOW), windows.ERROR_INVALID_HANDLE)
		wantError(t, "without the right", setMemoryPriority(blind, windows.MEMORY_PRIORITY_LOW), windows.ERROR_ACCESS_DENIED)
		fails(t, "no such priority", setMemoryPriority(windows.CurrentThread, 100))
		fails(t, "no such mask", setThrottling(windows.CurrentThread, 1<<31, 0))
		fails(t, "no such class", windows.SetThreadInformation(windows.CurrentThread, 99, info, 4))
		fails(t, "no version", windows.SetThreadInformation(windows.CurrentThread, windows.ThreadPowerThrottling, info, 12))
		for class, size := range map[uint32]uint32{windows.ThreadMemoryPriority: 4, windows.ThreadPowerThrottling: 12} {
			fails(t, "too long", windows.SetThreadInformation(windows.CurrentThread, class, info, size+4))
			fails(t, "too long", windows.GetThreadInformation(windows.CurrentThread, class, info, size+4))
		}
	})
}
