// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"slices"
	"testing"
	"unsafe"

	xwindows "golang.org/x/sys/windows"

	"github.com/osync-go/osync/sys/windows"
)

// cpuSets lists the CPU sets of the machine, or nil if the system has no CPU sets.
func cpuSets(t *testing.T) []windows.SystemCpuSetInformation {
	t.Helper()
	size, err := windows.GetSystemCpuSetInformation(nil, 0, 0, 0)
	if unsupported(t, "GetSystemCpuSetInformation", err) {
		return nil
	}
	wantError(t, "no space for the CPU sets", err, windows.ERROR_INSUFFICIENT_BUFFER)
	buffer := make([]windows.SystemCpuSetInformation, (uintptr(size)-1)/unsafe.Sizeof(windows.SystemCpuSetInformation{})+1)
	n, err := windows.GetSystemCpuSetInformation(&buffer[0], size, xwindows.CurrentProcess(), 0)
	if err != nil || n != size {
		t.Fatalf("%d bytes of %d are written, %v", n, size, err)
	}
	var sets []windows.SystemCpuSetInformation
	for at := uint32(0); at < n; {
		set := (*windows.SystemCpuSetInformation)(unsafe.Add(unsafe.Pointer(&buffer[0]), at))
		if set.Size < uint32(unsafe.Sizeof(*set)) {
			t.Fatalf("a CPU set is described in %d bytes", set.Size)
		}
		if set.Type == windows.CpuSetInformation {
			sets = append(sets, *set)
		}
		at += set.Size
	}
	return sets
}

// TestCpuSetsAreProcessors compares the CPU sets with the counts of the groups.
func TestCpuSetsAreProcessors(t *testing.T) {
	sets := cpuSets(t)
	if sets == nil {
		t.Skip("there are no CPU sets")
	}
	ids, places := map[uint32]bool{}, map[[2]uint16]bool{}
	for _, set := range sets {
		ids[set.ID] = true
		places[[2]uint16{set.Group, uint16(set.LogicalProcessorIndex)}] = true
		n, err := windows.GetActiveProcessorCount(set.Group)
		if err != nil || uint32(set.LogicalProcessorIndex) >= n {
			t.Errorf("CPU set %d is processor %d of %d in group %d, %v", set.ID, set.LogicalProcessorIndex, n, set.Group, err)
		}
	}
	all, err := windows.GetActiveProcessorCount(windows.ALL_PROCESSOR_GROUPS)
	if err != nil || len(ids) != int(all) || len(places) != int(all) {
		t.Errorf("%d processors, %v, have %d ids and %d places", all, err, len(ids), len(places))
	}
	event := opened(t)(windows.CreateEvent(nil, true, true, nil))
	if notWine(t, "it does not look at the process") {
		_, err = windows.GetSystemCpuSetInformation(&sets[0], uint32(unsafe.Sizeof(sets[0]))*uint32(len(sets)), event, 0)
		fails(t, "CPU sets of an event", err)
	}
}

// TestThreadSelectedCpuSets selects a set for a thread, by its id and by its mask, and none again.
func TestThreadSelectedCpuSets(t *testing.T) {
	sets := cpuSets(t)
	if sets == nil {
		t.Skip("there are no CPU sets")
	}
	last := sets[len(sets)-1]
	elsewhere(t, func() {
		selected := func(want ...uint32) {
			t.Helper()
			got := make([]uint32, len(want)+1)
			n, err := windows.GetThreadSelectedCpuSets(windows.CurrentThread, got)
			if unsupported(t, "GetThreadSelectedCpuSets", err) {
				t.Log("not checked: this system does not say which CPU sets a thread has")
				return
			}
			if err != nil || int(n) > len(got) || !slices.Equal(got[:n], want) {
				t.Errorf("the CPU sets are %v, the first %d of them, %v; want %v", got, n, err, want)
			}
			if len(want) != 0 {
				n, err := windows.GetThreadSelectedCpuSets(windows.CurrentThread, nil)
				wantError(t, "no space for the ids", err, windows.ERROR_INSUFFICIENT_BUFFER)
				if int(n) != len(want) {
					t.Errorf("%d ids are said to take %d places", len(want), n)
				}
			}
		}
		if err := windows.SetThreadSelectedCpuSets(windows.CurrentThread, []uint32{last.ID}); err != nil {
			if notWine(t, "it selects no CPU sets: "+err.Error()) {
				t.Error(err)
			}
			return
		}
		selected(last.ID)
		if err := windows.SetThreadSelectedCpuSets(windows.CurrentThread, nil); err != nil {
			t.Error(err)
		}
		selected()
		mask := []windows.GroupAffinity{{Group: last.Group, Mask: 1 << last.LogicalProcessorIndex}}
		err := windows.SetThreadSelectedCpuSetMasks(windows.CurrentThread, mask)
		if unsupported(t, "SetThreadSelectedCpuSetMasks", err) {
			t.Log("not checked: this system selects no CPU sets by masks")
		} else {
			selected(last.ID)
			got := make([]windows.GroupAffinity, 2)
			n, getErr := windows.GetThreadSelectedCpuSetMasks(windows.CurrentThread, got)
			if err != nil || getErr != nil || n != 1 || got[0].Mask != mask[0].Mask || got[0].Group != last.Group {
				t.Errorf("the masks are %+v, the first %d of them, %v, %v; want %+v", got, n, err, getErr, mask)
			}
			ok(t, windows.SetThreadSelectedCpuSetMasks(windows.CurrentThread, nil))
		}
		if notWine(t, "it takes every id and every handle") {
			fails(t, "an id that no CPU set has", windows.SetThreadSelectedCpuSets(windows.CurrentThread, []uint32{0xFFFFFFF0}))
			wantError(t, "no thread", windows.SetThreadSelectedCpuSets(0x0BADBAD0, nil), windows.ERROR_INVALID_HANDLE)
			_, err := windows.GetThreadSelectedCpuSets(0x0BADBAD0, nil)
			wantError(t, "no thread", err, windows.ERROR_INVALID_HANDLE)
			blind := myThread(t, windows.SYNCHRONIZE)
			wantError(t, "without the right", windows.SetThreadSelectedCpuSets(blind, nil), windows.ERROR_ACCESS_DENIED)
			_, err = windows.GetThreadSelectedCpuSets(blind, nil)
			wantError(t, "without the right", err, windows.ERROR_ACCESS_DENIED)
		}
	})
}

// TestProcessDefaultCpuSets selects all sets for the process, which changes nothing, and none again.
func TestProcessDefaultCpuSets(t *testing.T) {
	sets := cpuSets(t)
	if sets == nil {
		t.Skip("there are no CPU sets")
	}
	me := xwindows.CurrentProcess()
	var ids []uint32
	for _, set := range sets {
		ids = append(ids, set.ID)
	}
	if err := windows.SetProcessDefaultCpuSets(me, ids); err != nil {
		if notWine(t, "it selects no CPU sets: "+err.Error()) {
			t.Error(err)
		}
		return
	}
	got := make([]uint32, len(ids))
	n, err := windows.GetProcessDefaultCpuSets(me, got)
	if unsupported(t, "GetProcessDefaultCpuSets", err) {
		t.Log("not checked: this system does not say which CPU sets a process has")
	} else if slices.Sort(got); err != nil || int(n) != len(ids) || !slices.Equal(got, slices.Sorted(slices.Values(ids))) {
		t.Errorf("the CPU sets are %v, %d of them, %v; want %v", got, n, err, ids)
	}
	ok(t, windows.SetProcessDefaultCpuSets(me, nil))
}
