// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"sync/atomic"
	"syscall"
	"unsafe"
)

// robustUnlock is the flag of the operations that release a robust lock, together with the flag for
// the size of a pointer of this program. A 32-bit kernel knows only 32 bits, and a 64-bit kernel
// would write 64.
const robustUnlock = FUTEX_ROBUST_UNLOCK | FUTEX_ROBUST_LIST32*(1-^uintptr(0)>>63)

// futexUnlock is futexNow for a call that releases a robust lock.
func futexUnlock(addr *atomic.Uint32, op, val uint32, pending *uintptr, val3 uint32) (int, error) {
	n, _, errno := syscall.RawSyscall6(futexTrap(nil), uintptr(unsafe.Pointer(addr)), uintptr(op)|robustUnlock, uintptr(val),
		0, uintptr(unsafe.Pointer(pending)), uintptr(val3))
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}

// FutexUnlockWakeList releases the robust lock addr, clears *pending, and wakes up to nr of the
// threads that wait on addr, in one call.
//
//	futex(addr, FUTEX_UNLOCK_WAKE_LIST64|flags, nr, NULL, pending)
//
// pending is the address of [RobustListHead].ListOpPending of the calling thread. It names the lock
// during the steps of an unlock. A thread that is killed between the store to the word and the one
// that clears ListOpPending leaves the kernel the address of a lock that it no longer holds:
// another process may have acquired, destroyed and unmapped it meanwhile, and the kernel then
// writes to whatever is at that address now. With this call the kernel makes both stores, and the
// thread cannot end between them.
//
// The kernel stores 0 in *addr, without checking the old value; a newer kernel may store
// FUTEX_WAITERS while other threads still wait. A word without a thread id is free in both cases.
// The call wakes threads as [FutexWake] does; nr is that of FutexWake. The only flag is
// FUTEX_PRIVATE_FLAG, but do not set it: the kernel wakes the waiters of a dead owner without it.
// On 32-bit systems it is FUTEX_UNLOCK_WAKE_LIST32.
//
// The result is the number of threads woken. Errors are of type [syscall.Errno]: ENOSYS on older
// kernels and for another flag, with nothing changed; EINVAL for a word that is not aligned to 4
// bytes, or on which threads wait in [FutexLockPI]; EFAULT for a word or a pending that cannot be
// written, possibly after the release.
//
// The call does not block. It must be made by the OS thread that holds the lock. A function of the
// vDSO could release a lock that no thread waits for without a system call, but Go cannot call it:
// see docs/linux.md.
//
// Since Linux 7.2. See Documentation/locking/robust-futex-ABI.rst and include/uapi/linux/futex.h.
func FutexUnlockWakeList(addr *atomic.Uint32, nr uint32, pending *uintptr, flags uint32) (int, error) {
	return futexUnlock(addr, FUTEX_WAKE|flags, nr, pending, 0)
}

// FutexUnlockBitsetList is a [FutexUnlockWakeList] that wakes only threads whose mask shares a bit
// with mask, as [FutexWakeBitset] does.
//
//	futex(addr, FUTEX_UNLOCK_BITSET_LIST64|flags, nr, NULL, pending, mask)
//
// EINVAL is also returned for a zero mask, with nothing changed. In all other respects, including
// arguments, errors, thread and versions, it is FutexUnlockWakeList.
func FutexUnlockBitsetList(addr *atomic.Uint32, nr uint32, pending *uintptr, mask, flags uint32) (int, error) {
	return futexUnlock(addr, FUTEX_WAKE_BITSET|flags, nr, pending, mask)
}

// FutexUnlockPIList is [FutexUnlockPI] for a lock that is also robust: once the kernel has released
// the lock addr, it clears *pending in the same call.
//
//	futex(addr, FUTEX_UNLOCK_PI_LIST64|flags, 0, NULL, pending)
//
// For pending see [FutexUnlockWakeList]; the address in it is odd, see FUTEX_ROBUST_MOD_PI. Errors
// are those of FutexUnlockPI, with *pending as it was, and EFAULT, after the release, if pending
// cannot be written; ENOSYS on older kernels.
//
// The call does not block. It must be made by the OS thread that holds the lock.
//
// Since Linux 7.2. See Documentation/locking/robust-futex-ABI.rst and include/uapi/linux/futex.h.
func FutexUnlockPIList(addr *atomic.Uint32, pending *uintptr, flags uint32) error {
	_, err := futexUnlock(addr, FUTEX_UNLOCK_PI|flags, 0, pending, 0)
	return err
}
