// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin && !ios && !osync_noulock

package darwin

import (
	"syscall"
	"unsafe"
)

//go:cgo_import_dynamic libc_ulock_wait __ulock_wait "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_ulock_wait2 __ulock_wait2 "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_ulock_wake __ulock_wake "/usr/lib/libSystem.B.dylib"

var (
	ulockWaitAddr  uintptr
	ulockWait2Addr uintptr
	ulockWakeAddr  uintptr
)

// UlockWait puts the calling thread to sleep for as long as *addr holds value.
//
//	__ulock_wait(op, addr, value, timeout_us)
//
// The op is an operation (UL_…) with flags (ULF_…). The operation determines whether the word is
// 4 or 8 bytes long and whether it is shared between processes. A value of 4 bytes is
// zero-extended; a sign-extended one is never equal. Comparing and going to sleep is one atomic
// step with respect to wakes of addr. All waits and wakes of a word must have the same operation.
// The timeout is a duration in microseconds, at most 71 minutes; 0 means no limit.
//
// With UL_UNFAIR_LOCK the value names the owner of a lock: the Mach port of a thread, its
// low two bits set.
//
// The result is the number of threads that still wait on the word. A nil error means that
// the thread was woken, possibly spuriously, or that *addr did not hold value; check the
// word again. Other errors are of type [syscall.Errno]: ETIMEDOUT when the timeout has
// expired; EINTR for a signal; EFAULT for a word whose page was not present just then, as happens when
// memory is paged out, and ENOMEM for lack of kernel memory, after both of which the
// caller checks the word and tries again; EINVAL for an unknown op, nil, a
// word that is not aligned, or a shared one that is not mapped; EDOM if threads wait on
// the word with another operation; EOWNERDEAD, with UL_UNFAIR_LOCK, if the word names no
// thread of this process, or the caller.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another
// one: a thousand waiters are a thousand threads. It may be called from any thread.
//
// Private to Apple: it is not in the SDK, and programs for the App Store must be built
// with the tag osync_noulock, where it returns ENOSYS. [SyncWaitOnAddress] replaces it from
// macOS 14.4 on. Since macOS 10.12. See xnu, bsd/sys/ulock.h and bsd/kern/sys_ulock.c.
func UlockWait(op uint32, addr unsafe.Pointer, value uint64, timeoutUs uint32) (waiters int, err error) {
	r1, _, errno := syscall6(ulockWaitAddr, uintptr(op), uintptr(addr), uintptr(value), uintptr(timeoutUs), 0, 0)
	return ulockResult(op, r1, errno)
}

// UlockWait2 is [UlockWait] with a finer and longer timeout.
//
//	__ulock_wait2(op, addr, value, timeout_ns, value2)
//
// The timeout is a duration in nanoseconds; with ULF_DEADLINE, since macOS 14.4, a point
// in time in ticks of [MachAbsoluteTime]. 0 means no limit. The kernel does not use value2:
// pass 0.
//
// Otherwise it is UlockWait. Since macOS 11.0. See xnu, bsd/sys/ulock.h and bsd/kern/sys_ulock.c.
func UlockWait2(op uint32, addr unsafe.Pointer, value, timeout, value2 uint64) (waiters int, err error) {
	r1, _, errno := syscall6(ulockWait2Addr, uintptr(op), uintptr(addr), uintptr(value), uintptr(timeout), uintptr(value2), 0)
	return ulockResult(op, r1, errno)
}

// UlockWake wakes a thread that waits on addr.
//
//	__ulock_wake(op, addr, wake_value)
//
// It wakes the most urgent thread; with ULF_WAKE_ALL, all of them; with ULF_WAKE_THREAD, the
// thread whose port (see [PthreadMachThreadNp]) is wakeValue. Otherwise wakeValue is ignored.
// The operation must be that of the waiters. With UL_UNFAIR_LOCK it acts only for the
// owner that the kernel knows, unless op holds ULF_WAKE_ALLOW_NON_OWNER.
//
// Errors are of type [syscall.Errno]: ENOENT if no thread waits there, which is not a failure;
// EALREADY if the thread of ULF_WAKE_THREAD does not wait there, ESRCH if there is no such thread
// or it is the caller; EDOM if threads wait with another operation; EINVAL for an unknown op, nil,
// or a shared word that is not mapped. A wake that is not shared never touches the word, so it is
// allowed after the word's memory was freed.
//
// The call does not block, and it may be made from any thread.
//
// Private to Apple, as [UlockWait] is; [SyncWakeByAddressAny] and [SyncWakeByAddressAll]
// replace it. Since macOS 10.12. See xnu, bsd/sys/ulock.h and bsd/kern/sys_ulock.c.
func UlockWake(op uint32, addr unsafe.Pointer, wakeValue uint64) error {
	r1, _, errno := rawSyscall6(ulockWakeAddr, uintptr(op), uintptr(addr), uintptr(wakeValue), 0, 0, 0)
	_, err := ulockResult(op, r1, errno)
	return err
}

// ulockResult reads the error from the result or from errno, depending on op.
func ulockResult(op uint32, r1 uintptr, errno syscall.Errno) (int, error) {
	n := int32(r1)
	switch {
	case n >= 0:
		return int(n), nil
	case op&ULF_NO_ERRNO != 0:
		return 0, syscall.Errno(-n)
	default:
		return 0, errno
	}
}
