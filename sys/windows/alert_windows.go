// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"syscall"
	"unsafe"
)

var (
	procNtAlertThreadByThreadID  = proc{dll: ntdll, name: "NtAlertThreadByThreadId"}
	procNtWaitForAlertByThreadID = proc{dll: ntdll, name: "NtWaitForAlertByThreadId"}
)

// NtWaitForAlertByThreadId puts the calling thread to sleep until [NtAlertThreadByThreadId] names it.
//
//	NTSTATUS NtWaitForAlertByThreadId(PVOID Address, PLARGE_INTEGER Timeout)
//
// Since Windows 8, SRW locks, condition variables, critical sections and waits on addresses sleep in this call. A
// thread has one permit: an alert before the wait is kept, and two are one. All those locks use the same permit. A
// thread that also uses one of them, as every thread of a Go program may, can lose an alert to it, or be woken by
// its wake-ups. The call is for studying those locks, and for threads that do nothing else.
//
// address is for debuggers, which show it as what the thread waits for; 0 means none. timeout counts units of
// 100 ns: a negative one is a duration, as [Ticks] makes it; a positive one is a point in time since the year 1601
// in UTC; nil means no limit.
//
// A nil error means that an alert came, which the kernel calls STATUS_ALERTED. Other errors are of type [NTStatus]:
// STATUS_TIMEOUT when the timeout has expired. No APC ends the wait. The call blocks its thread. Lock the goroutine
// to it with [runtime.LockOSThread] before you pass the thread's id to another thread.
//
// Since Windows 8; not documented. See phnt's ntpsapi.h.
func NtWaitForAlertByThreadId(address uintptr, timeout *int64) error {
	addr, err := procNtWaitForAlertByThreadID.find()
	if err != nil {
		return err
	}
	status, _, _ := syscall.SyscallN(addr, address, uintptr(unsafe.Pointer(timeout)))
	if NTStatus(status) == STATUS_ALERTED {
		return nil
	}
	return statusError(status)
}

// NtAlertThreadByThreadId ends the sleep of a thread of this process in [NtWaitForAlertByThreadId], or its next
// one.
//
//	NTSTATUS NtAlertThreadByThreadId(HANDLE ThreadId)
//
// The id is what [GetCurrentThreadId] returns. The call reads none of the thread's memory, so the thread may end
// meanwhile; but its id may then be given to another thread, which is alerted.
//
// Errors are of type [NTStatus]: STATUS_INVALID_CID if no thread of this process has the id. The call does not
// block and may be made from any thread.
//
// Since Windows 8; not documented. See phnt's ntpsapi.h.
func NtAlertThreadByThreadId(id uint32) error {
	addr, err := procNtAlertThreadByThreadID.find()
	if err != nil {
		return err
	}
	status, _, _ := syscall.SyscallN(addr, uintptr(id))
	return statusError(status)
}
