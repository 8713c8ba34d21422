// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// FUTEX_WAITV_MAX is the largest number of words that [FutexWaitv] takes.
const FUTEX_WAITV_MAX = 128

// FutexWaitv puts the calling thread to sleep for as long as each of several words holds
// its value.
//
//	futex_waitv(waiters, len(waiters), flags, deadline, clockid)
//
// The deadline is absolute, on the clock clockid, unix.CLOCK_MONOTONIC or CLOCK_REALTIME;
// nil means no limit. flags must be 0; the flags of the words are in the elements. Any wake of any
// of the words ends the sleep, whether by [FutexWake] or [Futex2Wake].
//
// The result is the index of a word that was woken. If several were, it can be that of any of them,
// and the wakes of the others are consumed: check all words again. Errors are of type
// [syscall.Errno]: EAGAIN if a word did not hold its value; ETIMEDOUT after the deadline; EINVAL
// for no waiters or more than FUTEX_WAITV_MAX, other flags, another clock with a deadline, a
// deadline that is negative or has a whole second in Nsec, and in an element for another size or
// flag, a value of more than 32 bits or a word that is not aligned; EFAULT for a word or a deadline
// that cannot be read; ENOSYS on older kernels. Signals restart the wait, unless their handler was
// installed without SA_RESTART, which Go never does: then EINTR.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another
// one. It may be called from any thread.
//
// Since Linux 5.16. See Documentation/userspace-api/futex2.rst.
func FutexWaitv(waiters []FutexWaiter, deadline *Timespec, clockid int32, flags uint32) (int, error) {
	n, _, errno := syscall.Syscall6(unix.SYS_FUTEX_WAITV, uintptr(unsafe.Pointer(unsafe.SliceData(waiters))),
		uintptr(len(waiters)), uintptr(flags), uintptr(unsafe.Pointer(deadline)), uintptr(clockid), 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
