// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"slices"
	"testing"
)

// machines are the sizes of processor groups, equal and unequal.
var machines = [][]int{{1}, {2}, {64}, {64, 64}, {36, 36}, {64, 8}, {48, 64, 16}, slices.Repeat([]int{64}, 32)}

// TestGroups numbers all CPUs of each machine there and back.
func TestGroups(t *testing.T) {
	for _, sizes := range machines {
		var all []int
		for group, size := range sizes {
			for i := range size {
				cpu := len(all)
				all = append(all, cpu)
				masks, absent := Groups(sizes, []int{cpu})
				if len(masks) != len(sizes) || masks[group] != 1<<i || len(absent) != 0 {
					t.Fatalf("of groups of %v, CPU %d is in %x, absent are %v, want bit %d of group %d", sizes, cpu, masks, absent, i, group)
				}
				if got, ok := Single(masks); got != group || !ok {
					t.Errorf("of groups of %v, CPU %d is in group %d, %v, want %d", sizes, cpu, got, ok, group)
				}
				if got := Numbers(sizes, masks); !slices.Equal(got, []int{cpu}) {
					t.Errorf("of groups of %v, the masks of CPU %d stand for %v", sizes, cpu, got)
				}
			}
		}
		masks, absent := Groups(sizes, all)
		for group, size := range sizes {
			if want := ^uint64(0) >> (64 - size); masks[group] != want {
				t.Errorf("all of groups of %v are %x, want %x in group %d", sizes, masks, want, group)
			}
		}
		if got := Numbers(sizes, masks); !slices.Equal(got, all) || len(absent) != 0 {
			t.Errorf("of groups of %v, the masks of all CPUs stand for %v, and %v are absent", sizes, got, absent)
		}
		if _, ok := Single(masks); ok != (len(sizes) == 1) {
			t.Errorf("of groups of %v, all CPUs are in a single one: %v", sizes, ok)
		}
		if _, absent := Groups(sizes, []int{len(all), -1, 0, 1 << 40}); !slices.Equal(absent, []int{len(all), -1, 1 << 40}) {
			t.Errorf("of groups of %v, absent are %v", sizes, absent)
		}
	}
	if got := Numbers([]int{64, 64, 8}, []uint64{1 << 63, 1}); !slices.Equal(got, []int{63, 64}) {
		t.Errorf("without masks for the last group: %v, want 63 and 64", got)
	}
	if _, ok := Single(nil); ok {
		t.Error("no CPU is in a group")
	}
}
