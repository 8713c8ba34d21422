// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"errors"
	"runtime"
	"slices"
	"testing"

	"github.com/osync-go/osync/sys/windows"
)

// TestAffinities has masks of groups there and back, as SetThreadSelectedCpuSetMasks takes them.
func TestAffinities(t *testing.T) {
	masks := []uint64{1, 0, 6, 0}
	list := affinities(masks)
	if len(list) != 2 || list[0].Group != 0 || list[1].Group != 2 || list[1].Mask != 6 {
		t.Errorf("the affinities are %+v", list)
	}
	if got := masksOf(4, append(list, windows.GroupAffinity{Group: 4, Mask: 1})); !slices.Equal(got, masks) {
		t.Errorf("the masks are %x, want %x", got, masks)
	}
}

// TestSetAffinity narrows the thread and widens it again, and names CPUs that are not there.
func TestSetAffinity(t *testing.T) {
	runtime.LockOSThread() // and the thread ends
	all, err := Affinity()
	if err != nil || len(all) == 0 {
		t.Fatalf("Affinity() = %v, %v", all, err)
	}
	for _, cpus := range [][]int{all[:1], all[len(all)-1:], all} {
		if err := SetAffinity(cpus); err != nil {
			t.Errorf("SetAffinity(%v) = %v", cpus, err)
		}
		if got, err := Affinity(); err != nil || !slices.Equal(got, cpus) {
			t.Errorf("Affinity() = %v, %v, want %v", got, err, cpus)
		}
	}
	for _, cpus := range [][]int{nil, {-1}, {all[0], 1 << 20}} {
		if err := SetAffinity(cpus); !errors.Is(err, windows.ERROR_INVALID_PARAMETER) {
			t.Errorf("SetAffinity(%v) = %v, want %v", cpus, err, windows.ERROR_INVALID_PARAMETER)
		}
	}
}
