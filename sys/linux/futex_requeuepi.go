// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"sync/atomic"
	"unsafe"
)

// Condition variables for locks with priority inheritance: the waiter names the lock
// beforehand, and the signaller requeues it there, so that the kernel knows whose priority the
// owner inherits.

// FutexWaitRequeuePI puts the calling thread to sleep for as long as *addr holds val and no thread
// requeues it to the lock addr2; once requeued, it waits for the lock and acquires it.
//
//	futex(addr, FUTEX_WAIT_REQUEUE_PI|flags, val, deadline, addr2)
//
// The deadline is absolute, on CLOCK_MONOTONIC unless flags holds FUTEX_CLOCK_REALTIME,
// and covers both waits; nil means no limit. The other flag is FUTEX_PRIVATE_FLAG, which
// holds for both words. Only [FutexCmpRequeuePI] ends the wait; [FutexWake] returns EINVAL.
//
// A nil error means that the caller owns addr2. After any other error it does not. Other errors are
// of type [syscall.Errno]: EAGAIN if *addr did not hold val, or if a signal ended the wait for the
// lock; ETIMEDOUT after the deadline; EINVAL if the two words are the same, are not aligned, or the
// deadline is negative or has a whole second in Nsec; EFAULT for a word or a deadline that cannot
// be read; ENOSYS for another flag, or without priority inheritance.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another
// one. The lock belongs to the OS thread: call [runtime.LockOSThread] before, and unlock
// addr2 with [FutexUnlockPI] on the same thread.
//
// Since Linux 2.6.31. See futex(2) and Documentation/locking/futex-requeue-pi.rst.
func FutexWaitRequeuePI(addr *atomic.Uint32, val uint32, deadline *Timespec, addr2 *atomic.Uint32, flags uint32) error {
	stays(unsafe.Pointer(addr2))
	return futexWait(addr, FUTEX_WAIT_REQUEUE_PI|flags, val, deadline, addr2, 0)
}

// FutexCmpRequeuePI requeues threads from [FutexWaitRequeuePI] on addr to the lock addr2, provided
// that *addr holds val. If the lock is free, the first of them acquires it and is woken; up to
// nrRequeue others wait for it.
//
//	futex(addr, FUTEX_CMP_REQUEUE_PI|flags, nrWake, nrRequeue, addr2, val)
//
// nrWake must be 1. The only flag is FUTEX_PRIVATE_FLAG, which holds for both words. The
// result is the number of threads woken plus the number moved. Errors are of type
// [syscall.Errno]:
//
//	EAGAIN   *addr did not hold val, or the owner of addr2 is about to end
//	EDEADLK  a thread to be moved owns addr2
//	EFAULT   a word cannot be read or written
//	EINVAL   nrWake is not 1, nrRequeue is above 1<<31 - 1, the words are the same or not
//	         aligned, or a thread waits on addr in another operation or for another lock
//	ENOMEM   the kernel lacks memory for the lock's state
//	ENOSYS   another flag, or no priority inheritance
//	EPERM    the owner in *addr2 is a kernel thread
//	ESRCH    the owner in *addr2 is not a living thread
//
// The call does not block, and it may be made from any thread, owner of addr2 or not.
//
// Since Linux 2.6.31. See futex(2) and Documentation/locking/futex-requeue-pi.rst.
func FutexCmpRequeuePI(addr *atomic.Uint32, nrWake, nrRequeue uint32, addr2 *atomic.Uint32, val, flags uint32) (int, error) {
	stays(unsafe.Pointer(addr2))
	return futexNow(addr, FUTEX_CMP_REQUEUE_PI|flags, nrWake, nrRequeue, addr2, val)
}
