// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

// TestAffinityOfMany asks a machine with more CPUs than a set has room for at first.
func TestAffinityOfMany(t *testing.T) {
	for _, cpus := range []int{1, 1024, 1025, 5000, 1 << 16} {
		want := slices.Compact([]int{0, cpus / 2, cpus - 1})
		got, err := affinity(func(set unix.CPUSetDynamic) error {
			for _, cpu := range want {
				if set.Set(cpu); !set.IsSet(cpu) {
					return unix.EINVAL
				}
			}
			return nil
		})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("of %d CPUs, the set is %v, %v, want %v", cpus, got, err, want)
		}
	}
	for _, want := range []error{unix.EINVAL, unix.EPERM} {
		if _, err := affinity(func(unix.CPUSetDynamic) error { return want }); err != want {
			t.Errorf("of a system that always says %v: %v", want, err)
		}
	}
}

// TestSetAffinity names CPUs that are not there, up to one for which no set has room.
func TestSetAffinity(t *testing.T) {
	all, err := Affinity()
	if err != nil || len(all) == 0 {
		t.Fatalf("Affinity() = %v, %v", all, err)
	}
	for _, cpu := range []int{-1, 1 << 14, 1<<16 - 1, 1 << 16, 1 << 30} {
		if err := SetAffinity([]int{cpu}); err != unix.EINVAL {
			t.Errorf("SetAffinity(%d) = %v, want %v", cpu, err, unix.EINVAL)
		}
	}
}
