// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"fmt"
	"math/bits"
	"slices"
	"syscall"

	"github.com/osync-go/osync/sys/linux"
)

// The minimum and the maximum number of CPUs of a mask: the size of a cpu_set_t in C, and more than
// any machine has.
const leastCPUs, mostCPUs = 1 << 10, 1 << 16

// SetAffinity binds the calling thread to all of the given CPUs or to none of them. (The kernel silently drops CPUs
// that do not exist, or that the cgroup does not allow, from a mask if others are left.)
func SetAffinity(cpus []int) error {
	mask, err := maskOf(cpus)
	if err != nil {
		return err
	}
	before, err := affinityMask(getAffinity)
	if err != nil {
		return err
	}
	if err := linux.SchedSetaffinity(0, mask); err != nil {
		return err
	}
	after, err := affinityMask(getAffinity)
	if err != nil {
		return nil // the call worked a moment ago; the mask is set in any case
	}
	if left := missing(mask, after); len(left) > 0 {
		_ = linux.SchedSetaffinity(0, before) // as it was
		return fmt.Errorf("no CPU %v for this thread: %w", left, syscall.EINVAL)
	}
	return nil
}

// Affinity returns the CPUs to which the calling thread is bound.
func Affinity() ([]int, error) {
	mask, err := affinityMask(getAffinity)
	return cpusOf(mask), err
}

func getAffinity(mask []uintptr) error {
	_, err := linux.SchedGetaffinity(0, mask)
	return err
}

// affinityMask calls get with longer and longer masks for as long as get returns EINVAL, which means
// that the kernel may have more CPUs than the mask has bits.
func affinityMask(get func(mask []uintptr) error) ([]uintptr, error) {
	for room := leastCPUs; ; room *= 2 {
		mask := make([]uintptr, room/bits.UintSize)
		switch err := get(mask); {
		case err == nil:
			return mask, nil
		case err != syscall.EINVAL || room >= mostCPUs:
			return nil, err
		}
	}
}

// maskOf returns the mask of some CPUs, which is as long as the highest number needs.
func maskOf(cpus []int) ([]uintptr, error) {
	room := 1
	for _, cpu := range cpus {
		if cpu < 0 || cpu >= mostCPUs {
			return nil, syscall.EINVAL
		}
		room = max(room, cpu/bits.UintSize+1)
	}
	mask := make([]uintptr, room)
	for _, cpu := range cpus {
		mask[cpu/bits.UintSize] |= 1 << (cpu % bits.UintSize)
	}
	return mask, nil
}

// cpusOf returns the CPUs of a mask, in order.
func cpusOf(mask []uintptr) (cpus []int) {
	for i, word := range mask {
		for ; word != 0; word &= word - 1 {
			cpus = append(cpus, i*bits.UintSize+bits.TrailingZeros64(uint64(word)))
		}
	}
	return cpus
}

// missing returns the CPUs of wanted that mask lacks.
func missing(wanted, mask []uintptr) []int {
	left := slices.Clone(wanted)
	for i := range min(len(left), len(mask)) {
		left[i] &^= mask[i]
	}
	return cpusOf(left)
}
