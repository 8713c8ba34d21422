// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build netbsd

package netbsd

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// LwpSelf returns the id of the calling thread, as the words of robust locks hold it.
//
//	_lwp_self()
//
// It is never 0, and at most FUTEX_TID_MASK in NetBSD 10. It cannot fail, does not block, and may be called from
// any thread; but a goroutine that is not locked to its thread with [runtime.LockOSThread] may run on another
// one by the time it uses the result. Before NetBSD 10 the ids of two processes may be the same.
//
// Since NetBSD 5.0. See _lwp_self(2).
func LwpSelf() int {
	id, _, _ := syscall.RawSyscall(unix.SYS__LWP_SELF, 0, 0, 0)
	return int(id)
}

// LwpPark puts the calling thread to sleep until another one calls [LwpUnpark] with its id.
//
//	___lwp_park60(clock, flags, time, unpark, hint, unparkHint)
//
// With flags TIMER_ABSTIME, time is a point in time on clock, which is CLOCK_REALTIME or CLOCK_MONOTONIC. With
// TIMER_RELTIME it is a duration, and the call stores the rest of it there; nil means no limit. If unpark
// is not 0, the thread with that id is unparked first. The hints are ignored since NetBSD 10: pass 0.
//
// There is one permit for each thread, and Go's runtime uses it, too: it parks its threads when they have nothing to
// do, and unparks them. So an unpark by the runtime may wake a thread, which must check its own condition again; and
// unparking a thread that is not in LwpPark costs the runtime one spurious wake-up.
//
// A nil error means that the thread was unparked. Other errors are of type [syscall.Errno]: EALREADY if it was
// unparked before it slept; ETIMEDOUT when the timeout has expired; EINTR for a signal; EINVAL for a time with
// nanoseconds out of range, or another clock; EFAULT for a time that cannot be read; ESRCH if this process has no
// thread unpark, and then it has not slept.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another one. Lock the caller to its
// thread with [runtime.LockOSThread], since the thread that unparks it must know its id.
//
// Since NetBSD 7.0. See _lwp_park(2) and sys/kern/sys_lwp.c.
func LwpPark(clock, flags int32, time *unix.Timespec, unpark int, hint, unparkHint uintptr) error {
	_, _, errno := syscall.Syscall6(sysLwpPark, uintptr(clock), uintptr(flags), uintptr(unsafe.Pointer(time)),
		uintptr(unpark), hint, unparkHint)
	if errno != 0 {
		return errno
	}
	return nil
}

// LwpUnpark wakes a thread of this process from [LwpPark], or lets its next LwpPark return at once.
//
//	_lwp_unpark(lwp, hint)
//
// The hint is ignored since NetBSD 10: pass 0. The only error is ESRCH, of type [syscall.Errno], if this process has
// no such thread. The call does not block, and it may be made from any thread. The caution at LwpPark about Go's
// runtime applies here too.
//
// Since NetBSD 5.0. See _lwp_unpark(2) and sys/kern/sys_lwp.c.
func LwpUnpark(lwp int, hint uintptr) error {
	_, _, errno := syscall.RawSyscall(unix.SYS__LWP_UNPARK, uintptr(lwp), hint, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// LwpSetname gives a thread of this process a name, which ps -s and debuggers show.
//
//	_lwp_setname(lwp, name)
//
// An lwp of 0 means the calling thread. The name ends at its first zero byte, which it must have; the kernel keeps
// 15 bytes of it, and truncates the rest.
//
// Errors are of type [syscall.Errno]: ESRCH if this process has no such thread; EINVAL, from this package, for a
// name without a zero byte. The call does not block. With an lwp of 0 it applies to the OS thread, so the caller must
// be locked to it, see [runtime.LockOSThread].
//
// Since NetBSD 5.0. See _lwp_setname(2) and sys/kern/sys_lwp.c.
func LwpSetname(lwp int, name []byte) error {
	for _, b := range name {
		if b == 0 {
			_, _, errno := syscall.RawSyscall(unix.SYS__LWP_SETNAME, uintptr(lwp), uintptr(unsafe.Pointer(&name[0])), 0)
			if errno != 0 {
				return errno
			}
			return nil
		}
	}
	return syscall.EINVAL // here, since the kernel would read on
}

// LwpGetname writes the name of a thread of this process to buf, followed by a zero byte.
//
//	_lwp_getname(lwp, buf, len(buf))
//
// An lwp of 0 means the calling thread. A thread without a name has an empty one; 16 bytes have room for every
// name.
//
// Errors are of type [syscall.Errno]: ESRCH if this process has no such thread; ENAMETOOLONG if buf has no room for
// the name and the zero byte, and then it holds the beginning of the name; EINVAL, from this package, for an empty buf.
// The call does not block. For an lwp of 0 lock the caller to its thread, see [runtime.LockOSThread].
//
// Since NetBSD 5.0. See _lwp_getname(2) and sys/kern/sys_lwp.c.
func LwpGetname(lwp int, buf []byte) error {
	if len(buf) == 0 {
		return syscall.EINVAL
	}
	_, _, errno := syscall.RawSyscall(unix.SYS__LWP_GETNAME, uintptr(lwp), uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)))
	if errno != 0 {
		return errno
	}
	return nil
}
