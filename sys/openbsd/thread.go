// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build openbsd

package openbsd

import (
	"syscall"
	"unsafe"
)

// Getthrid returns the id of the calling thread, as ps -H and kdump show it.
//
//	getthrid()
//
// The kernel chooses ids at random, and may give that of a thread that has ended to another one of any process. The
// call cannot fail, does not block, and may be made from any thread; but a goroutine that is not locked to its thread
// with [runtime.LockOSThread] may run on another one by the time it uses the result.
//
// Since OpenBSD 3.9. See getthrid(2).
func Getthrid() int {
	r1, _, _ := rawSyscall6(getthridAddr, 0, 0, 0, 0, 0, 0)
	return int(int32(r1))
}

// Setthrname gives a thread of this process a name, which ps -H and debuggers show.
//
//	setthrname(tid, name)
//
// A tid of 0 means the calling thread. The name ends at its first zero byte, which it must have.
//
// Errors are of type [syscall.Errno]: EINVAL for more than MAXCOMLEN bytes before the zero byte, and, from this
// package, for a name without one; ESRCH if this process has no such thread. The call does not block. With a tid of 0
// it applies to the OS thread, so the caller must be locked to it, see [runtime.LockOSThread].
//
// Since OpenBSD 7.3. See getthrname(2).
func Setthrname(tid int, name []byte) error {
	for _, b := range name {
		if b == 0 {
			r1, _, errno := rawSyscall6(setthrnameAddr, uintptr(tid), uintptr(unsafe.Pointer(&name[0])), 0, 0, 0, 0)
			return named(r1, errno)
		}
	}
	return syscall.EINVAL // checked here, since C would read past the end of name
}

// Getthrname writes the name of a thread of this process to buf, with a zero byte behind it.
//
//	getthrname(tid, buf, len(buf))
//
// A tid of 0 means the calling thread. A thread without a name has an empty one; MAXCOMLEN + 1 bytes have room for
// every name.
//
// Errors are of type [syscall.Errno]: ERANGE if buf has no room for the name and the zero byte; ESRCH if this process
// has no such thread; EINVAL, from this package, for an empty buf. The call does not block; for a tid of 0 the caller is
// locked to its thread, see [runtime.LockOSThread].
//
// Since OpenBSD 7.3. See getthrname(2).
func Getthrname(tid int, buf []byte) error {
	if len(buf) == 0 {
		return syscall.EINVAL
	}
	r1, _, errno := rawSyscall6(getthrnameAddr, uintptr(tid), uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)), 0, 0, 0)
	return named(r1, errno)
}

// named turns the result of a call on a name into Go's: 0 or an error number; but for a thread that does not exist,
// -1 and errno (sys/kern/kern_prot.c, sys_setthrname).
func named(r1 uintptr, errno syscall.Errno) error {
	if _, err := count(r1, errno); err != nil {
		return err
	}
	return status(r1)
}

// SchedYield moves the calling thread behind the other runnable threads of its priority.
//
//	sched_yield()
//
// It yields the thread; to yield a goroutine use [runtime.Gosched]. It never fails. The thread may be off its CPU for
// as long as others run, so the call notifies the Go scheduler. It may be called from any thread.
//
// Since OpenBSD 4.2. See sched_yield(2).
func SchedYield() {
	syscall6(schedYieldAddr, 0, 0, 0, 0, 0, 0)
}
