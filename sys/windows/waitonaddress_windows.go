// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"syscall"
	"unsafe"
)

var (
	procWaitOnAddress       = proc{dll: synch, name: "WaitOnAddress"}
	procWakeByAddressSingle = proc{dll: synch, name: "WakeByAddressSingle"}
	procWakeByAddressAll    = proc{dll: synch, name: "WakeByAddressAll"}
)

// WaitOnAddress puts the calling thread to sleep for as long as the size bytes at addr equal
// those at compare.
//
//	BOOL WaitOnAddress(volatile VOID *Address, PVOID CompareAddress, SIZE_T AddressSize,
//	                   DWORD dwMilliseconds)
//
// The size is 1, 2, 4 or 8 bytes, and addr should be aligned to it. Comparing and going to sleep is
// one atomic step with respect to wakes of addr. compare may point to a local variable. ms is a
// timeout in milliseconds; 0 only compares, INFINITE means no limit.
//
// A nil error means that the values differed or that the thread was woken, possibly spuriously, so
// check the value again. Other errors are of type [syscall.Errno]: ERROR_TIMEOUT when the timeout
// has expired, ERROR_INVALID_PARAMETER for another size.
//
// It works within one process: a wake by another process that maps the memory has no effect.
// The call blocks its thread and may be made from any thread.
//
// Since Windows 8. See "WaitOnAddress function (synchapi.h)".
func WaitOnAddress(addr, compare unsafe.Pointer, size uintptr, ms uint32) error {
	wait, err := procWaitOnAddress.find()
	if err != nil {
		return err
	}
	return succeeded(syscall.SyscallN(wait, uintptr(addr), uintptr(compare), size, uintptr(ms)))
}

// WakeByAddressSingle wakes one thread of this process that waits on addr, if there is one,
// whether in [WaitOnAddress] or in [RtlWaitOnAddress].
//
//	VOID WakeByAddressSingle(PVOID Address)
//
// The value at addr need not have changed, and is never read: addr may be memory that was
// freed. The call does not block, may be made from any thread, and fails only if the function
// is missing.
//
// Since Windows 8. See "WakeByAddressSingle function (synchapi.h)".
func WakeByAddressSingle(addr unsafe.Pointer) error { return procWakeByAddressSingle.void(addr) }

// WakeByAddressAll wakes all threads of this process that wait on addr.
//
//	VOID WakeByAddressAll(PVOID Address)
//
// Otherwise it is [WakeByAddressSingle].
//
// Since Windows 8. See "WakeByAddressAll function (synchapi.h)".
func WakeByAddressAll(addr unsafe.Pointer) error { return procWakeByAddressAll.void(addr) }
