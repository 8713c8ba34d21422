// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build dragonfly

package dragonfly

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// LwpGettid returns the id of the calling thread (a light-weight process, LWP) within its process.
//
//	lwp_gettid()
//
// Processes number their threads each for itself, and the main thread may be 0 or 1; the process gives the id
// of a thread that has ended to another. It cannot fail, does not block, and may be called from any thread; but
// a goroutine that is not locked to its thread with [runtime.LockOSThread] may run on another one by the time
// it uses the result.
//
// Since DragonFly 1.9. See lwp_gettid(2).
func LwpGettid() int32 {
	tid, _, _ := syscall.RawSyscall(unix.SYS_LWP_GETTID, 0, 0, 0)
	return int32(tid)
}

// LwpSetname gives a thread of this process a name, which ps -H, top -H and debuggers show.
//
//	lwp_setname(tid, name)
//
// The name ends at its first zero byte, which it must have. It is cut to 16 bytes, by newer kernels to 1,023.
//
// Errors are of type [syscall.Errno]: ESRCH if the process has no such thread; EINVAL for a name without a zero
// byte, which is not passed on. The call does not block, and it may be made from any thread.
//
// Since DragonFly 4.3. See lwp_setname(2).
func LwpSetname(tid int32, name []byte) error {
	for _, b := range name {
		if b == 0 {
			_, _, errno := syscall.RawSyscall(unix.SYS_LWP_SETNAME, uintptr(tid), uintptr(unsafe.Pointer(&name[0])), 0)
			if errno != 0 {
				return errno
			}
			return nil
		}
	}
	return syscall.EINVAL // checked here, since C would read past the end of name
}

// LwpGetname writes the name of a thread of this process to buf, with a zero byte behind it.
//
//	lwp_getname(tid, buf, size)
//
// What does not fit is cut off. A thread without a name has an empty one.
//
// Errors are of type [syscall.Errno]: ESRCH if the process has no such thread; EINVAL for an empty buf, which
// is not passed on; ENOSYS on a kernel without the call. The call does not block, and it may be made from any
// thread.
//
// It is younger than LwpSetname. See sys/kern/syscalls.master, number 549.
func LwpGetname(tid int32, buf []byte) error {
	if len(buf) == 0 {
		return syscall.EINVAL
	}
	_, _, errno := syscall.RawSyscall(unix.SYS_LWP_GETNAME, uintptr(tid), uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)))
	if errno != 0 {
		return errno
	}
	return nil
}
