// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package bsd

import (
	"errors"
	"math/bits"
	"slices"
	"testing"
)

// TestMasks makes sets of CPUs, and reads them back.
func TestMasks(t *testing.T) {
	for _, cpus := range [][]int{nil, {0}, {3, 7}, {31, 32}, {63, 64}, {0, 100, 255}} {
		mask, ok := CPUMask[uint](cpus, 256)
		if got := MaskCPUs(mask); !ok || !slices.Equal(got, cpus) {
			t.Errorf("the set of %v has %v, %t", cpus, got, ok)
		}
		wide, ok := CPUMask[uint64](cpus, 256)
		if got := MaskCPUs(wide); !ok || len(wide) > 4 || !slices.Equal(got, cpus) {
			t.Errorf("the wide set of %v has %v, %t", cpus, got, ok)
		}
	}
	if mask, _ := CPUMask[uint]([]int{bits.UintSize + 1}, 256); len(mask) != 2 || mask[0] != 0 || mask[1] != 2 {
		t.Errorf("the second CPU of the second word is %b", mask)
	}
	for _, cpus := range [][]int{{-1}, {256}, {0, 1 << 20}} {
		if _, ok := CPUMask[uint](cpus, 256); ok {
			t.Errorf("there is a set of %v", cpus)
		}
	}
}

// TestGrowing asks kernels that were built for some numbers of CPUs, before FreeBSD 14, where a set must be
// neither smaller nor more than four times as large, and since, where it may be any that has room.
func TestGrowing(t *testing.T) {
	tooSmall, other := errors.New("ERANGE"), errors.New("EPERM")
	for _, cpus := range []int{1, 4, 64, 256, 1024, 4096} {
		for _, most := range []int{4 * cpus, 1 << 20} {
			mask, err := Growing(func(mask []uint) error {
				if n := len(mask) * bits.UintSize; n < cpus || n > max(most, bits.UintSize) {
					return tooSmall
				}
				mask[(cpus-1)/bits.UintSize] |= 1 << ((cpus - 1) % bits.UintSize)
				return nil
			}, 1<<16, tooSmall)
			if got := MaskCPUs(mask); err != nil || !slices.Equal(got, []int{cpus - 1}) {
				t.Errorf("for %d CPUs: %v, %v", cpus, got, err)
			}
		}
	}
	for _, want := range []error{tooSmall, other} {
		calls := 0
		_, err := Growing(func(mask []uint) error {
			if calls++; len(mask)*bits.UintSize > 1<<16 {
				t.Errorf("a set of %d words", len(mask))
			}
			return want
		}, 1<<16, tooSmall)
		if err != want || want == other && calls > 1 {
			t.Errorf("of a kernel that always says %v: %v, %d calls", want, err, calls)
		}
	}
}

// TestWithRoom binds a thread to a CPU on kernels as those of TestGrowing.
func TestWithRoom(t *testing.T) {
	tooSmall, other := errors.New("ERANGE"), errors.New("EPERM")
	for _, cpus := range []int{1, 64, 256, 1024} {
		for _, cpu := range []int{0, 63, 64, 130, 255, 1000} {
			if cpu >= max(cpus, bits.UintSize) {
				continue
			}
			for _, least := range []int{1, cpus} { // since FreeBSD 14, and before
				mask, _ := CPUMask[uint]([]int{cpu}, 1<<16)
				var got []int
				err := WithRoom(mask, func(mask []uint) error {
					if n := len(mask) * bits.UintSize; n < least || least > 1 && n > max(cpus, bits.UintSize) {
						return tooSmall
					}
					got = MaskCPUs(mask)
					return nil
				}, 1<<16, tooSmall)
				if err != nil || !slices.Equal(got, []int{cpu}) {
					t.Errorf("CPU %d of a kernel for %d: %v, %v", cpu, cpus, got, err)
				}
			}
		}
	}
	for _, want := range []error{tooSmall, other} {
		if err := WithRoom([]uint{1, 2, 3}, func([]uint) error { return want }, 1<<16, tooSmall); err != want {
			t.Errorf("of a kernel that always says %v: %v", want, err)
		}
	}
}
