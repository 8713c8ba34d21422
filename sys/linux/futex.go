// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import "sync/atomic"

// FutexWait puts the calling thread to sleep for as long as *addr holds val.
//
//	futex(addr, FUTEX_WAIT|flags, val, timeout)
//
// Comparing and going to sleep is one atomic step with respect to wakes of addr. The timeout is a
// duration, by CLOCK_MONOTONIC; nil means no limit. For a point in time use [FutexWaitBitset]. The
// only flag is FUTEX_PRIVATE_FLAG; set it unless another process maps the word.
//
// A nil error means that the thread was woken, possibly spuriously, so check the word again. Other
// errors are of type [syscall.Errno]: EAGAIN if *addr did not hold val, ETIMEDOUT after the
// timeout, EINTR for a signal, which without a timeout happens only if C code has installed its
// handler without SA_RESTART, as Go never does, EINVAL for a word that is not aligned to 4 bytes or
// a timeout that is negative or has a whole second in Nsec, EFAULT for a word or a timeout that
// cannot be read, ENOSYS for another flag.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another
// one: a thousand waiters are a thousand threads. It may be called from any thread.
//
// Since Linux 2.6.0; FUTEX_PRIVATE_FLAG since 2.6.22. See futex(2) and
// include/uapi/linux/futex.h.
func FutexWait(addr *atomic.Uint32, val uint32, timeout *Timespec, flags uint32) error {
	return futexWait(addr, FUTEX_WAIT|flags, val, timeout, nil, 0)
}

// FutexWake wakes up to nr of the threads that wait on addr.
//
//	futex(addr, FUTEX_WAKE|flags, nr)
//
// Threads of equal priority are woken in FIFO order. nr is an int in the kernel: the largest is
// 1<<31 - 1, which means all. An nr of 0 wakes one, as 1 does. The only flag is FUTEX_PRIVATE_FLAG,
// and it must be that of the waiters; for FUTEX_ROBUST_UNLOCK use [FutexUnlockWakeList].
//
// The result is the number of threads woken. Errors are of type [syscall.Errno]: EINVAL
// for a word that is not aligned to 4 bytes, or one on which threads wait in
// [FutexLockPI]; EFAULT for a word without FUTEX_PRIVATE_FLAG that is not mapped; ENOSYS
// for another flag. A private wake never accesses the word, so it is allowed after the word's
// memory was freed.
//
// The call does not block, and it may be made from any thread.
//
// Since Linux 2.6.0. See futex(2).
func FutexWake(addr *atomic.Uint32, nr, flags uint32) (int, error) {
	return futexNow(addr, FUTEX_WAKE|flags, nr, 0, nil, 0)
}

// FutexWaitBitset puts the calling thread to sleep for as long as *addr holds val.
//
//	futex(addr, FUTEX_WAIT_BITSET|flags, val, deadline, NULL, mask)
//
// Only wakes whose mask shares a bit with mask end the sleep; FUTEX_BITSET_MATCH_ANY
// accepts all. The deadline is absolute, on CLOCK_MONOTONIC unless flags holds
// FUTEX_CLOCK_REALTIME; nil means no limit. Set FUTEX_PRIVATE_FLAG in flags unless
// another process maps the word.
//
// A nil error means that the thread was woken, possibly spuriously, so check the word again. Other
// errors are of type [syscall.Errno]: EAGAIN if *addr did not hold val, even if the deadline has
// passed; ETIMEDOUT after the deadline; EINTR for a signal, which without a deadline happens only
// if C code has installed its handler without SA_RESTART, as Go never does; EINVAL for a zero mask,
// a word that is not aligned to 4 bytes, or a deadline that is negative or has a whole second in
// Nsec; EFAULT for a word or a deadline that cannot be read; ENOSYS for another flag.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another
// one: a thousand waiters are a thousand threads. It may be called from any thread.
//
// Since Linux 2.6.25; FUTEX_CLOCK_REALTIME since 2.6.28. See futex(2) and
// include/uapi/linux/futex.h.
func FutexWaitBitset(addr *atomic.Uint32, val uint32, deadline *Timespec, mask, flags uint32) error {
	return futexWait(addr, FUTEX_WAIT_BITSET|flags, val, deadline, nil, mask)
}

// FutexWaitBitsetHandingOn is [FutexWaitBitset] for a thread that is known to sleep. Its processor
// (the P of the Go scheduler) runs other goroutines at once, while that of a thread in
// FutexWaitBitset does so only when the scheduler's monitor finds it, 20 µs to 10 ms later. In
// return, a call that does not sleep costs more. With the build tag osync_nolinkname, and with Go
// releases newer than those osync was tested with, the two are the same.
//
//	futex(addr, FUTEX_WAIT_BITSET|flags, val, deadline, NULL, mask)
//
// In all other respects, including errors, thread and versions, it is FutexWaitBitset.
func FutexWaitBitsetHandingOn(addr *atomic.Uint32, val uint32, deadline *Timespec, mask, flags uint32) error {
	return futexHandingOn(addr, FUTEX_WAIT_BITSET|flags, val, deadline, mask)
}

// FutexWakeBitset wakes up to nr of the threads that wait on addr with a mask that shares
// a bit with mask.
//
//	futex(addr, FUTEX_WAKE_BITSET|flags, nr, NULL, NULL, mask)
//
// With the mask FUTEX_BITSET_MATCH_ANY, which matches waiters of every mask, it is [FutexWake].
// Otherwise, too, it behaves as FutexWake does, with one more error: EINVAL for a zero mask.
//
// The call does not block, and it may be made from any thread.
//
// Since Linux 2.6.25. See futex(2).
func FutexWakeBitset(addr *atomic.Uint32, nr, mask, flags uint32) (int, error) {
	return futexNow(addr, FUTEX_WAKE_BITSET|flags, nr, 0, nil, mask)
}
