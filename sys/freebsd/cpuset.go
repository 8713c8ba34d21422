// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd

package freebsd

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The level selects a set of CPUs of an object.
const (
	CPU_LEVEL_ROOT   = 1 // all CPUs that it could have
	CPU_LEVEL_CPUSET = 2 // those of the numbered set that it belongs to
	CPU_LEVEL_WHICH  = 3 // its own
)

// The which argument determines the meaning of an id.
const (
	CPU_WHICH_TID    = 1 // a thread's; -1 is the calling one
	CPU_WHICH_PID    = 2 // a process's; -1 is the calling one
	CPU_WHICH_CPUSET = 3 // a numbered set's
	CPU_WHICH_IRQ    = 4 // an interrupt's
	CPU_WHICH_JAIL   = 5 // a jail's
)

// CpusetGetaffinity returns a set of CPUs, in mask: CPU n is bit n%bits.UintSize of word n/bits.UintSize.
//
//	cpuset_getaffinity(level, which, id, size, mask)
//
// Errors are of type [syscall.Errno]: EINVAL for another level or which; ERANGE for a mask that has no room:
// before FreeBSD 14 it must have as many bits as the kernel was built for (256 or 1,024, see kern.smp.maxcpus),
// and not more than four times as many; ESRCH if there is no such object; EPERM if the caller may not see it;
// EFAULT for a mask that cannot be written.
//
// The call does not block. With CPU_WHICH_TID and an id of -1 it applies to the OS thread, so the caller must be locked
// to it, see [runtime.LockOSThread].
//
// Since FreeBSD 7.1. See cpuset_getaffinity(2).
func CpusetGetaffinity(level, which int32, id int64, mask []uint) error {
	return cpuset(unix.SYS_CPUSET_GETAFFINITY, level, which, id, mask)
}

// CpusetSetaffinity sets a set of CPUs, to mask.
//
//	cpuset_setaffinity(level, which, id, size, mask)
//
// Since FreeBSD 14 mask may have any size. Errors are of type [syscall.Errno]: EINVAL for another level or which,
// or a CPU that the object cannot have; EDEADLK for a mask without one that the thread may run on; ERANGE for a
// mask that is too short or much too long, before FreeBSD 14, where the rule of [CpusetGetaffinity] holds; ESRCH if
// there is no such object; EPERM if the caller may not change it; EFAULT for a mask that cannot be read.
//
// The call does not block. The note in [CpusetGetaffinity] on the calling thread applies, too. Threads that Go starts
// from a changed one inherit the change.
//
// Since FreeBSD 7.1. See cpuset_setaffinity(2), and kern_cpuset_setaffinity in sys/kern/kern_cpuset.c.
func CpusetSetaffinity(level, which int32, id int64, mask []uint) error {
	return cpuset(unix.SYS_CPUSET_SETAFFINITY, level, which, id, mask)
}

// cpuset makes either call. The id has 64 bits: two arguments on 32-bit systems, whose lower half comes first.
func cpuset(trap uintptr, level, which int32, id int64, mask []uint) error {
	size := uintptr(len(mask)) * unsafe.Sizeof(uint(0))
	var errno syscall.Errno
	if unsafe.Sizeof(uintptr(0)) == 8 {
		_, _, errno = syscall.RawSyscall6(trap, uintptr(level), uintptr(which), uintptr(id), size,
			uintptr(unsafe.Pointer(unsafe.SliceData(mask))), 0)
	} else {
		_, _, errno = syscall.RawSyscall6(trap, uintptr(level), uintptr(which), uintptr(id), uintptr(id>>32), size,
			uintptr(unsafe.Pointer(unsafe.SliceData(mask))))
	}
	if errno != 0 {
		return errno
	}
	return nil
}
