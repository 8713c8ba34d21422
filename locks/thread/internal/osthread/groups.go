// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import "math/bits"

// A Windows machine with more than 64 processors has processor groups of at most 64 each. CPUs are numbered through
// them: those of group 0 first, from 0 on, then those of group 1. sizes are the numbers of processors in the groups. A mask has
// bit i for processor i of its group.
//
// Up to Windows 10, a thread runs in one group, in which it may have an affinity, and a new thread runs in the group of
// its process. Since Windows 11 and Server 2022, a thread runs in all groups, unless it is given an affinity, which
// binds it to one group permanently; CPU sets can span several groups, and can be undone.

// Groups returns the masks of some CPUs, one for each group, and those CPUs that no group has.
func Groups(sizes []int, cpus []int) (masks []uint64, absent []int) {
	masks = make([]uint64, len(sizes))
cpus:
	for _, cpu := range cpus {
		if i := cpu; i >= 0 {
			for group, size := range sizes {
				if i < size {
					masks[group] |= 1 << i
					continue cpus
				}
				i -= size
			}
		}
		absent = append(absent, cpu)
	}
	return masks, absent
}

// Numbers returns the CPUs of masks, in order. Masks may lack the last groups.
func Numbers(sizes []int, masks []uint64) (cpus []int) {
	first := 0
	for group, size := range sizes[:min(len(sizes), len(masks))] {
		for mask := masks[group]; mask != 0; mask &= mask - 1 {
			cpus = append(cpus, first+bits.TrailingZeros64(mask))
		}
		first += size
	}
	return cpus
}

// Single returns the only group whose mask is not empty, or false if there are several or none.
func Single(masks []uint64) (group int, ok bool) {
	n := 0
	for i, mask := range masks {
		if mask != 0 {
			group, n = i, n+1
		}
	}
	return group, n == 1
}

// Allowed returns the CPUs on which a thread may run: those of selected, if there are any, and otherwise those of the
// mask of its group. If threads run in all groups, the mask of a whole group means that the thread has no affinity.
func Allowed(sizes []int, selected []uint64, group int, mask uint64, everywhere bool) []int {
	for _, m := range selected {
		if m != 0 {
			return Numbers(sizes, selected)
		}
	}
	masks := make([]uint64, len(sizes))
	if group < len(sizes) {
		masks[group] = mask
		if everywhere && mask == full(sizes[group]) {
			for i, size := range sizes {
				masks[i] = full(size)
			}
		}
	}
	return Numbers(sizes, masks)
}

// full returns the mask of a group of that size.
func full(size int) uint64 { return 1<<size - 1 }
