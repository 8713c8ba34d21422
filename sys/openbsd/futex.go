// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build openbsd

package openbsd

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// FutexWait puts the calling thread to sleep for as long as *addr holds val.
//
//	futex(addr, FUTEX_WAIT|flags, val, timeout, NULL)
//
// Comparing and going to sleep is one atomic step with respect to wakes of addr. The timeout is a duration; nil means
// no limit. There is no wait until a point in time. The only flag is FUTEX_PRIVATE_FLAG, which must be set unless
// another process maps the word: without it, the kernel confuses a word in memory that is not mapped as shared with the
// word at the same address in any other process.
//
// A nil error means that the thread was woken, possibly spuriously, so check the word again. Other errors are of type
// [syscall.Errno]: EAGAIN if *addr did not hold val; ETIMEDOUT after the timeout, and for a timeout of 0 before the
// word is checked; ECANCELED for a signal whose handler was installed with SA_RESTART, as those of Go are; EINTR for
// another signal; EINVAL for a timeout that is negative or has a whole second in Nsec; EFAULT for a word or a timeout
// that cannot be read; ENOSYS for another flag, if it is among the bits of FUTEX_OP_MASK.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another one: a thousand waiters are a
// thousand threads. It may be called from any thread.
//
// Since OpenBSD 6.2. See futex(2), sys/sys/futex.h and sys/kern/sys_futex.c.
func FutexWait(addr *atomic.Uint32, val uint32, timeout *unix.Timespec, flags uint32) error {
	r1, _, errno := syscall6(futexAddr, uintptr(unsafe.Pointer(addr)), uintptr(FUTEX_WAIT|flags), uintptr(val),
		uintptr(unsafe.Pointer(timeout)), 0, 0)
	_, err := count(r1, errno)
	return err
}

// FutexWake wakes up to nr of the threads that wait on addr.
//
//	futex(addr, FUTEX_WAKE|flags, nr, NULL, NULL)
//
// Waiters are woken in FIFO order. To wake all, ask for 1<<31 - 1; an nr of 0 wakes none. The only flag is
// FUTEX_PRIVATE_FLAG, and it must be that of the waiters.
//
// The result is the number of threads woken. The only error, of type [syscall.Errno], is ENOSYS for another
// flag, if it is among the bits of FUTEX_OP_MASK: a wake never touches the word, so it is allowed after the word's
// memory was freed.
//
// The call does not block, and it may be made from any thread.
//
// Since OpenBSD 6.2. See futex(2) and sys/kern/sys_futex.c.
func FutexWake(addr *atomic.Uint32, nr, flags uint32) (int, error) {
	r1, _, errno := rawSyscall6(futexAddr, uintptr(unsafe.Pointer(addr)), uintptr(FUTEX_WAKE|flags), uintptr(nr), 0, 0, 0)
	return count(r1, errno)
}

// FutexRequeue wakes up to nrWake of the threads that wait on addr and makes up to nrRequeue of the others wait on addr2
// instead. It does not compare the word, and there is no operation that does.
//
//	futex(addr, FUTEX_REQUEUE|flags, nrWake, nrRequeue, addr2)
//
// Between the caller's decision and the call other threads can change the word, and threads that have just begun to
// wait are requeued, too. An nrWake of 0 wakes all unless nrRequeue is 0 too (sys/kern/sys_futex.c 1.26,
// futex_requeue). The only flag is FUTEX_PRIVATE_FLAG, which holds for both words. The result is the number of threads
// woken, without those moved.
//
// The only error, of type [syscall.Errno], is ENOSYS for another flag, if it is among the bits of FUTEX_OP_MASK. The
// call does not block, and it may be made from any thread.
//
// Since OpenBSD 6.2. See futex(2) and sys/kern/sys_futex.c.
func FutexRequeue(addr *atomic.Uint32, nrWake, nrRequeue uint32, addr2 *atomic.Uint32, flags uint32) (int, error) {
	stays(unsafe.Pointer(addr2))
	r1, _, errno := rawSyscall6(futexAddr, uintptr(unsafe.Pointer(addr)), uintptr(FUTEX_REQUEUE|flags), uintptr(nrWake),
		uintptr(nrRequeue), uintptr(unsafe.Pointer(addr2)), 0)
	return count(r1, errno)
}
