// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"errors"
	"math/bits"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestAffinityOfMany asks a machine with more CPUs than a mask has room for at first.
func TestAffinityOfMany(t *testing.T) {
	for _, cpus := range []int{1, 1024, 1025, 5000, 1 << 16} {
		want := slices.Compact([]int{0, cpus / 2, cpus - 1})
		asked := 0
		mask, err := affinityMask(func(mask []uintptr) error {
			asked++
			if len(mask)*bits.UintSize < cpus {
				return unix.EINVAL
			}
			for _, cpu := range want {
				mask[cpu/bits.UintSize] |= 1 << (cpu % bits.UintSize)
			}
			return nil
		})
		if got := cpusOf(mask); err != nil || !slices.Equal(got, want) {
			t.Errorf("of %d CPUs, the set is %v, %v, want %v", cpus, got, err, want)
		}
		if asked > 7 {
			t.Errorf("of %d CPUs, asked %d times", cpus, asked)
		}
	}
	for want, most := range map[error]int{unix.EINVAL: 7, unix.EPERM: 1} {
		asked := 0
		_, err := affinityMask(func([]uintptr) error { asked++; return want })
		if err != want || asked > most {
			t.Errorf("of a system that always says %v: %v, asked %d times", want, err, asked)
		}
	}
}

// TestMaskOf makes masks of CPUs with high numbers, no longer than they must be, and reads them back.
func TestMaskOf(t *testing.T) {
	for _, cpus := range [][]int{{}, {0}, {63}, {64}, {3, 7, 1023}, {3, 1024}, {0, 31, 32, 63, 64, 5000, mostCPUs - 1}} {
		mask, err := maskOf(cpus)
		if got := cpusOf(mask); err != nil || !slices.Equal(got, cpus) {
			t.Errorf("maskOf(%v) has the CPUs %v, %v", cpus, got, err)
		}
		if want := append(cpus, 0)[max(len(cpus)-1, 0)]/bits.UintSize + 1; len(mask) != want {
			t.Errorf("maskOf(%v) has %d words, want %d", cpus, len(mask), want)
		}
	}
	if mask, err := maskOf([]int{7, 5000, 3, 7}); err != nil || !slices.Equal(cpusOf(mask), []int{3, 7, 5000}) {
		t.Errorf("maskOf(7, 5000, 3, 7) has the CPUs %v, %v", cpusOf(mask), err)
	}
}

// TestMissing looks for CPUs beyond the end of a shorter mask, too.
func TestMissing(t *testing.T) {
	wanted, _ := maskOf([]int{0, 5, 70, 2000})
	for _, tt := range []struct{ have, want []int }{
		{[]int{0, 5, 70, 2000}, nil},
		{[]int{0, 1, 2, 3, 4, 5, 6, 70, 2000, 4000}, nil},
		{[]int{0, 5}, []int{70, 2000}},
		{[]int{5, 2000, 3000}, []int{0, 70}},
	} {
		mask, _ := maskOf(tt.have)
		if got := missing(wanted, mask); !slices.Equal(got, tt.want) {
			t.Errorf("of %v, %v lacks %v, want %v", cpusOf(wanted), tt.have, got, tt.want)
		}
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

// TestSetAffinityAllOrNone names a CPU that is there and one that is not, which the kernel would leave out.
func TestSetAffinityAllOrNone(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	all, err := Affinity()
	if err != nil {
		t.Fatal(err)
	}
	for _, absent := range []int{1 << 14, mostCPUs - 1} {
		if err := SetAffinity([]int{all[0], absent}); !errors.Is(err, unix.EINVAL) {
			t.Errorf("SetAffinity(%d, %d) = %v, want %v", all[0], absent, err, unix.EINVAL)
		}
		if now, err := Affinity(); err != nil || !slices.Equal(now, all) {
			t.Errorf("after a failure the thread runs on %v, %v, want %v as before", now, err, all)
		}
	}
}

// TestRights reads what the kernel says of users: in the first user namespace each of them stands for itself.
func TestRights(t *testing.T) {
	for users, all := range map[string]bool{
		"         0          0 4294967295\n":                             true,
		"         0       1000          1\n":                             false, // unshare -r
		"         0       1000          1\n         1     100000  65536": false, // a rootless container
		"": false, // no user is mapped
	} {
		if got := allUsers(users); got != all {
			t.Errorf("allUsers(%q) = %v, want %v", users, got, all)
		}
	}
	if in, out := rights(true), rights(false); !strings.Contains(in, "outside of this user namespace") || strings.Contains(out, "namespace") {
		t.Errorf("the rights are %q, and outside of user namespaces %q", in, out)
	}
}

// TestWithinLimit asks a system that allows priorities up to a limit, or refuses for another reason.
func TestWithinLimit(t *testing.T) {
	for _, tt := range []struct {
		wanted     uint32
		told, real uint64 // the limit
		refusal    error
		want       []uint32 // what is asked for
		err        error
	}{
		{30, 0, 99, nil, []uint32{30}, nil}, // as root
		{30, 30, 30, unix.EPERM, []uint32{30}, nil},
		{30, 20, 20, unix.EPERM, []uint32{30, 20}, nil},
		{30, 1, 1, unix.EPERM, []uint32{30, 1}, nil},
		{30, 0, 0, unix.EPERM, []uint32{30}, unix.EPERM},
		{30, 99, 0, unix.EPERM, []uint32{30}, unix.EPERM}, // by a security module
		{30, 1 << 40, 0, unix.EPERM, []uint32{30}, unix.EPERM},
		{30, 20, 0, unix.EPERM, []uint32{30, 20}, unix.EPERM},
		{30, 20, 0, unix.ENOSYS, []uint32{30}, unix.ENOSYS},
	} {
		var asked []uint32
		err := withinLimit(tt.wanted, func() uint64 { return tt.told }, func(priority uint32) error {
			asked = append(asked, priority)
			if uint64(priority) > tt.real {
				return tt.refusal
			}
			return nil
		})
		if err != tt.err || !slices.Equal(asked, tt.want) {
			t.Errorf("with a limit of %d, %d in truth: asked for %v, %v, want %v, %v", tt.told, tt.real, asked, err, tt.want, tt.err)
		}
	}
}
