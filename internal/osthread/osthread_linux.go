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

// maxCPUs is how many CPUs a unix.CPUSet has room for.
const maxCPUs = len(unix.CPUSet{}) * int(unsafe.Sizeof(unix.CPUSet{}[0])) * 8

// SetAffinity binds the calling thread to some CPUs.
func SetAffinity(cpus []int) error {
	var set unix.CPUSet
	for _, cpu := range cpus {
		if cpu < 0 || cpu >= maxCPUs {
			return unix.EINVAL
		}
		set.Set(cpu)
	}
	return unix.SchedSetaffinity(0, &set)
}

// Affinity returns the CPUs to which the calling thread is bound.
func Affinity() ([]int, error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return nil, err
	}
	var cpus []int
	for cpu := range maxCPUs {
		if set.IsSet(cpu) {
			cpus = append(cpus, cpu)
		}
	}
	return cpus, nil
}

// Yield lets another thread run.
func Yield() { linux.SchedYield() }
