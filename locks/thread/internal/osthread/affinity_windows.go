// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"errors"
	"fmt"

	"github.com/osync-go/osync/sys/windows"
)

// SetAffinity binds the calling thread to some CPUs: on a machine with one processor group by an affinity, on one with several by CPU sets,
// or, before Windows 11, by an affinity to CPUs of one group.
func SetAffinity(cpus []int) error {
	sizes, err := groupSizes()
	if err != nil {
		return err
	}
	masks, absent := Groups(sizes, cpus)
	if len(absent) > 0 {
		return fmt.Errorf("no CPU %v: %w", absent, windows.ERROR_INVALID_PARAMETER)
	}
	if len(cpus) == 0 {
		return windows.ERROR_INVALID_PARAMETER
	}
	if len(sizes) > 1 {
		err := windows.SetThreadSelectedCpuSetMasks(windows.CurrentThread, affinities(masks))
		if !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
	}
	group, ok := Single(masks)
	if !ok {
		return fmt.Errorf("CPUs of several processor groups for one thread, before Windows 11: %w", errors.ErrUnsupported)
	}
	_, err = windows.SetThreadGroupAffinity(windows.CurrentThread, &windows.GroupAffinity{Group: uint16(group), Mask: uintptr(masks[group])})
	return err
}

// Affinity returns the CPUs on which the calling thread may run.
func Affinity() ([]int, error) {
	sizes, err := groupSizes()
	if err != nil {
		return nil, err
	}
	affinity, err := windows.GetThreadGroupAffinity(windows.CurrentThread)
	if err != nil {
		return nil, err
	}
	var selected []uint64
	everywhere := false
	if len(sizes) > 1 {
		sets := make([]windows.GroupAffinity, len(sizes))
		n, err := windows.GetThreadSelectedCpuSetMasks(windows.CurrentThread, sets)
		if err != nil && !errors.Is(err, errors.ErrUnsupported) {
			return nil, err
		}
		everywhere = err == nil
		selected = masksOf(len(sizes), sets[:n])
	}
	return Allowed(sizes, selected, int(affinity.Group), uint64(affinity.Mask), everywhere), nil
}

// groupSizes returns the numbers of processors in the groups.
func groupSizes() ([]int, error) {
	n, err := windows.GetActiveProcessorGroupCount()
	if err != nil {
		return nil, err
	}
	sizes := make([]int, n)
	for group := range n {
		size, err := windows.GetActiveProcessorCount(group)
		if err != nil {
			return nil, err
		}
		sizes[group] = int(size)
	}
	return sizes, nil
}

// affinities returns the masks that are not empty, with their groups.
func affinities(masks []uint64) (list []windows.GroupAffinity) {
	for group, mask := range masks {
		if mask != 0 {
			list = append(list, windows.GroupAffinity{Group: uint16(group), Mask: uintptr(mask)})
		}
	}
	return list
}

// masksOf undoes affinities. Groups that do not exist are omitted.
func masksOf(groups int, list []windows.GroupAffinity) []uint64 {
	masks := make([]uint64, groups)
	for _, a := range list {
		if int(a.Group) < groups {
			masks[a.Group] |= uint64(a.Mask)
		}
	}
	return masks
}
