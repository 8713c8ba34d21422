// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import (
	"syscall"
	"unsafe"
)

// Flags of the SyncWaitOnAddress family, and of the SyncWakeByAddress pair.
const (
	OS_SYNC_WAIT_ON_ADDRESS_NONE   = 0x00000000
	OS_SYNC_WAIT_ON_ADDRESS_SHARED = 0x00000001 // the word is in memory shared between processes

	OS_SYNC_WAKE_BY_ADDRESS_NONE   = 0x00000000
	OS_SYNC_WAKE_BY_ADDRESS_SHARED = 0x00000001 // as the waiters have it
)

// OS_CLOCK_MACH_ABSOLUTE_TIME is the only clock of the waits: [MachAbsoluteTime], which
// stops while the machine sleeps.
const OS_CLOCK_MACH_ABSOLUTE_TIME = 32

var (
	syncWaitOnAddress             = lateSymbol{name: "os_sync_wait_on_address\x00"}
	syncWaitOnAddressWithDeadline = lateSymbol{name: "os_sync_wait_on_address_with_deadline\x00"}
	syncWaitOnAddressWithTimeout  = lateSymbol{name: "os_sync_wait_on_address_with_timeout\x00"}
	syncWakeByAddressAny          = lateSymbol{name: "os_sync_wake_by_address_any\x00"}
	syncWakeByAddressAll          = lateSymbol{name: "os_sync_wake_by_address_all\x00"}
)

// SyncWaitOnAddress puts the calling thread to sleep for as long as *addr holds value.
//
//	os_sync_wait_on_address(addr, value, size, flags)
//
// The word at addr is size bytes long, 4 or 8, and aligned to them: an atomic.Uint32 or an
// atomic.Uint64. A value of 4 bytes is zero-extended; a sign-extended one is never
// equal. Comparing and going to sleep is one atomic step with respect to wakes of addr. Set
// OS_SYNC_WAIT_ON_ADDRESS_SHARED in flags if another process maps the word. All waits and wakes of a word must agree on
// size and flags.
//
// The result is the number of threads that still wait on the word. A nil error means that
// the thread was woken, possibly spuriously, or that *addr did not hold value; check the
// word again. Other errors are of type [syscall.Errno]: EINTR for a signal; EFAULT
// for a word whose page was not present just then, as happens when memory is paged out,
// and ENOMEM for lack of kernel memory, after both of which the caller checks the word
// and tries again; EINVAL for another size, flag or alignment, nil, or a shared word that is not mapped;
// EDOM, or EINVAL according to the header, if threads wait on the word with another size or flag;
// ENOSYS on older systems.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another
// one: a thousand waiters are a thousand threads. It may be called from any thread. The
// word has no owner, so no thread is lent a priority.
//
// Since macOS 14.4 and iOS 17.4. See os/os_sync_wait_on_address.h.
func SyncWaitOnAddress(addr unsafe.Pointer, value uint64, size uintptr, flags uint32) (waiters int, err error) {
	fn, ok := syncWaitOnAddress.lookUp()
	if !ok {
		return 0, syscall.ENOSYS
	}
	r1, _, errno := syscall6(fn, uintptr(addr), uintptr(value), size, uintptr(flags), 0, 0)
	return count(r1, errno)
}

// SyncWaitOnAddressWithDeadline is [SyncWaitOnAddress] until a point in time.
//
//	os_sync_wait_on_address_with_deadline(addr, value, size, flags, clockid, deadline)
//
// The deadline is in ticks of [MachAbsoluteTime], which are not nanoseconds on every machine:
// see [MachTimebaseInfo]. The clockid is OS_CLOCK_MACH_ABSOLUTE_TIME.
//
// It has two more errors: ETIMEDOUT once the deadline has passed, and EINVAL for a zero
// deadline or another clock. Otherwise it is SyncWaitOnAddress.
//
// Since macOS 14.4 and iOS 17.4. See os/os_sync_wait_on_address.h.
func SyncWaitOnAddressWithDeadline(addr unsafe.Pointer, value uint64, size uintptr, flags, clockid uint32, deadline uint64) (waiters int, err error) {
	fn, ok := syncWaitOnAddressWithDeadline.lookUp()
	if !ok {
		return 0, syscall.ENOSYS
	}
	r1, _, errno := syscall6(fn, uintptr(addr), uintptr(value), size, uintptr(flags), uintptr(clockid), uintptr(deadline))
	return count(r1, errno)
}

// SyncWaitOnAddressWithTimeout is [SyncWaitOnAddress] with a timeout.
//
//	os_sync_wait_on_address_with_timeout(addr, value, size, flags, clockid, timeout_ns)
//
// The timeout is a duration in nanoseconds, on every machine. The clockid is
// OS_CLOCK_MACH_ABSOLUTE_TIME.
//
// It has two more errors: ETIMEDOUT when the timeout has expired, and EINVAL for a zero timeout
// or another clock. Otherwise it is SyncWaitOnAddress.
//
// Since macOS 14.4 and iOS 17.4. See os/os_sync_wait_on_address.h.
func SyncWaitOnAddressWithTimeout(addr unsafe.Pointer, value uint64, size uintptr, flags, clockid uint32, timeoutNs uint64) (waiters int, err error) {
	fn, ok := syncWaitOnAddressWithTimeout.lookUp()
	if !ok {
		return 0, syscall.ENOSYS
	}
	r1, _, errno := syscall6(fn, uintptr(addr), uintptr(value), size, uintptr(flags), uintptr(clockid), uintptr(timeoutNs))
	return count(r1, errno)
}

// SyncWakeByAddressAny wakes one thread that waits on addr.
//
//	os_sync_wake_by_address_any(addr, size, flags)
//
// It wakes the most urgent one; expect no other order. The size and the flag must be those
// of the waiters.
//
// Errors are of type [syscall.Errno]: ENOENT if no thread waits there, which is not a failure; EINVAL for another size
// or flag, nil, or a shared word that is not mapped; EDOM, or EINVAL according to the header, if threads wait on the word
// with another size or flag; ENOSYS on older systems. A wake that is not shared never touches the word, so it is
// allowed after the word's memory was freed.
//
// The call does not block, and it may be made from any thread.
//
// Since macOS 14.4 and iOS 17.4. See os/os_sync_wait_on_address.h.
func SyncWakeByAddressAny(addr unsafe.Pointer, size uintptr, flags uint32) error {
	return syncWake(&syncWakeByAddressAny, addr, size, flags)
}

// SyncWakeByAddressAll wakes all threads that wait on addr.
//
//	os_sync_wake_by_address_all(addr, size, flags)
//
// Otherwise it is [SyncWakeByAddressAny].
//
// Since macOS 14.4 and iOS 17.4. See os/os_sync_wait_on_address.h.
func SyncWakeByAddressAll(addr unsafe.Pointer, size uintptr, flags uint32) error {
	return syncWake(&syncWakeByAddressAll, addr, size, flags)
}

func syncWake(symbol *lateSymbol, addr unsafe.Pointer, size uintptr, flags uint32) error {
	fn, ok := symbol.lookUp()
	if !ok {
		return syscall.ENOSYS
	}
	r1, _, errno := rawSyscall6(fn, uintptr(addr), size, uintptr(flags), 0, 0, 0)
	_, err := count(r1, errno)
	return err
}
