// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import "sync/atomic"

// Locks with priority inheritance: while a thread waits for one, the kernel runs the
// owner with the waiter's priority. It can, because the word names the owner.
//
//	*addr                   lock    who may change it, and how
//	0                       free    anyone: CAS to its thread id
//	tid                     held    the owner: CAS to 0; a waiter: FutexLockPI
//	tid|FUTEX_WAITERS       held    the kernel alone: the owner calls FutexUnlockPI
//	FUTEX_OWNER_DIED|...    free    anyone, by FutexLockPI or FutexTrylockPI
//
// So acquiring a free lock, and releasing a lock without waiters, takes no system call.

// FutexLockPI acquires the lock addr. It blocks until the lock is available; meanwhile the lock's
// owner runs with the caller's priority.
//
//	futex(addr, FUTEX_LOCK_PI|flags, 0, deadline)
//
// The deadline is absolute and always on CLOCK_REALTIME: a time on CLOCK_MONOTONIC is
// long past there, see [FutexLockPI2]. nil means no limit. The only flag is
// FUTEX_PRIVATE_FLAG.
//
// A nil error means that the caller owns the lock: *addr holds its thread id. If it also
// holds FUTEX_OWNER_DIED, the previous owner ended without unlocking. Other errors are of
// type [syscall.Errno]:
//
//	EAGAIN     the owner is about to end; try again
//	EDEADLK    the caller owns the lock, or waiting would close a cycle of owners
//	EFAULT     the word or the deadline cannot be read or written
//	EINVAL     the word is not aligned, the deadline is negative or has a whole second in
//	           Nsec, or the word contradicts the kernel's state of it, such as
//	           threads in FutexWait
//	ENOMEM     the kernel lacks memory for the lock's state
//	ENOSYS     another flag, or a kernel or processor without priority inheritance
//	EPERM      the owner in the word is a kernel thread
//	ESRCH      the owner in the word is not a living thread
//	ETIMEDOUT  the deadline passed; FUTEX_WAITERS may remain in the word
//
// Signals restart the wait. The lock belongs to the OS thread: call
// [runtime.LockOSThread] before locking, and unlock on the same thread.
//
// Since Linux 2.6.18. See futex(2) and Documentation/locking/pi-futex.rst.
func FutexLockPI(addr *atomic.Uint32, deadline *Timespec, flags uint32) error {
	return futexWait(addr, FUTEX_LOCK_PI|flags, 0, deadline, nil, 0)
}

// FutexLockPI2 is [FutexLockPI] with a choice of clocks: the deadline is on
// CLOCK_MONOTONIC, unless flags holds FUTEX_CLOCK_REALTIME.
//
//	futex(addr, FUTEX_LOCK_PI2|flags, 0, deadline)
//
// Its arguments, errors and requirements on the thread are otherwise those of FutexLockPI; it
// blocks in the same way. Kernels without it return ENOSYS.
//
// Since Linux 5.14. See futex(2).
func FutexLockPI2(addr *atomic.Uint32, deadline *Timespec, flags uint32) error {
	return futexWait(addr, FUTEX_LOCK_PI2|flags, 0, deadline, nil, 0)
}

// FutexLockPIHandingOn is [FutexLockPI] for a thread that is known to sleep: it hands off its
// processor first, see [FutexWaitBitsetHandingOn].
//
//	futex(addr, FUTEX_LOCK_PI|flags, 0, deadline)
//
// In all other respects, including errors, thread and versions, it is FutexLockPI.
func FutexLockPIHandingOn(addr *atomic.Uint32, deadline *Timespec, flags uint32) error {
	return futexHandingOn(addr, FUTEX_LOCK_PI|flags, 0, deadline, 0)
}

// FutexLockPI2HandingOn is [FutexLockPI2] for a thread that is known to sleep: it hands off its
// processor first, see [FutexWaitBitsetHandingOn].
//
//	futex(addr, FUTEX_LOCK_PI2|flags, 0, deadline)
//
// In all other respects, including errors, thread and versions, it is FutexLockPI2.
func FutexLockPI2HandingOn(addr *atomic.Uint32, deadline *Timespec, flags uint32) error {
	return futexHandingOn(addr, FUTEX_LOCK_PI2|flags, 0, deadline, 0)
}

// FutexTrylockPI acquires the lock addr if it is free. It succeeds where a CAS from 0 cannot: when
// a dead owner's id or stale bits are in the word.
//
//	futex(addr, FUTEX_TRYLOCK_PI|flags)
//
// The only flag is FUTEX_PRIVATE_FLAG. A nil error means that the caller owns the lock. EAGAIN
// means that another thread owns it, and leaves FUTEX_WAITERS in the word, though no thread waits:
// the owner's CAS to 0 then fails, and it calls [FutexUnlockPI]. EDEADLK, EFAULT, EINVAL, ENOMEM,
// ENOSYS, EPERM and ESRCH are as with [FutexLockPI].
//
// The call does not block. The lock belongs to the OS thread: call
// [runtime.LockOSThread] before locking, and unlock on the same thread.
//
// Since Linux 2.6.18. See futex(2).
func FutexTrylockPI(addr *atomic.Uint32, flags uint32) error {
	_, err := futexNow(addr, FUTEX_TRYLOCK_PI|flags, 0, 0, nil, 0)
	return err
}

// FutexUnlockPI releases the lock addr, and hands it off to the waiter with the highest priority.
// It is for a word with FUTEX_WAITERS, but works on one without.
//
//	futex(addr, FUTEX_UNLOCK_PI|flags)
//
// The only flag is FUTEX_PRIVATE_FLAG; for a lock that is also robust see [FutexUnlockPIList]. Errors
// are of type [syscall.Errno]: EPERM if the word does not name the calling thread, for example
// because the goroutine has moved to another thread or the lock is free; EINVAL if the word is not
// aligned, or contradicts the kernel's state of it, such as threads in [FutexWait]; EFAULT for a word
// that cannot be read or written; EAGAIN, rarely, if the word changed meanwhile: try again; ENOSYS
// for another flag, or without priority inheritance.
//
// The call does not block. It must be made by the OS thread that acquired the lock.
//
// Since Linux 2.6.18. See futex(2).
func FutexUnlockPI(addr *atomic.Uint32, flags uint32) error {
	_, err := futexNow(addr, FUTEX_UNLOCK_PI|flags, 0, 0, nil, 0)
	return err
}
