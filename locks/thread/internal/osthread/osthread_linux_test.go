// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"math/bits"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

// TestAffinityOfMany asks a machine with more CPUs than a set has room for at first.
func TestAffinityOfMany(t *testing.T) {
	for _, cpus := range []int{1, 1024, 1025, 5000, 1 << 16} {
		want := slices.Compact([]int{0, cpus / 2, cpus - 1})
		asked := 0
		got, err := affinity(func(set unix.CPUSetDynamic) error {
			asked++
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
		if asked > 7 {
			t.Errorf("of %d CPUs, asked %d times", cpus, asked)
		}
	}
	for want, most := range map[error]int{unix.EINVAL: 7, unix.EPERM: 1} {
		asked := 0
		_, err := affinity(func(unix.CPUSetDynamic) error { asked++; return want })
		if err != want || asked > most {
			t.Errorf("of a system that always says %v: %v, asked %d times", want, err, asked)
		}
	}
}

// TestSetOf makes the set of a CPU with a high number.
func TestSetOf(t *testing.T) {
	set, err := setOf([]int{7, 5000, 3})
	if err != nil || set.Count() != 3 || !set.IsSet(3) || !set.IsSet(7) || !set.IsSet(5000) {
		t.Errorf("setOf(7, 5000, 3) has %d CPUs, %v", set.Count(), err)
	}
}

// TestSetAffinity names CPUs that are not there, up to one for which no set has room.
func TestSetAffinity(t *testing.T) {
	all, err := Affinity()
	if err != nil || len(all) == 0 {
		t.Fatalf("Affinity() = %v, %v", all, err)
	}
	for _, cpu := range []int{-1, 1 << 14, 1<<16 - 1, 1 << 16, 1 << (bits.UintSize - 8)} {
		if err := SetAffinity([]int{cpu}); err != unix.EINVAL {
			t.Errorf("SetAffinity(%d) = %v, want %v", cpu, err, unix.EINVAL)
		}
	}
}
