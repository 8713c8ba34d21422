// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import "math/bits"

// A Windows machine with more than 64 processors has processor groups of at most 64 each. CPUs are numbered through
// them: those of group 0 first, from 0 on, then those of group 1, as the task manager and Linux count. sizes are the numbers of
// processors in the groups. A mask has bit i for processor i of its group.

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
