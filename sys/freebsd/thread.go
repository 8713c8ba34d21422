// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd

package freebsd

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ThrSelf returns the id of the calling thread, as it stands in the word of a [Umutex].
//
//	thr_self(&id)
//
// It is from 100001 to 1<<31 - 1, so never 0 and never the id of a process; the system gives it to another
// thread after this one has ended. It cannot fail, does not block, and may be called from any thread; but a
// goroutine that is not locked to its thread with [runtime.LockOSThread] may run on another one by the time it uses the
// result.
//
// Since FreeBSD 5.2. See thr_self(2).
func ThrSelf() int {
	var id int // a long of C
	syscall.RawSyscall(unix.SYS_THR_SELF, uintptr(unsafe.Pointer(&id)), 0, 0)
	return id
}

// ThrSetName gives a thread of this process a name, which ps -H, top -H and debuggers show.
//
//	thr_set_name(id, name)
//
// The name ends at its first zero byte, which it must have. It is cut to 19 bytes.
//
// Errors are of type [syscall.Errno]: ESRCH if the process has no such thread; EINVAL for a name without a zero
// byte, which is not passed on. The call does not block, and it may be made from any thread.
//
// Older than FreeBSD 12. See thr_set_name(2), and sys_thr_set_name in sys/kern/kern_thr.c.
func ThrSetName(id int, name []byte) error {
	for _, b := range name {
		if b == 0 {
			_, _, errno := syscall.RawSyscall(unix.SYS_THR_SET_NAME, uintptr(id), uintptr(unsafe.Pointer(&name[0])), 0)
			if errno != 0 {
				return errno
			}
			return nil
		}
	}
	return syscall.EINVAL // checked here, since C would read past the end of name
}

// ThrSuspend puts the calling thread to sleep until another one calls [ThrWake] for it.
//
//	thr_suspend(timeout)
//
// timeout is a duration, which ends at a tick of the system's clock; nil means no limit. A wake that came
// before is remembered, one at most: then the call returns at once.
//
// Errors are of type [syscall.Errno]: ETIMEDOUT after the timeout; EINTR for a signal, with a timeout only;
// EINVAL for a timeout that is negative or has a whole second in Nsec; EFAULT for one that cannot be read.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another one. Wakes are for the
// thread: call [runtime.LockOSThread] before.
//
// Since FreeBSD 5.2. See thr_suspend(2), and kern_thr_suspend in sys/kern/kern_thr.c.
func ThrSuspend(timeout *Timespec) error {
	_, _, errno := syscall.Syscall(unix.SYS_THR_SUSPEND, uintptr(unsafe.Pointer(timeout)), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// ThrWake wakes a thread of this process that sleeps in [ThrSuspend], or makes its next ThrSuspend return at
// once.
//
//	thr_wake(id)
//
// Never call it with the id of the calling thread: that means something else, the end of the thread's next
// sleep of any kind by EINTR, and Go's runtime sleeps next.
//
// The only error is ESRCH, of type [syscall.Errno], if the process has no such thread. The call does not block,
// and it may be made from any thread.
//
// Since FreeBSD 5.2. See thr_wake(2).
func ThrWake(id int) error {
	_, _, errno := syscall.RawSyscall(unix.SYS_THR_WAKE, uintptr(id), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
