// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The kernel's objects - mutexes, events, semaphores, timers - are identified by handles. They
// have names if several processes are to use them.
//
// A name has up to 260 characters. It may begin with "Local\" for the namespace of the
// session, which also holds names without a prefix, or with "Global\" for that of the machine.
// It must not contain any other backslash. Names are case-sensitive, and all kinds of objects
// share them.

// A Handle is a number that identifies an object of the kernel to the process. It is the
// Handle of golang.org/x/sys/windows. 0 means none.
type Handle = windows.Handle

// SecurityAttributes specify who may open an object by its name, and whether child processes
// inherit the handle. nil means the default security, and no inheritance.
type SecurityAttributes = windows.SecurityAttributes

// Access rights, for the Open functions and the Ex forms of the Create functions.
const (
	SYNCHRONIZE = windows.SYNCHRONIZE // to wait for it, and for a mutex, to release it

	MUTEX_MODIFY_STATE = windows.MUTEX_MODIFY_STATE
	MUTEX_ALL_ACCESS   = windows.MUTEX_ALL_ACCESS

	EVENT_MODIFY_STATE = windows.EVENT_MODIFY_STATE // to set and reset it
	EVENT_ALL_ACCESS   = windows.EVENT_ALL_ACCESS

	SEMAPHORE_MODIFY_STATE = windows.SEMAPHORE_MODIFY_STATE // to release it
	SEMAPHORE_ALL_ACCESS   = windows.SEMAPHORE_ALL_ACCESS

	TIMER_QUERY_STATE  = windows.TIMER_QUERY_STATE
	TIMER_MODIFY_STATE = windows.TIMER_MODIFY_STATE // to set and cancel it
	TIMER_ALL_ACCESS   = windows.TIMER_ALL_ACCESS
)

var (
	procCloseHandle   = proc{dll: kernel32, name: "CloseHandle"}
	procNtQueryObject = proc{dll: ntdll, name: "NtQueryObject"}
)

// CloseHandle closes a handle. The object ends with its last handle.
//
//	BOOL CloseHandle(HANDLE hObject)
//
// The error is of type [syscall.Errno]: ERROR_INVALID_HANDLE for a number that is not a
// handle, at which a debugger stops. No thread may be waiting on the handle. The call does not block and may be made
// from any thread.
//
// Since Windows 2000. See "CloseHandle function (handleapi.h)".
func CloseHandle(h Handle) error { return procCloseHandle.onHandle(h) }

// ObjectBasicInformation asks NtQueryObject for an [ObjectBasicInfo].
const ObjectBasicInformation = 0

// An ObjectBasicInfo is what an object of any kind has: PUBLIC_OBJECT_BASIC_INFORMATION.
type ObjectBasicInfo struct {
	Attributes    uint32
	GrantedAccess uint32 // of the handle
	HandleCount   uint32 // in all processes
	PointerCount  uint32 // of the handles and the kernel
	_             [10]uint32
}

// NtQueryObject queries information about the object of a handle, and returns how many bytes it has written to info.
//
//	NTSTATUS NtQueryObject(HANDLE Handle, OBJECT_INFORMATION_CLASS ObjectInformationClass,
//	                       PVOID ObjectInformation, ULONG ObjectInformationLength, PULONG ReturnLength)
//
// info points to size bytes of the type that class selects: of an [ObjectBasicInfo] for ObjectBasicInformation, for which
// any handle will do. The result may be out of date when the call returns.
//
// Errors are of type [NTStatus]: STATUS_INVALID_HANDLE for a number that is not a handle, STATUS_INFO_LENGTH_MISMATCH for
// a size that is not that of the class. The call does not block, and may be made from any thread.
//
// Since Windows 2000. See "NtQueryObject function (winternl.h)".
func NtQueryObject(h Handle, class uint32, info unsafe.Pointer, size uint32) (n uint32, err error) {
	addr, err := procNtQueryObject.find()
	if err != nil {
		return 0, err
	}
	status, _, _ := syscall.SyscallN(addr, uintptr(h), uintptr(class), uintptr(info), uintptr(size), uintptr(unsafe.Pointer(&n)))
	return n, statusError(status)
}

// created takes the results of SyscallN for a function that creates an object, or opens the
// one with that name. In the second case both the handle and the error are valid.
func created(r1, _ uintptr, errno syscall.Errno) (Handle, error) {
	h := Handle(r1)
	if h == 0 {
		return 0, errnoError(errno)
	}
	if errno == ERROR_ALREADY_EXISTS {
		return h, errno
	}
	return h, nil
}

// opened takes the results of SyscallN for a function that opens an object.
func opened(r1, _ uintptr, errno syscall.Errno) (Handle, error) {
	if r1 == 0 {
		return 0, errnoError(errno)
	}
	return Handle(r1), nil
}
