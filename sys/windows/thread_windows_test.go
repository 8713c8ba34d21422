// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"math/bits"
	"syscall"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/sys/windows"
)

// sizeofSecurityAttributes is the value of SecurityAttributes.Length.
const sizeofSecurityAttributes = uint32(unsafe.Sizeof(windows.SecurityAttributes{}))

func threadID(t *testing.T) uint32 {
	t.Helper()
	id, err := windows.GetCurrentThreadId()
	ok(t, err)
	return id
}

func TestGetCurrentThreadId(t *testing.T) {
	pinned(t)
	mine := threadID(t)
	if mine == 0 || mine != threadID(t) {
		t.Errorf("one thread has the ids %d and %d", mine, threadID(t))
	}
	elsewhere(t, func() {
		if other := threadID(t); other == mine {
			t.Errorf("two threads have the id %d", mine)
		}
	})
}

func TestThreadDescription(t *testing.T) {
	const name = "osync: Überprüfung 🔒"
	elsewhere(t, func() {
		ok(t, windows.SetThreadDescription(windows.CurrentThread, utf16(t, name)))
		got, err := windows.GetThreadDescription(windows.CurrentThread)
		ok(t, err)
		if got != name {
			t.Errorf("the name is %q, want %q", got, name)
		}
		ok(t, windows.SetThreadDescription(windows.CurrentThread, utf16(t, "")))
		if got, err = windows.GetThreadDescription(windows.CurrentThread); err != nil || got != "" {
			t.Errorf("after its removal the name is %q, %v", got, err)
		}
	})
	const unknown = 0x0BADBAD0
	err := windows.SetThreadDescription(unknown, utf16(t, name))
	wantError(t, "SetThreadDescription of no handle", err, syscall.Errno(0xD0000008))
	_, err = windows.GetThreadDescription(unknown)
	wantError(t, "GetThreadDescription of no handle", err, syscall.Errno(0xD0000008))
}

func TestThreadPriority(t *testing.T) {
	elsewhere(t, func() {
		for _, priority := range []int32{
			windows.THREAD_PRIORITY_LOWEST, windows.THREAD_PRIORITY_BELOW_NORMAL, windows.THREAD_PRIORITY_IDLE, windows.THREAD_PRIORITY_NORMAL,
		} {
			ok(t, windows.SetThreadPriority(windows.CurrentThread, priority))
			got, err := windows.GetThreadPriority(windows.CurrentThread)
			if err != nil || got != priority {
				t.Errorf("the priority is %d, %v; want %d", got, err, priority)
			}
		}
		wantError(t, "an impossible priority", windows.SetThreadPriority(windows.CurrentThread, 1000), windows.ERROR_INVALID_PARAMETER)
	})
}

func TestThreadAffinity(t *testing.T) {
	elsewhere(t, func() {
		all, err := windows.GetThreadGroupAffinity(windows.CurrentThread)
		ok(t, err)
		first := all.Mask & -all.Mask
		previous, err := windows.SetThreadAffinityMask(windows.CurrentThread, first)
		if err != nil || previous != all.Mask {
			t.Errorf("the mask was %#x, %v; want %#x", previous, err, all.Mask)
		}
		before, err := windows.SetThreadGroupAffinity(windows.CurrentThread, &all)
		if err != nil || before.Mask != first || before.Group != all.Group {
			t.Errorf("the affinity was %+v, %v; want the mask %#x in group %d", before, err, first, all.Group)
		}
		_, err = windows.SetThreadAffinityMask(windows.CurrentThread, 0)
		wantError(t, "no processor", err, windows.ERROR_INVALID_PARAMETER)
		_, err = windows.SetThreadGroupAffinity(windows.CurrentThread, &windows.GroupAffinity{Mask: 1, Group: 99})
		wantError(t, "no such group", err, windows.ERROR_INVALID_PARAMETER)
	})
}

func TestGetCurrentProcessorNumber(t *testing.T) {
	elsewhere(t, func() {
		all, err := windows.GetThreadGroupAffinity(windows.CurrentThread)
		ok(t, err)
		n, err := windows.GetCurrentProcessorNumber()
		if err != nil || all.Mask>>n&1 == 0 {
			t.Errorf("the thread runs on processor %d, %v, and may only on %b", n, err, all.Mask)
		}
		ex, err := windows.GetCurrentProcessorNumberEx()
		if err != nil || ex.Group != all.Group || all.Mask>>ex.Number&1 == 0 {
			t.Errorf("the thread runs on processor %+v, %v, and may only on %b of group %d", ex, err, all.Mask, all.Group)
		}
	})
}

func TestSchedulerCalls(t *testing.T) {
	_, err := windows.SwitchToThread()
	ok(t, err)
	ok(t, windows.FlushProcessWriteBuffers())
}

// TestProcessorCounts compares what the system reports of its groups with what it reports of a thread.
func TestProcessorCounts(t *testing.T) {
	groups, err := windows.GetActiveProcessorGroupCount()
	ok(t, err)
	most, err := windows.GetMaximumProcessorGroupCount()
	if err != nil || groups < 1 || most < groups {
		t.Fatalf("there are %d of %d groups, %v", groups, most, err)
	}
	sum := uint32(0)
	for group := range groups {
		n, err := windows.GetActiveProcessorCount(group)
		ok(t, err)
		limit, err := windows.GetMaximumProcessorCount(group)
		if err != nil || n < 1 || n > limit || limit > 64 {
			t.Errorf("group %d has %d of %d processors, %v", group, n, limit, err)
		}
		sum += n
	}
	all, err := windows.GetActiveProcessorCount(windows.ALL_PROCESSOR_GROUPS)
	if err != nil || all != sum {
		t.Errorf("all groups have %d processors, %v; their sum is %d", all, err, sum)
	}
	limit, err := windows.GetMaximumProcessorCount(windows.ALL_PROCESSOR_GROUPS)
	if err != nil || limit < all {
		t.Errorf("all groups can have %d processors and have %d, %v", limit, all, err)
	}
	elsewhere(t, func() {
		mine, err := windows.GetThreadGroupAffinity(windows.CurrentThread)
		if n := bits.OnesCount(uint(mine.Mask)); err != nil || mine.Group >= groups || uint32(n) > sum {
			t.Errorf("the thread may run on %d processors of group %d, %v; there are %d processors in %d groups", n, mine.Group, err, sum, groups)
		}
	})
	for name, count := range map[string]func(uint16) (uint32, error){
		"GetActiveProcessorCount": windows.GetActiveProcessorCount, "GetMaximumProcessorCount": windows.GetMaximumProcessorCount,
	} {
		if n, err := count(most); n != 0 || err == nil {
			t.Errorf("%s of a group that is not there: %d, %v; want an error", name, n, err)
		}
	}
}
