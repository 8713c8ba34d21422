// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build netbsd

package netbsd

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// SchedSetaffinity binds a thread to some CPUs: CPU n is bit n%32 of set[n/32].
//
//	_sched_setaffinity(pid, lwp, 4*len(set), set)
//
// A pid of 0 means this process. An lwp of 0 means all threads of the process; for the calling thread, pass the result of
// [LwpSelf]. A set without a CPU that the machine has removes the binding.
//
// Errors are of type [syscall.Errno]: EPERM without the privilege, which is root's unless the sysctl
// security.models.extensions.user_set_cpu_affinity is 1, for CPUs that are all offline, and for one in a
// processor set; ESRCH if there is no such process or thread; EINVAL for a set with room for more CPUs than the
// kernel was built for.
//
// The call blocks only for other such calls, and it may be made from any thread.
//
// Since NetBSD 5.0; sets with room for fewer CPUs than the kernel was built for since 6.0. See affinity(3) and
// sys/kern/sys_sched.c.
func SchedSetaffinity(pid, lwp int, set []uint32) error {
	_, _, errno := syscall.RawSyscall6(unix.SYS__SCHED_SETAFFINITY, uintptr(pid), uintptr(lwp), uintptr(4*len(set)),
		uintptr(unsafe.Pointer(unsafe.SliceData(set))), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// SchedGetaffinity stores in set the CPUs to which a thread is bound: CPU n is bit n%32 of set[n/32]. All bits are zero
// for a thread that is not bound.
//
//	_sched_getaffinity(pid, lwp, 4*len(set), set)
//
// A pid of 0 means this process. Errors are of type [syscall.Errno]: ESRCH if there is no such process or thread;
// EPERM if the caller may not query it; EINVAL for a set with room for more CPUs than the kernel was built for.
//
// The call does not block, and it may be made from any thread.
//
// Since NetBSD 5.0; sets with room for fewer CPUs than the kernel was built for since 6.0. See affinity(3) and
// sys/kern/sys_sched.c.
func SchedGetaffinity(pid, lwp int, set []uint32) error {
	_, _, errno := syscall.RawSyscall6(unix.SYS__SCHED_GETAFFINITY, uintptr(pid), uintptr(lwp), uintptr(4*len(set)),
		uintptr(unsafe.Pointer(unsafe.SliceData(set))), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// SchedYield moves the calling thread behind the other runnable threads of its priority.
//
//	sched_yield()
//
// It yields the thread; to yield a goroutine use [runtime.Gosched]. It never fails. The thread may be off its CPU for
// as long as others run, so the call notifies the Go scheduler. It may be called from any thread.
//
// Since NetBSD 5.0. See sched_yield(3).
func SchedYield() {
	syscall.Syscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
}
