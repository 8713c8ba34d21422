// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"structs"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A SchedAttr describes how a thread is scheduled. It is struct sched_attr as of Linux 5.3; older
// kernels lack the last two fields.
type SchedAttr struct {
	_ structs.HostLayout
	// Size is the size of the struct in bytes: the caller sets it for SchedSetattr, and
	// SchedGetattr sets it to the size that the kernel knows.
	Size uint32
	// Policy is unix.SCHED_NORMAL, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_IDLE or
	// SCHED_DEADLINE.
	Policy uint32
	// Flags are unix.SCHED_FLAG_RESET_ON_FORK and the other SCHED_FLAG constants.
	Flags uint64
	// Nice is from -20, the most favoured, to 19, for SCHED_NORMAL and SCHED_BATCH.
	Nice int32
	// Priority is from 1 to 99, the most urgent, for SCHED_FIFO and SCHED_RR, else 0.
	Priority uint32
	// Runtime, Deadline and Period are nanoseconds, for SCHED_DEADLINE.
	Runtime, Deadline, Period uint64
	// UtilMin and UtilMax bound the utilization that chooses the CPU frequency, 0 to 1024.
	UtilMin, UtilMax uint32
}

// SchedSetattr changes how a thread is scheduled.
//
//	sched_setattr(tid, attr, flags)
//
// A tid of 0 means the calling thread. attr.Size must be set. flags must be 0.
//
// Errors are of type [syscall.Errno]: EINVAL for a nil attr, a negative tid, other flags,
// or an attr that makes no sense; E2BIG for an attr.Size that is too small, or one larger than the
// kernel's with a nonzero byte in the excess, and the call then sets attr.Size to the kernel's
// size; EPERM without the privilege, CAP_SYS_NICE or a limit RLIMIT_RTPRIO; ESRCH if there is no
// such thread; EBUSY if SCHED_DEADLINE would guarantee more time than there is; ENOSYS on older
// kernels.
//
// The call does not block. With a tid of 0 it applies to the OS thread, so the caller must be
// locked to it, see [runtime.LockOSThread]. Threads that Go starts from a changed one inherit the
// change, unless attr.Flags holds unix.SCHED_FLAG_RESET_ON_FORK.
//
// Since Linux 3.14. See sched_setattr(2) and sched(7).
func SchedSetattr(tid int, attr *SchedAttr, flags uint32) error {
	_, _, errno := syscall.RawSyscall6(unix.SYS_SCHED_SETATTR, uintptr(tid), uintptr(unsafe.Pointer(attr)),
		uintptr(flags), 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// SchedGetattr stores in *attr how a thread is scheduled.
//
//	sched_getattr(tid, attr, size, flags)
//
// A tid of 0 means the calling thread. size is unsafe.Sizeof(*attr). flags are 0, or
// unix.SCHED_GETATTR_FLAG_DL_DYNAMIC for a thread of SCHED_DEADLINE: then Runtime is the time left
// in this period, and Deadline is a time on CLOCK_MONOTONIC.
//
// Errors are of type [syscall.Errno]: EINVAL for a nil attr, a negative tid, other flags, that
// flag for a thread of another policy, or a size below 48 or above a page; ESRCH if there is no
// such thread; ENOSYS on older kernels.
//
// The call does not block. With a tid of 0 it applies to the OS thread, so the caller must be
// locked to it, see [runtime.LockOSThread].
//
// Since Linux 3.14; the flag since 7.1. See sched_getattr(2) and
// Documentation/scheduler/sched-deadline.rst.
func SchedGetattr(tid int, attr *SchedAttr, size, flags uint32) error {
	_, _, errno := syscall.RawSyscall6(unix.SYS_SCHED_GETATTR, uintptr(tid), uintptr(unsafe.Pointer(attr)),
		uintptr(size), uintptr(flags), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// SchedYield moves the calling thread behind the other runnable threads of its priority on its CPU.
//
//	sched_yield()
//
// It is meaningful for SCHED_FIFO and SCHED_RR; for other threads the kernel promises nothing. It
// yields the thread; to yield a goroutine use [runtime.Gosched].
//
// It never fails. The thread may be off its CPU for as long as others run, so the call notifies the
// Go scheduler. It may be called from any thread.
//
// Since Linux 2.2. See sched_yield(2).
func SchedYield() {
	syscall.Syscall6(unix.SYS_SCHED_YIELD, 0, 0, 0, 0, 0, 0)
}
