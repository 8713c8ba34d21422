// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package bsd

import (
	"slices"
	"testing"
)

func TestMajor(t *testing.T) {
	for release, want := range map[string]int{
		"10.0": 10, "10.1_STABLE": 10, "10.99.12": 10, "11.0_BETA": 11, "9.4": 9, "9.99.104": 9, "11": 11, "10_RC1": 10,
		"": 0, ".": 0, "x10.0": 0, "-10.0": 0, "99999999999999999999.1": 0,
	} {
		if got := Major(release); got != want {
			t.Errorf("Major(%q) = %d, want %d", release, got, want)
		}
	}
}

// TestFutexOp compares packed instructions with those that the macro in NetBSD's sys/sys/futex.h 1.6 makes of the
// same arguments: __SHIFTIN of __BITS(28,31), __BITS(12,23), __BITS(24,27) and __BITS(0,11).
func TestFutexOp(t *testing.T) {
	for _, c := range []struct{ op, oparg, cmp, cmparg, want uint32 }{
		{0, 0, 0, 0, 0},
		{1, 2, 3, 4, 0x1300_2004},
		{4, 0xfff, 5, 0xfff, 0x45ff_ffff},
		{8 | 2, 31, 1, 0, 0xa101_f000},
		{0x1f, 0x1000, 0x10, 0x1001, 0xf000_0001}, // what does not fit is cut off
		{3, ^uint32(0), 0, ^uint32(1), 0x30ff_fffe},
	} {
		if got := FutexOp(c.op, c.oparg, c.cmp, c.cmparg); got != c.want {
			t.Errorf("FutexOp(%#x, %#x, %#x, %#x) = %#x, want %#x", c.op, c.oparg, c.cmp, c.cmparg, got, c.want)
		}
	}
}

func TestCPUSet(t *testing.T) {
	for _, c := range []struct {
		n    int
		cpus []int
	}{
		{1, []int{0}},
		{32, []int{0, 31}},
		{33, []int{31, 32}},
		{256, []int{0, 1, 63, 64, 128, 255}},
	} {
		set, ok := CPUSet(c.cpus, c.n)
		if !ok || len(set) != (c.n+31)/32 || !slices.Equal(CPUs(set, c.n), c.cpus) {
			t.Errorf("CPUSet(%v, %d) = %#x, %v: CPUs %v", c.cpus, c.n, set, ok, CPUs(set, c.n))
		}
	}
	if set, _ := CPUSet([]int{0, 33}, 64); !slices.Equal(set, []uint32{1, 2}) {
		t.Errorf("CPUSet(0, 33) = %#x", set)
	}
	for _, wrong := range [][]int{nil, {-1}, {4}, {0, 1 << 20}} {
		if set, ok := CPUSet(wrong, 4); ok {
			t.Errorf("CPUSet(%v, 4) = %#x", wrong, set)
		}
	}
	if got := CPUs([]uint32{0}, 3); !slices.Equal(got, []int{0, 1, 2}) {
		t.Errorf("CPUs of a thread that is not bound = %v", got)
	}
}
