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
		if _, absent := Groups(sizes, []int{len(all), -1, 0, 1 << 30}); !slices.Equal(absent, []int{len(all), -1, 1 << 30}) {
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

// TestAllowed has threads with and without an affinity, with and without CPU sets.
func TestAllowed(t *testing.T) {
	sizes := []int{64, 8}
	count := func(from, to int) (cpus []int) {
		for ; from < to; from++ {
			cpus = append(cpus, from)
		}
		return cpus
	}
	for _, tt := range []struct {
		name       string
		selected   []uint64
		group      int
		mask       uint64
		everywhere bool
		want       []int
	}{
		{"Windows 10, first group", nil, 0, ^uint64(0), false, count(0, 64)},
		{"Windows 10, second group", nil, 1, 0xff, false, count(64, 72)},
		{"Windows 10, affinity", nil, 1, 0x81, false, []int{64, 71}},
		{"Windows 11", nil, 0, ^uint64(0), true, count(0, 72)},
		{"Windows 11, second group", nil, 1, 0xff, true, count(0, 72)},
		{"Windows 11, affinity", nil, 0, 0x6, true, []int{1, 2}},
		{"Windows 11, CPU sets", []uint64{1 << 63, 1}, 0, ^uint64(0), true, []int{63, 64}},
		{"Windows 11, no CPU sets", []uint64{0, 0}, 0, 1, true, []int{0}},
		{"a group that nobody knows", nil, 2, 1, true, nil},
	} {
		if got := Allowed(sizes, tt.selected, tt.group, tt.mask, tt.everywhere); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
