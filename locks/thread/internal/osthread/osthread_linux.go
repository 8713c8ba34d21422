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

// prctl makes the system call of that name. An address that passes through another function as a
// number, as with unix.Prctl, may be out of date in the system call, since the stack moves when it
// grows.
func prctl(option uintptr, arg unsafe.Pointer) error {
	if _, _, errno := syscall.RawSyscall6(unix.SYS_PRCTL, option, uintptr(arg), 0, 0, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

// nice are the nice values of the levels. They belong to the thread, not to the process, which is
// specific to Linux.
var nice = [Levels]int{19, 10, 0, -10, -20}

// SetPriority sets the priority of the calling thread.
func SetPriority(level int, _ *Realtime) error {
	if err := unix.Setpriority(unix.PRIO_PROCESS, linux.Gettid(), nice[level]); err != nil {
		return niceRefusal(err, nice[level])
	}
	return nil
}

// A State is the system's description of a thread.
type State struct {
	name       [MaxName + 1]byte
	scheduling linux.SchedAttr
	cpus       string
	robust     uintptr // its list of robust locks
}

// Self returns the state of the calling thread. Fields that the system does not report, for example
// because of a system call filter, are zero.
func Self() (s State) {
	_ = prctl(unix.PR_GET_NAME, unsafe.Pointer(&s.name))
	_ = linux.SchedGetattr(0, &s.scheduling, uint32(unsafe.Sizeof(s.scheduling)), 0)
	if mask, err := affinityMask(getAffinity); err == nil {
		s.cpus = string(unsafe.Slice((*byte)(unsafe.Pointer(&mask[0])), len(mask)*int(unsafe.Sizeof(mask[0])))) // all of mask
	}
	s.robust, _, _ = linux.GetRobustList(0)
	return s
}

// Main reports whether the calling thread is the main thread.
func Main() bool { return linux.Gettid() == syscall.Getpid() }

// Yield lets another thread run.
func Yield() { linux.SchedYield() }
