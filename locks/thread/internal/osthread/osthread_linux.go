// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"syscall"
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
	return prctl(unix.PR_SET_NAME, unsafe.Pointer(&buf))
}

// prctl makes the call of that name. An address that passes through another function as a number,
// as unix.Prctl takes it, may be out of date in the system call: the stack moves when it grows.
func prctl(option uintptr, arg unsafe.Pointer) error {
	if _, _, errno := syscall.RawSyscall6(unix.SYS_PRCTL, option, uintptr(arg), 0, 0, 0, 0); errno != 0 {
		return errno
	}
	return nil
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
	set, err := setOf(cpus)
	if err != nil {
		return err
	}
	return unix.SchedSetaffinityDynamic(0, set)
}

// setOf returns the set of some CPUs.
func setOf(cpus []int) (unix.CPUSetDynamic, error) {
	room := leastCPUs
	for _, cpu := range cpus {
		if cpu < 0 || cpu >= mostCPUs {
			return nil, unix.EINVAL
		}
		room = max(room, cpu+1)
	}
	set := unix.NewCPUSet(room)
	for _, cpu := range cpus {
		set.Set(cpu)
	}
	return set, nil
}

// Affinity returns the CPUs to which the calling thread is bound.
func Affinity() ([]int, error) {
	return affinity(getAffinity)
}

func getAffinity(set unix.CPUSetDynamic) error { return unix.SchedGetaffinityDynamic(0, set) }

// affinity returns the CPUs that get puts into a set.
func affinity(get func(set unix.CPUSetDynamic) error) ([]int, error) {
	set, err := cpuSet(get)
	var cpus []int
	for cpu := range len(set) * int(unsafe.Sizeof(set[0])) * 8 {
		if set.IsSet(cpu) {
			cpus = append(cpus, cpu)
		}
	}
	return cpus, err
}

// cpuSet calls get with longer and longer sets, for as long as that answers EINVAL, as it does if
// the machine has more CPUs than the set.
func cpuSet(get func(set unix.CPUSetDynamic) error) (unix.CPUSetDynamic, error) {
	for room := leastCPUs; ; room *= 2 {
		set := unix.NewCPUSet(room)
		switch err := get(set); {
		case err == nil:
			return set, nil
		case err != unix.EINVAL || room >= mostCPUs:
			return nil, err
		}
	}
}

// A State is what the system says of a thread.
type State struct {
	name       [MaxName + 1]byte
	scheduling linux.SchedAttr
	cpus       string
	robust     uintptr // its list of robust locks
}

// Self returns the state of the calling thread. What the system does not say, as under some filters
// of system calls, is zero.
func Self() (s State) {
	_ = prctl(unix.PR_GET_NAME, unsafe.Pointer(&s.name))
	_ = linux.SchedGetattr(0, &s.scheduling, uint32(unsafe.Sizeof(s.scheduling)), 0)
	if set, err := cpuSet(getAffinity); err == nil {
		s.cpus = string(unsafe.Slice((*byte)(unsafe.Pointer(&set[0])), len(set)*int(unsafe.Sizeof(set[0])))) // all of set
	}
	s.robust, _, _ = linux.GetRobustList(0)
	return s
}

// Main reports whether the calling thread is the one whose end is the end of the process.
func Main() bool { return linux.Gettid() == syscall.Getpid() }

// Yield lets another thread run.
func Yield() { linux.SchedYield() }
