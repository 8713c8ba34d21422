// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Flags of the words of [FutexWaitv], [Futex2Wait], [Futex2Wake] and [Futex2Requeue]. The
// size of the word is one of the first four; the kernel supports only FUTEX2_SIZE_U32 so far.
const (
	FUTEX2_SIZE_U8  = 0x00
	FUTEX2_SIZE_U16 = 0x01
	FUTEX2_SIZE_U32 = 0x02
	FUTEX2_SIZE_U64 = 0x03

	// FUTEX2_NUMA says that a second 32-bit number follows the word, which names the NUMA
	// node whose table the waiters are kept in: see [FutexNUMA]. Since Linux 6.16.
	FUTEX2_NUMA = 0x04
	// FUTEX2_MPOL takes the node from the memory policy of the word. Since Linux 6.16.
	FUTEX2_MPOL = 0x08
	// FUTEX2_PRIVATE is FUTEX_PRIVATE_FLAG: the threads of one process only.
	FUTEX2_PRIVATE = FUTEX_PRIVATE_FLAG

	// FUTEX2_SIZE_MASK is the part of the flags that holds the size.
	FUTEX2_SIZE_MASK = 0x03
	// FUTEX_NO_NODE is the node of a word with FUTEX2_NUMA that has none yet.
	FUTEX_NO_NODE = 0xffffffff
)

// Futex2Wait puts the calling thread to sleep for as long as *addr holds val.
//
//	futex_wait(addr, val, mask, flags, deadline, clockid)
//
// It is [FutexWaitBitset] with a different form of the arguments, and the waiters and wakes of both
// work together. Only wakes whose mask shares a bit with mask end the sleep. The deadline is
// absolute, on the clock clockid, unix.CLOCK_MONOTONIC or CLOCK_REALTIME; nil means no limit. flags
// must hold FUTEX2_SIZE_U32, and FUTEX2_PRIVATE unless another process maps the word.
//
// A nil error means that the thread was woken, possibly spuriously. Other errors are of type
// [syscall.Errno]: EAGAIN if *addr did not hold val; ETIMEDOUT after the deadline; EINVAL for a
// zero mask, another size or flag, another clock, a deadline that is negative or has a whole second
// in Nsec, or a word that is not aligned; EFAULT for a word or a deadline that cannot be read;
// ENOSYS on older kernels. Signals restart the wait, unless their handler was installed without
// SA_RESTART, which Go never does: then EINTR.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another
// one. It may be called from any thread.
//
// Since Linux 6.7. See kernel/futex/syscalls.c.
func Futex2Wait(addr *atomic.Uint32, val, mask uint32, deadline *Timespec, clockid int32, flags uint32) error {
	_, _, errno := syscall.Syscall6(unix.SYS_FUTEX_WAIT, uintptr(unsafe.Pointer(addr)), uintptr(val), uintptr(mask),
		uintptr(flags), uintptr(unsafe.Pointer(deadline)), uintptr(clockid))
	if errno != 0 {
		return errno
	}
	return nil
}

// Futex2Wake wakes up to nr of the threads that wait on addr with a mask that shares a bit
// with mask.
//
//	futex_wake(addr, mask, nr, flags)
//
// Unlike in [FutexWake], an nr of 0 wakes none. flags are those of [Futex2Wait]. The result is the
// number of threads woken. Errors are of type [syscall.Errno]: EINVAL for a zero mask, another size
// or flag, a word that is not aligned, or one on which threads wait in an operation with priority
// inheritance; EFAULT for a word without FUTEX2_PRIVATE that is not mapped; ENOSYS on older
// kernels.
//
// The call does not block, and it may be made from any thread.
//
// Since Linux 6.7. See kernel/futex/syscalls.c.
func Futex2Wake(addr *atomic.Uint32, mask uint32, nr int32, flags uint32) (int, error) {
	n, _, errno := syscall.RawSyscall6(unix.SYS_FUTEX_WAKE, uintptr(unsafe.Pointer(addr)), uintptr(mask), uintptr(nr),
		uintptr(flags), 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}

// Futex2Requeue wakes up to nrWake of the threads that wait on the word of waiters[0], and
// makes up to nrRequeue of the others wait on that of waiters[1], provided that the first
// word holds waiters[0].Val.
//
//	futex_requeue(waiters, flags, nrWake, nrRequeue)
//
// It is [FutexCmpRequeue] with flags for each word, but either both must be private or neither; the
// kernel ignores waiters[1].Val. flags must be 0. The result is the number of threads woken plus
// the number moved. Errors are of type [syscall.Errno]: EAGAIN if the first word did not hold the
// value; EINVAL for a nil waiters, a negative count, other flags, or an element that [FutexWaitv]
// would reject; EFAULT for waiters or words that cannot be read; ENOSYS on older kernels.
//
// The call does not block, and it may be made from any thread.
//
// Since Linux 6.7. See kernel/futex/syscalls.c.
func Futex2Requeue(waiters *[2]FutexWaiter, nrWake, nrRequeue int32, flags uint32) (int, error) {
	if never { // so that the kernel refuses a bad pointer
		kept = unsafe.Pointer(waiters[1].Addr)
	}
	n, _, errno := syscall.RawSyscall6(unix.SYS_FUTEX_REQUEUE, uintptr(unsafe.Pointer(waiters)), uintptr(flags),
		uintptr(nrWake), uintptr(nrRequeue), 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
