// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// The kernel's objects - mutexes, events, semaphores, timers - are known by handles, and
// have names if several processes are to use one.
//
// A name has up to 260 characters. It may begin with "Local\" for the name space of the
// session, where names without a prefix are too, or "Global\" for that of the machine. No
// other backslash may be in it. Upper and lower case differ, and all kinds of objects share
// the names.

// A Handle is a number by which the process knows an object of the kernel. It is the
// Handle of golang.org/x/sys/windows. 0 is none.
type Handle = windows.Handle

// SecurityAttributes say who may open an object by its name, and whether child processes
// inherit the handle; nil is the default, and no.
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

var procCloseHandle = proc{dll: kernel32, name: "CloseHandle"}

// CloseHandle gives a handle back. The object goes when its last handle does.
//
//	BOOL CloseHandle(HANDLE hObject)
//
// The error is of type [syscall.Errno]: ERROR_INVALID_HANDLE for a number that is not a
// handle, at which a debugger stops. Nobody may be waiting on the handle. The call does not
// block and may be made from any thread.
//
// Since Windows 2000. See "CloseHandle function (handleapi.h)".
func CloseHandle(h Handle) error { return procCloseHandle.onHandle(h) }

// created takes the results of SyscallN for a function that creates an object or finds the
// one of that name. In the second case there is an error with the handle.
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
