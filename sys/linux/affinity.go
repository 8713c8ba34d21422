// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// SchedSetaffinity makes a thread run only on the CPUs whose bits are set in mask.
//
//	sched_setaffinity(tid, sizeof(mask), mask)
//
// A tid of 0 means the calling thread. CPU n is bit n%bits.UintSize of mask[n/bits.UintSize], as in
// cpu_set_t. The mask may have any length: what a short one lacks counts as zero, and what it has
// beyond the kernel's number of CPUs is not looked at. CPUs that are not there, or that the
// thread's cgroup does not allow, are left out.
//
// Errors are of type [syscall.Errno]: EINVAL if no CPU is left, or for some threads of the kernel;
// ESRCH if there is no such thread; EPERM for a thread of another user, without CAP_SYS_NICE; EBUSY
// for a thread of SCHED_DEADLINE and fewer CPUs than those among which the kernel divides its
// promises; EFAULT for a mask that cannot be read; ENOMEM if the kernel lacks memory.
//
// When the call returns, the thread runs on a CPU of the mask or will when it next runs. With a tid
// of 0 it is about the OS thread: the caller is locked to it, see [runtime.LockOSThread]. It stays
// when the goroutine unlocks the thread, so set the mask back, or let the goroutine end locked.
// [runtime.NumCPU] does not change.
//
// Since Linux 2.5.8. See sched_setaffinity(2) and kernel/sched/syscalls.c.
func SchedSetaffinity(tid int, mask []uintptr) error {
	_, _, errno := syscall.RawSyscall(unix.SYS_SCHED_SETAFFINITY, uintptr(tid),
		uintptr(len(mask))*unsafe.Sizeof(mask[0]), uintptr(unsafe.Pointer(unsafe.SliceData(mask))))
	if errno != 0 {
		return errno
	}
	return nil
}

// SchedGetaffinity stores into mask the CPUs on which a thread may run, and returns the number of
// bytes that it has stored.
//
//	sched_getaffinity(tid, sizeof(mask), mask)
//
// A tid of 0 means the calling thread. The bits are those of [SchedSetaffinity], without CPUs that
// are switched off. The number of bytes is a multiple of the size of a uintptr; the kernel leaves
// what follows them in mask as it was.
//
// Errors are of type [syscall.Errno]: EINVAL if mask has fewer bits than this kernel may have CPUs,
// which can be more than the machine has: try again with twice the length, from 1,024 bits on;
// ESRCH if there is no such thread; EFAULT for a mask that cannot be written; ENOMEM if the kernel
// lacks memory.
//
// The call does not block. With a tid of 0 it is about the OS thread: the caller is locked to it,
// see [runtime.LockOSThread].
//
// Since Linux 2.5.8. See sched_getaffinity(2) and kernel/sched/syscalls.c.
func SchedGetaffinity(tid int, mask []uintptr) (int, error) {
	n, _, errno := syscall.RawSyscall(unix.SYS_SCHED_GETAFFINITY, uintptr(tid),
		uintptr(len(mask))*unsafe.Sizeof(mask[0]), uintptr(unsafe.Pointer(unsafe.SliceData(mask))))
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
