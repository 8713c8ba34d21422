// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"syscall"
	"unsafe"
)

// Flags of CreateEventEx.
const (
	CREATE_EVENT_MANUAL_RESET = 0x1
	CREATE_EVENT_INITIAL_SET  = 0x2
)

var (
	procCreateEventW   = proc{dll: kernel32, name: "CreateEventW"}
	procCreateEventExW = proc{dll: kernel32, name: "CreateEventExW"}
	procOpenEventW     = proc{dll: kernel32, name: "OpenEventW"}
	procSetEvent       = proc{dll: kernel32, name: "SetEvent"}
	procResetEvent     = proc{dll: kernel32, name: "ResetEvent"}
	procPulseEvent     = proc{dll: kernel32, name: "PulseEvent"}
)

// CreateEvent creates an event, or opens the one that has the name.
//
//	HANDLE CreateEventW(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset,
//	                    BOOL bInitialState, LPCWSTR lpName)
//
// A wait for its handle ends while the event is set. An event with manualReset stays set until
// [ResetEvent]; any other is reset by the first wait that it ends. set is the initial state. A
// nil name creates an unnamed event. An event has no owner.
//
// Errors are those of [CreateMutex], ERROR_ALREADY_EXISTS with a valid handle among them.
// The call does not block and may be made from any thread.
//
// Since Windows 2000. See "CreateEventW function (synchapi.h)".
func CreateEvent(sa *SecurityAttributes, manualReset, set bool, name *uint16) (Handle, error) {
	addr, err := procCreateEventW.find()
	if err != nil {
		return 0, err
	}
	return created(syscall.SyscallN(addr, uintptr(unsafe.Pointer(sa)), flag(manualReset), flag(set), uintptr(unsafe.Pointer(name))))
}

// CreateEventEx is [CreateEvent] with flags, 0 or a sum of CREATE_EVENT_MANUAL_RESET and
// CREATE_EVENT_INITIAL_SET, and the access rights that the handle is to have.
//
//	HANDLE CreateEventExW(LPSECURITY_ATTRIBUTES lpEventAttributes, LPCWSTR lpName,
//	                      DWORD dwFlags, DWORD dwDesiredAccess)
//
// Since Windows Vista. See "CreateEventExW function (synchapi.h)".
func CreateEventEx(sa *SecurityAttributes, name *uint16, flags, access uint32) (Handle, error) {
	addr, err := procCreateEventExW.find()
	if err != nil {
		return 0, err
	}
	return created(syscall.SyscallN(addr, uintptr(unsafe.Pointer(sa)), uintptr(unsafe.Pointer(name)), uintptr(flags), uintptr(access)))
}

// OpenEvent opens the event that has the name.
//
//	HANDLE OpenEventW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName)
//
// Otherwise it is [OpenMutex].
//
// Since Windows 2000. See "OpenEventW function (synchapi.h)".
func OpenEvent(access uint32, inherit bool, name *uint16) (Handle, error) {
	addr, err := procOpenEventW.find()
	if err != nil {
		return 0, err
	}
	return opened(syscall.SyscallN(addr, uintptr(access), flag(inherit), uintptr(unsafe.Pointer(name))))
}

// SetEvent sets an event. An event with manual reset ends all waits for it. Any other ends a
// single wait: the next, if there is none now. Setting an event that is set changes nothing.
//
//	BOOL SetEvent(HANDLE hEvent)
//
// Errors are of type [syscall.Errno]: ERROR_INVALID_HANDLE for a handle that is not an
// event's, ERROR_ACCESS_DENIED for one without EVENT_MODIFY_STATE. The call does not block
// and may be made from any thread.
//
// Since Windows 2000. See "SetEvent function (synchapi.h)".
func SetEvent(h Handle) error { return procSetEvent.onHandle(h) }

// ResetEvent resets an event.
//
//	BOOL ResetEvent(HANDLE hEvent)
//
// Otherwise it is [SetEvent].
//
// Since Windows 2000. See "ResetEvent function (synchapi.h)".
func ResetEvent(h Handle) error { return procResetEvent.onHandle(h) }

// PulseEvent sets an event and resets it at once.
//
//	BOOL PulseEvent(HANDLE hEvent)
//
// Microsoft calls it unreliable and keeps it only for old programs: a thread that the kernel
// has taken out of its wait for a moment misses the pulse. Use a condition variable instead.
// Errors are those of [SetEvent]. The call does not block and may be made from any thread.
//
// Since Windows 2000. See "PulseEvent function (winbase.h)".
func PulseEvent(h Handle) error { return procPulseEvent.onHandle(h) }
