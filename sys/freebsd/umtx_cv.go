// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd

package freebsd

import (
	"structs"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Ucond is a condition variable. It is struct ucond.
//
// HasWaiters is not 0 while threads wait in [UmtxCvWait]; [UmtxCvSignal] and [UmtxCvBroadcast] have nothing to
// do while it is 0. Flags are USYNC_PROCESS_SHARED or 0. ClockID is the clock of waits with CVWAIT_CLOCKID.
type Ucond struct {
	_          structs.HostLayout
	HasWaiters atomic.Uint32
	Flags      uint32
	ClockID    uint32
	_          uint32
}

// UmtxCvWait unlocks m and waits for a signal of cv, in one step.
//
//	_umtx_op(cv, UMTX_OP_CV_WAIT, flags, m, limit)
//
// limit is a duration, or with CVWAIT_ABSTIME in flags a point in time; nil means none. It counts by the clock
// that cv names with CVWAIT_CLOCKID in flags, and by CLOCK_REALTIME otherwise. It does not lock m again: the
// caller does.
//
// A nil error means that the thread was woken, possibly spuriously. Other errors are of type [syscall.Errno]: ETIMEDOUT
// after the limit; EINTR for a signal of the system's kind; EPERM if the calling thread does not hold m, and then it
// did not wait; EINVAL for a limit that is negative or has a whole second in Nsec, a clock that does not count by
// itself, or flags of m of both protocols; EFAULT for memory that cannot be written. With EINVAL for the limit or the
// clock, and with EPERM, m is as it was.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another one. The thread owns m,
// so it is locked to its goroutine, see [runtime.LockOSThread].
//
// Older than FreeBSD 12. See _umtx_op(2), and do_cv_wait in sys/kern/kern_umtx.c.
func UmtxCvWait(cv *Ucond, m *Umutex, limit *Timespec, flags uint32) error {
	_, _, errno := syscall.Syscall6(unix.SYS__UMTX_OP, uintptr(unsafe.Pointer(cv)), UMTX_OP_CV_WAIT, uintptr(flags),
		uintptr(unsafe.Pointer(m)), uintptr(unsafe.Pointer(limit)), 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// UmtxCvSignal wakes one thread that waits for cv.
//
//	_umtx_op(cv, UMTX_OP_CV_SIGNAL)
//
// It clears HasWaiters if that was the last. The only error is EFAULT, of type [syscall.Errno], for memory that
// cannot be written. The call does not block, and it may be made from any thread.
//
// Older than FreeBSD 12. See _umtx_op(2).
func UmtxCvSignal(cv *Ucond) error {
	return umtxNow(unsafe.Pointer(cv), UMTX_OP_CV_SIGNAL, 0, nil)
}

// UmtxCvBroadcast wakes all threads that wait for cv.
//
//	_umtx_op(cv, UMTX_OP_CV_BROADCAST)
//
// It clears HasWaiters. Otherwise it is [UmtxCvSignal].
func UmtxCvBroadcast(cv *Ucond) error {
	return umtxNow(unsafe.Pointer(cv), UMTX_OP_CV_BROADCAST, 0, nil)
}
