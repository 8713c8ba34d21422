// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// A keyed event is a meeting place of threads: one waits for a key, another releases the key, and each of them
// blocks until the other arrives. Condition variables and SRW locks of Windows Vista and 7 are built on one.
// Since Windows 8 they use NtWaitForAlertByThreadId. Microsoft documents neither.

// Access rights of keyed events, for NtCreateKeyedEvent and NtOpenKeyedEvent.
const (
	KEYEDEVENT_WAIT       = 0x1
	KEYEDEVENT_WAKE       = 0x2
	KEYEDEVENT_ALL_ACCESS = windows.STANDARD_RIGHTS_REQUIRED | KEYEDEVENT_WAIT | KEYEDEVENT_WAKE
)

// ObjectAttributes specify how the kernel names an object: OBJECT_ATTRIBUTES, as in
// golang.org/x/sys/windows.
type ObjectAttributes = windows.OBJECT_ATTRIBUTES

var (
	procNtCreateKeyedEvent  = proc{dll: ntdll, name: "NtCreateKeyedEvent"}
	procNtOpenKeyedEvent    = proc{dll: ntdll, name: "NtOpenKeyedEvent"}
	procNtWaitForKeyedEvent = proc{dll: ntdll, name: "NtWaitForKeyedEvent"}
	procNtReleaseKeyedEvent = proc{dll: ntdll, name: "NtReleaseKeyedEvent"}
)

// NtCreateKeyedEvent creates a keyed event.
//
//	NTSTATUS NtCreateKeyedEvent(PHANDLE KeyedEventHandle, ACCESS_MASK DesiredAccess,
//	                            POBJECT_ATTRIBUTES ObjectAttributes, ULONG Flags)
//
// attributes may be nil, for one without a name. flags is 0. One keyed event serves all keys of a process, and the
// system has one already, whose handle is 0. [CloseHandle] closes the handle.
//
// Errors are of type [NTStatus]: STATUS_OBJECT_NAME_COLLISION for a name that is taken. The call does not block
// and may be made from any thread.
//
// Since Windows XP; not documented. See phnt's ntexapi.h.
func NtCreateKeyedEvent(access uint32, attributes *ObjectAttributes, flags uint32) (h Handle, err error) {
	addr, err := procNtCreateKeyedEvent.find()
	if err != nil {
		return 0, err
	}
	status, _, _ := syscall.SyscallN(addr, uintptr(unsafe.Pointer(&h)), uintptr(access), uintptr(unsafe.Pointer(attributes)), uintptr(flags))
	return h, statusError(status)
}

// NtOpenKeyedEvent opens the keyed event that has the name.
//
//	NTSTATUS NtOpenKeyedEvent(PHANDLE KeyedEventHandle, ACCESS_MASK DesiredAccess,
//	                          POBJECT_ATTRIBUTES ObjectAttributes)
//
// Errors are of type [NTStatus]: STATUS_OBJECT_NAME_NOT_FOUND if no keyed event has that name. The call does not
// block and may be made from any thread.
//
// Since Windows XP; not documented. See phnt's ntexapi.h.
func NtOpenKeyedEvent(access uint32, attributes *ObjectAttributes) (h Handle, err error) {
	addr, err := procNtOpenKeyedEvent.find()
	if err != nil {
		return 0, err
	}
	status, _, _ := syscall.SyscallN(addr, uintptr(unsafe.Pointer(&h)), uintptr(access), uintptr(unsafe.Pointer(attributes)))
	return h, statusError(status)
}

// NtWaitForKeyedEvent waits until another thread of the process releases the key.
//
//	NTSTATUS NtWaitForKeyedEvent(HANDLE KeyedEventHandle, PVOID Key, BOOLEAN Alertable, PLARGE_INTEGER Timeout)
//
// h is a keyed event, or 0 for the system's. key is a number whose lowest bit is 0, such as the address of a lock on
// the heap: the kernel compares it, and reads nothing there. timeout counts units of 100 ns: a negative one is a
// duration, as [Ticks] makes it; a positive one is a point in time since the year 1601 in UTC; 0 does not wait; nil
// means no limit. An alertable wait also ends after an APC, as in [WaitForSingleObjectEx].
//
// A nil error means that one release has met this wait; no wake-up is spurious. Other errors are of type [NTStatus]:
// STATUS_TIMEOUT when the timeout has expired; STATUS_USER_APC after an APC; STATUS_INVALID_PARAMETER_1 for an odd
// key; STATUS_INVALID_HANDLE and STATUS_OBJECT_TYPE_MISMATCH for another handle; STATUS_ACCESS_DENIED for one
// without KEYEDEVENT_WAIT. After STATUS_TIMEOUT, a release that expects this waiter blocks: tell the releasing
// thread by other means, or wait once more.
//
// The call blocks its thread and may be made from any thread.
//
// Since Windows XP; not documented. See phnt's ntexapi.h.
func NtWaitForKeyedEvent(h Handle, key uintptr, alertable bool, timeout *int64) error {
	return procNtWaitForKeyedEvent.meet(h, key, alertable, timeout)
}

// NtReleaseKeyedEvent releases one thread of the process that waits for the key, and blocks until there is one.
//
//	NTSTATUS NtReleaseKeyedEvent(HANDLE KeyedEventHandle, PVOID Key, BOOLEAN Alertable, PLARGE_INTEGER Timeout)
//
// The handle must have KEYEDEVENT_WAKE. Otherwise it is [NtWaitForKeyedEvent].
//
// Since Windows XP; not documented. See phnt's ntexapi.h.
func NtReleaseKeyedEvent(h Handle, key uintptr, alertable bool, timeout *int64) error {
	return procNtReleaseKeyedEvent.meet(h, key, alertable, timeout)
}

// meet calls one of the two functions that meet at a key.
func (p *proc) meet(h Handle, key uintptr, alertable bool, timeout *int64) error {
	addr, err := p.find()
	if err != nil {
		return err
	}
	status, _, _ := syscall.SyscallN(addr, uintptr(h), key, flag(alertable), uintptr(unsafe.Pointer(timeout)))
	return statusError(status)
}
