// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"syscall"
	"unsafe"
)

var (
	procRtlWaitOnAddress     = proc{dll: ntdll, name: "RtlWaitOnAddress"}
	procRtlWakeAddressSingle = proc{dll: ntdll, name: "RtlWakeAddressSingle"}
	procRtlWakeAddressAll    = proc{dll: ntdll, name: "RtlWakeAddressAll"}
)

// RtlWaitOnAddress puts the calling thread to sleep for as long as the size bytes at addr
// equal those at compare.
//
//	NTSTATUS RtlWaitOnAddress(const VOID *Address, PVOID CompareAddress, SIZE_T AddressSize,
//	                          PLARGE_INTEGER Timeout)
//
// [WaitOnAddress] is built on it, but RtlWaitOnAddress has a finer timeout, in units of 100 ns: a
// negative one is a duration, and a positive one is a point in time since the year 1601 in UTC; nil
// means no limit. [Ticks] converts a time.Duration. Windows still ends a wait at a tick of its clock.
//
// A nil error means that the values differed or that the thread was woken, possibly spuriously, so
// check the value again. Other errors are of type [NTStatus]: STATUS_TIMEOUT when the timeout has
// expired, STATUS_INVALID_PARAMETER for a size that is not 1, 2, 4 or 8.
//
// The call blocks its thread and may be made from any thread.
//
// Since Windows 8. Microsoft does not document it; the name and its arguments are in the
// import libraries. [WaitOnAddress] is the documented call.
func RtlWaitOnAddress(addr, compare unsafe.Pointer, size uintptr, timeout *int64) error {
	wait, err := procRtlWaitOnAddress.find()
	if err != nil {
		return err
	}
	r, _, _ := syscall.SyscallN(wait, uintptr(addr), uintptr(compare), size, uintptr(unsafe.Pointer(timeout)))
	return statusError(r)
}

// RtlWakeAddressSingle wakes one thread of this process that waits on addr, if there is one,
// whether in [RtlWaitOnAddress] or in [WaitOnAddress].
//
//	VOID RtlWakeAddressSingle(PVOID Address)
//
// Otherwise it is [WakeByAddressSingle], which is the documented call.
//
// Since Windows 8; not documented.
func RtlWakeAddressSingle(addr unsafe.Pointer) error { return procRtlWakeAddressSingle.void(addr) }

// RtlWakeAddressAll wakes all threads of this process that wait on addr.
//
//	VOID RtlWakeAddressAll(PVOID Address)
//
// Otherwise it is [WakeByAddressAll], which is the documented call.
//
// Since Windows 8; not documented.
func RtlWakeAddressAll(addr unsafe.Pointer) error { return procRtlWakeAddressAll.void(addr) }
