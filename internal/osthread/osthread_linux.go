// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// MaxName is the longest name of a thread, in bytes.
const MaxName = 15 // TASK_COMM_LEN, less the final zero

// SetName names the calling thread, which it cuts to MaxName bytes.
func SetName(name string) error {
	var buf [MaxName + 1]byte
	copy(buf[:MaxName], name)
	return unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(&buf[0])), 0, 0, 0)
}

// nice are the nice values of the levels. They belong to the thread, not to the process,
// which is Linux's own way.
var nice = [Levels]int{19, 10, 0, -10, -20}

// SetPriority sets the priority of the calling thread.
func SetPriority(level int) error {
	return unix.Setpriority(unix.PRIO_PROCESS, linux.Gettid(), nice[level])
}

// The least and the most CPUs of a set: as many as a cpu_set_t in C has room for, and more than any
// machine has.
const leastCPUs, mostCPUs = 1 << 10, 1 << 16

// SetAffinity binds the calling thread to some CPUs.
func SetAffinity(cpus []int) error {
	room := leastCPUs
	for _, cpu := range cpus {
		if cpu < 0 || cpu >= mostCPUs {
			return unix.EINVAL
		}
		room = max(room, cpu+1)
	}
	set := unix.NewCPUSet(room)
	for _, cpu := range cpus {
		set.Set(cpu)
	}
	return unix.SchedSetaffinityDynamic(0, set)
}

// Affinity returns the CPUs to which the calling thread is bound.
func Affinity() ([]int, error) {
	return affinity(func(set unix.CPUSetDynamic) error { return unix.SchedGetaffinityDynamic(0, set) })
}

// affinity calls get with longer and longer sets, for as long as that answers EINVAL, as it does if
// the machine has more CPUs than the set, and returns the CPUs that it has put in.
func affinity(get func(set unix.CPUSetDynamic) error) ([]int, error) {
	for room := leastCPUs; ; room *= 2 {
		set := unix.NewCPUSet(room)
		switch err := get(set); {
		case err == unix.EINVAL && room < mostCPUs:
			continue
		case err != nil:
			return nil, err
		}
		var cpus []int
		for cpu := range room {
			if set.IsSet(cpu) {
				cpus = append(cpus, cpu)
			}
		}
		return cpus, nil
	}
}

// Yield lets another thread run.
func Yield() { linux.SchedYield() }
