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
// cpu_set_t. The mask may have any length: bits that a short mask lacks count as zero, and the
// kernel ignores bits beyond its number of CPUs. It leaves out CPUs that do not exist, or that the
// thread's cgroup does not allow.
//
// Errors are of type [syscall.Errno]: EINVAL if no CPU is left, or for some threads of the kernel;
// ESRCH if there is no such thread; EPERM for a thread of another user, without CAP_SYS_NICE; EBUSY
// for a SCHED_DEADLINE thread and a mask with fewer CPUs than those over which the kernel
// guarantees its bandwidth; EFAULT for a mask that cannot be read; ENOMEM if the kernel lacks
// memory.
//
// When the call returns, the thread runs on a CPU of the mask or will when it next runs. With a tid
// of 0 the call applies to the OS thread, so the caller must be locked to it, see
// [runtime.LockOSThread]. The mask remains when the goroutine unlocks the thread, so restore the
// old mask, or let the goroutine end locked. [runtime.NumCPU] does not change.
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

// SchedGetaffinity stores in mask the CPUs on which a thread may run, and returns the number of
// bytes that it stored.
//
//	sched_getaffinity(tid, sizeof(mask), mask)
//
// A tid of 0 means the calling thread. The bits are those of [SchedSetaffinity], without CPUs that
// are offline. The number of bytes is a multiple of the size of a uintptr; the kernel does not
// change the rest of mask.
//
// Errors are of type [syscall.Errno]: EINVAL if mask has fewer bits than the kernel's maximum
// number of CPUs, which can be more than the machine has: start with 1,024 bits, and double the
// length until the call succeeds; ESRCH if there is no such thread; EFAULT for a mask that cannot
// be written; ENOMEM if the kernel lacks memory.
//
// The call does not block. With a tid of 0 it applies to the OS thread, so the caller must be
// locked to it, see [runtime.LockOSThread].
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
