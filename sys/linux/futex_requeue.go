// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"sync/atomic"
	"unsafe"
)

// FutexRequeue wakes up to nrWake of the threads that wait on addr and makes up to
// nrRequeue of the others wait on addr2 instead. It does not compare the word.
//
//	futex(addr, FUTEX_REQUEUE|flags, nrWake, nrRequeue, addr2)
//
// Between the caller's decision and the call other threads can change the word, so a condition
// variable built on it loses wake-ups: use [FutexCmpRequeue]. Requeueing to addr itself, with an
// nrWake of 0, counts the waiters and changes nothing.
//
// Both counts are an int in the kernel; here an nrWake of 0 wakes none. The only flag is
// FUTEX_PRIVATE_FLAG, which holds for both words. The result is the number of threads woken plus
// the number moved.
//
// Errors are of type [syscall.Errno]: EINVAL for a count above 1<<31 - 1, for a word that
// is not aligned to 4 bytes, or if threads wait on addr in an operation with priority
// inheritance; EFAULT for a word without FUTEX_PRIVATE_FLAG that is not mapped; ENOSYS for
// another flag.
//
// The call does not block, and it may be made from any thread.
//
// Since Linux 2.6.0. See futex(2).
func FutexRequeue(addr *atomic.Uint32, nrWake, nrRequeue uint32, addr2 *atomic.Uint32, flags uint32) (int, error) {
	stays(unsafe.Pointer(addr2))
	return futexNow(addr, FUTEX_REQUEUE|flags, nrWake, nrRequeue, addr2, 0)
}

// FutexCmpRequeue wakes up to nrWake of the threads that wait on addr and makes up to
// nrRequeue of the others wait on addr2 instead, provided that *addr holds val.
//
//	futex(addr, FUTEX_CMP_REQUEUE|flags, nrWake, nrRequeue, addr2, val)
//
// A condition variable uses it to requeue its waiters to the lock instead of waking all of them to
// contend for it. The comparison is one atomic step with the rest. The result is the number of
// threads woken plus the number moved.
//
// Errors are those of [FutexRequeue] and one more: EAGAIN if *addr did not hold val. The kernel
// reads the word, so EFAULT is also possible for a private word that is not mapped.
//
// The call does not block, and it may be made from any thread.
//
// Since Linux 2.6.7. See futex(2).
func FutexCmpRequeue(addr *atomic.Uint32, nrWake, nrRequeue uint32, addr2 *atomic.Uint32, val, flags uint32) (int, error) {
	stays(unsafe.Pointer(addr2))
	return futexNow(addr, FUTEX_CMP_REQUEUE|flags, nrWake, nrRequeue, addr2, val)
}
