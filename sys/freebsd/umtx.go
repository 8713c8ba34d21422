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

// A UmtxTime limits a wait. It is struct _umtx_time.
//
// Timeout is a duration, measured by the monotonic clock, or with UMTX_ABSTIME in Flags a point in time by the
// clock ClockID, such as unix.CLOCK_MONOTONIC. Only clocks of the wall and of the time since the start of the
// system end a wait in time; others are polled at ticks of the system's clock. A point in time more than 68
// years after the start of the system never comes.
type UmtxTime struct {
	_       structs.HostLayout
	Timeout Timespec
	Flags   uint32
	ClockID uint32
}

// UmtxWaitUint puts the calling thread to sleep for as long as *addr holds val.
//
//	_umtx_op(addr, UMTX_OP_WAIT_UINT, val, sizeof(*limit), limit)
//
// Comparing and going to sleep is one atomic step with respect to wakes of addr. nil means no limit. Other processes
// that map the word with MAP_SHARED reach its sleepers; for a word that only threads of this process use,
// [UmtxWaitUintPrivate] is faster. A private wake does not reach a sleeper on shared memory.
//
// A nil error means that the thread was woken, possibly spuriously, or that *addr did not hold val, so check the word
// again. Other errors are of type [syscall.Errno]: ETIMEDOUT after the limit; EINTR for a signal; EINVAL for a limit
// that is negative or has a whole second in Nsec; EFAULT for a word or a limit that cannot be read, or a shared word
// that cannot be written.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another one: a thousand waiters
// are a thousand threads, and by default a process has at most 1,500 (kern.threads.max_threads_per_proc). It
// may be called from any thread.
//
// Older than FreeBSD 12. See _umtx_op(2), and do_wait in sys/kern/kern_umtx.c.
func UmtxWaitUint(addr *atomic.Uint32, val uint32, limit *UmtxTime) error {
	return umtxSleep(unsafe.Pointer(addr), UMTX_OP_WAIT_UINT, uintptr(val), limit)
}

// UmtxWaitUintPrivate is [UmtxWaitUint] for a word that only threads of this process use, whatever its mapping
// is.
//
//	_umtx_op(addr, UMTX_OP_WAIT_UINT_PRIVATE, val, sizeof(*limit), limit)
//
// [UmtxWakePrivate] and [UmtxNwakePrivate] wake its sleepers. Otherwise it is UmtxWaitUint.
func UmtxWaitUintPrivate(addr *atomic.Uint32, val uint32, limit *UmtxTime) error {
	return umtxSleep(unsafe.Pointer(addr), UMTX_OP_WAIT_UINT_PRIVATE, uintptr(val), limit)
}

// UmtxWait is [UmtxWaitUint] for a word of the size of a pointer.
//
//	_umtx_op(addr, UMTX_OP_WAIT, val, sizeof(*limit), limit)
//
// Otherwise it is UmtxWaitUint.
func UmtxWait(addr *atomic.Uintptr, val uintptr, limit *UmtxTime) error {
	return umtxSleep(unsafe.Pointer(addr), UMTX_OP_WAIT, val, limit)
}

// UmtxWake wakes up to n of the threads that wait on addr, in [UmtxWaitUint] or [UmtxWait].
//
//	_umtx_op(addr, UMTX_OP_WAKE, n)
//
// They are woken in FIFO order. An n of 0 wakes one, as 1 does; the largest, 1<<31 - 1, means all. The kernel does not
// report how many threads it woke.
//
// The only error is EFAULT, of type [syscall.Errno], for memory that is not mapped or cannot be written. The
// call does not block, and it may be made from any thread.
//
// Older than FreeBSD 12. See _umtx_op(2), and kern_umtx_wake in sys/kern/kern_umtx.c.
func UmtxWake(addr unsafe.Pointer, n int32) error {
	return umtxNow(addr, UMTX_OP_WAKE, uintptr(n), nil)
}

// UmtxWakePrivate is [UmtxWake] for threads in [UmtxWaitUintPrivate].
//
//	_umtx_op(addr, UMTX_OP_WAKE_PRIVATE, n)
//
// It never touches the word, so it is allowed after the word's memory was freed, and it cannot fail.
//
// Older than FreeBSD 12. See _umtx_op(2).
func UmtxWakePrivate(addr *atomic.Uint32, n int32) error {
	return umtxNow(unsafe.Pointer(addr), UMTX_OP_WAKE_PRIVATE, uintptr(n), nil)
}

// UmtxNwakePrivate wakes all threads that wait on any of some words in [UmtxWaitUintPrivate].
//
//	_umtx_op(addrs, UMTX_OP_NWAKE_PRIVATE, len(addrs))
//
// It does not touch the words. The only error is EFAULT, of type [syscall.Errno], which a slice of Go's never
// provokes. The call may take long if there are many words: after each 128 the kernel lets other threads run.
// It may be made from any thread.
//
// Older than FreeBSD 12. See _umtx_op(2).
func UmtxNwakePrivate(addrs []*atomic.Uint32) error {
	_, _, errno := syscall.Syscall6(unix.SYS__UMTX_OP, uintptr(unsafe.Pointer(unsafe.SliceData(addrs))), UMTX_OP_NWAKE_PRIVATE,
		uintptr(len(addrs)), 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// UmtxGetMinTimeout returns the least time, in nanoseconds, for which the kernel lets a thread of this process
// sleep until a point in time. 0 means that there is none.
//
//	_umtx_op(NULL, UMTX_OP_GET_MIN_TIMEOUT, 0, &ns)
//
// On an older kernel it returns EINVAL, of type [syscall.Errno]. The call does not block, and it may be made
// from any thread. Since FreeBSD 13.3. See _umtx_op(2).
func UmtxGetMinTimeout() (ns int, err error) {
	err = umtxNow(nil, UMTX_OP_GET_MIN_TIMEOUT, 0, unsafe.Pointer(&ns))
	return ns, err
}

// UmtxSetMinTimeout sets that time. It is for debugging threads that poll, and slows all locks of the process
// whose waits have a limit.
//
//	_umtx_op(NULL, UMTX_OP_SET_MIN_TIMEOUT, ns)
//
// On an older kernel it returns EINVAL, of type [syscall.Errno]. A negative ns is one that is too large. The
// call does not block, and it may be made from any thread. Since FreeBSD 13.3. See _umtx_op(2).
func UmtxSetMinTimeout(ns int) error {
	return umtxNow(nil, UMTX_OP_SET_MIN_TIMEOUT, uintptr(ns), nil)
}
