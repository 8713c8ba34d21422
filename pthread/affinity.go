// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"runtime"
	"unsafe"
)

// A cpuSet is a cpu_set_t of any length: CPU number i is bit i of the array, counted from the lowest bit of
// its first word.
type cpuSet []uintptr

// The least and the most CPUs of a cpuSet: as many as glibc's cpu_set_t has room for, and more
// than any system has.
const leastCPUs, mostCPUs = 1 << 10, 1 << 16

const wordBits = 8 * int(unsafe.Sizeof(uintptr(0)))

func newCPUSet(cpus int) cpuSet { return make(cpuSet, (cpus+wordBits-1)/wordBits) }

// cpus returns the CPUs in s.
func (s cpuSet) cpus() []int {
	var cpus []int
	for cpu := range len(s) * wordBits {
		if s[cpu/wordBits]&(1<<(cpu%wordBits)) != 0 {
			cpus = append(cpus, cpu)
		}
	}
	return cpus
}

// do calls f with s.
func (s cpuSet) do(f *function, thread uintptr) errno {
	var pin runtime.Pinner // and so s is in the heap, where C can reach it
	pin.Pin(&s[0])
	defer pin.Unpin()
	return f.do(thread, uintptr(len(s)*wordBits/8), uintptr(unsafe.Pointer(&s[0])))
}

// SetAffinity restricts the thread to the given CPUs. EINVAL means that none of them exists; Linux ignores CPUs that do
// not exist if others do. macOS lacks it.
//
//	pthread_setaffinity_np(t, sizeof cpus, &cpus)
func (t Thread) SetAffinity(cpus ...int) error {
	if err := t.usable(setaffinityNP); err != nil {
		return err
	}
	room := leastCPUs
	for _, cpu := range cpus {
		if cpu < 0 || cpu >= mostCPUs {
			return EINVAL
		}
		room = max(room, cpu+1)
	}
	set := newCPUSet(room)
	for _, cpu := range cpus {
		set[cpu/wordBits] |= 1 << (cpu % wordBits)
	}
	return check(set.do(setaffinityNP, t.id))
}

// Affinity returns the CPUs on which the thread may run.
//
//	pthread_getaffinity_np(t, sizeof cpus, &cpus)
func (t Thread) Affinity() ([]int, error) {
	if err := t.usable(getaffinityNP); err != nil {
		return nil, err
	}
	set, e := fittingCPUSet(func(s cpuSet) errno { return s.do(getaffinityNP, t.id) })
	return set.cpus(), check(e)
}

// fittingCPUSet calls get with longer and longer sets while get returns EINVAL, as it does if the machine has more CPUs
// than the set has room for.
func fittingCPUSet(get func(s cpuSet) errno) (cpuSet, errno) {
	for room := leastCPUs; ; room *= 2 {
		set := newCPUSet(room)
		switch e := get(set); {
		case e == 0:
			return set, 0
		case e != EINVAL || room == mostCPUs:
			return nil, e
		}
	}
}
