// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package bsd

// CPUSet returns the set of some CPUs in NetBSD's form: CPU n is bit n%32 of number n/32. It reports false for no CPU, and
// for one that a machine with n CPUs does not have: for both, the kernel would remove the thread's binding.
func CPUSet(cpus []int, n int) ([]uint32, bool) {
	mask, ok := CPUMask[uint32](cpus, n)
	set := make([]uint32, (n+31)/32)
	copy(set, mask)
	return set, ok && len(cpus) != 0
}

// CPUs returns the CPUs of a set, on a machine with n of them. The kernel returns an empty set for a thread that may run
// on all CPUs.
func CPUs(set []uint32, n int) []int {
	var cpus, all []int
	for cpu := range n {
		all = append(all, cpu)
		if set[cpu/32]>>(cpu%32)&1 != 0 {
			cpus = append(cpus, cpu)
		}
	}
	if len(cpus) == 0 {
		return all
	}
	return cpus
}
