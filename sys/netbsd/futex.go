// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build netbsd

package netbsd

import (
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// FutexWait puts the calling thread to sleep for as long as *addr holds val.
//
//	__futex(addr, FUTEX_WAIT|flags, val, timeout, NULL, 0, 0)
//
// Comparing and going to sleep is one atomic step with respect to wakes of addr. The timeout is a duration, by
// CLOCK_MONOTONIC unless flags holds FUTEX_CLOCK_REALTIME, and the kernel rounds it up to ticks of its clock; nil means
// no limit. For a point in time use [FutexWaitBitset]. FUTEX_PRIVATE_FLAG belongs in flags unless another process maps
// the word.
//
// A nil error means that the thread was woken, possibly spuriously, so check the word again. Other errors are of type
// [syscall.Errno]: EAGAIN if *addr did not hold val, and in NetBSD 10.1 for a word that cannot be read; ETIMEDOUT when
// the timeout has expired, or after 2³¹ ticks, which are 248 days; EINTR for a signal whose handler was installed without
// SA_RESTART; EINVAL for a word that is not aligned to 4 bytes, for which NetBSD 10.1 returns EAGAIN on arm and arm64;
// EFAULT for a timeout that cannot be read, and for a word without FUTEX_PRIVATE_FLAG that is not mapped; ENOMEM and
// ENFILE if the kernel cannot record another waiter at the moment; ENOSYS for another flag, and before NetBSD 10. After
// a signal whose handler has SA_RESTART, as Go's have, the kernel makes the call again, with the whole timeout.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another one: a thousand waiters
// are a thousand threads. It may be called from any thread.
//
// Up to NetBSD 10.1, a call that has less than a microsecond left when the kernel looks at its clock sleeps with
// no limit: see [FutexWaitBitset].
//
// Since NetBSD 10.0. See sys/sys/futex.h and sys/kern/sys_futex.c.
func FutexWait(addr *atomic.Uint32, val uint32, timeout *unix.Timespec, flags uint32) error {
	return futexWait(addr, FUTEX_WAIT|flags, val, timeout, 0)
}

// FutexWake wakes up to nr of the threads that wait on addr.
//
//	__futex(addr, FUTEX_WAKE|flags, nr, NULL, NULL, 0, 0)
//
// Waiters are woken in FIFO order. nr is an int to the kernel: the largest is 1<<31 - 1, which means all. Unlike on
// Linux, an nr of 0 wakes none. The only flag is FUTEX_PRIVATE_FLAG, and it must be that of the waiters.
//
// The result is the number of threads woken. Errors are of type [syscall.Errno]: EINVAL for an nr above
// 1<<31 - 1, or a word that is not aligned to 4 bytes; EFAULT for a word without FUTEX_PRIVATE_FLAG that is
// not mapped; ENFILE if the kernel has too many uses of the word to count; ENOSYS for another flag, and before
// NetBSD 10. A private wake never touches the word, so it is allowed after the word's memory was freed.
//
// The call does not block, and it may be made from any thread.
//
// Since NetBSD 10.0. See sys/sys/futex.h and sys/kern/sys_futex.c.
func FutexWake(addr *atomic.Uint32, nr, flags uint32) (int, error) {
	return futexNow(addr, FUTEX_WAKE|flags, nr, nil, 0)
}

// FutexWaitBitset puts the calling thread to sleep for as long as *addr holds val.
//
//	__futex(addr, FUTEX_WAIT_BITSET|flags, val, deadline, NULL, 0, mask)
//
// Only wakes whose mask shares a bit with mask end the sleep; FUTEX_BITSET_MATCH_ANY accepts all. The deadline
// is absolute, on CLOCK_MONOTONIC unless flags holds FUTEX_CLOCK_REALTIME; nil means no limit. Signals do not change
// it.
//
// Up to NetBSD 10.1, a call whose deadline is less than a microsecond away when the kernel looks at its clock
// sleeps with no limit. If the deadline is that close, use a later one. A deadline that has passed is safe.
//
// Otherwise, including errors, thread and versions, it is [FutexWait], with one more error: EINVAL for a zero mask.
func FutexWaitBitset(addr *atomic.Uint32, val uint32, deadline *unix.Timespec, mask, flags uint32) error {
	return futexWait(addr, FUTEX_WAIT_BITSET|flags, val, deadline, mask)
}

// FutexWakeBitset wakes up to nr of the threads that wait on addr with a mask that shares a bit with mask.
//
//	__futex(addr, FUTEX_WAKE_BITSET|flags, nr, NULL, NULL, 0, mask)
//
// With the mask FUTEX_BITSET_MATCH_ANY it wakes waiters of every mask, as [FutexWake] does. A zero mask wakes none.
// Otherwise it is FutexWake.
//
// The call does not block, but it has seven arguments, and every form of such a call notifies the Go scheduler. It
// may be made from any thread.
//
// Since NetBSD 10.0. See sys/sys/futex.h and sys/kern/sys_futex.c.
func FutexWakeBitset(addr *atomic.Uint32, nr, mask, flags uint32) (int, error) {
	return futexNow3(addr, FUTEX_WAKE_BITSET|flags, nr, nil, 0, mask)
}
