// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"strconv"
	"syscall"
	"unsafe"
)

// A WaitResult is how a wait for handles has ended.
type WaitResult uint32

// Results of waits. With several handles, WAIT_OBJECT_0+i and WAIT_ABANDONED_0+i are for
// handle number i.
const (
	WAIT_OBJECT_0      WaitResult = 0
	WAIT_ABANDONED_0   WaitResult = 0x80 // a mutex was acquired whose last owner ended without releasing it
	WAIT_ABANDONED     WaitResult = WAIT_ABANDONED_0
	WAIT_IO_COMPLETION WaitResult = 0xC0  // an alertable wait has run a completion routine or an APC
	WAIT_TIMEOUT       WaitResult = 0x102 // the time is over
	WAIT_FAILED        WaitResult = 0xFFFFFFFF
)

// MAXIMUM_WAIT_OBJECTS is the maximum number of handles of a wait.
const MAXIMUM_WAIT_OBJECTS = 64

// String returns the name of r, such as "WAIT_OBJECT_0+2".
func (r WaitResult) String() string {
	switch {
	case r < MAXIMUM_WAIT_OBJECTS:
		return "WAIT_OBJECT_0+" + strconv.Itoa(int(r))
	case WAIT_ABANDONED_0 <= r && r < WAIT_ABANDONED_0+MAXIMUM_WAIT_OBJECTS:
		return "WAIT_ABANDONED_0+" + strconv.Itoa(int(r-WAIT_ABANDONED_0))
	case r == WAIT_IO_COMPLETION:
		return "WAIT_IO_COMPLETION"
	case r == WAIT_TIMEOUT:
		return "WAIT_TIMEOUT"
	case r == WAIT_FAILED:
		return "WAIT_FAILED"
	}
	return "WaitResult(" + strconv.Itoa(int(r)) + ")"
}

var (
	procWaitForSingleObject      = proc{dll: kernel32, name: "WaitForSingleObject"}
	procWaitForSingleObjectEx    = proc{dll: kernel32, name: "WaitForSingleObjectEx"}
	procWaitForMultipleObjects   = proc{dll: kernel32, name: "WaitForMultipleObjects"}
	procWaitForMultipleObjectsEx = proc{dll: kernel32, name: "WaitForMultipleObjectsEx"}
	procSignalObjectAndWait      = proc{dll: kernel32, name: "SignalObjectAndWait"}
)

// WaitForSingleObject waits until the object of a handle is signaled, and then affects it as
// its kind defines: it acquires a mutex, takes 1 from a semaphore, resets an event or a timer
// without manual reset.
//
//	DWORD WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds)
//
// ms is a timeout in milliseconds; 0 only tests, INFINITE means no limit. The result is
// WAIT_OBJECT_0, WAIT_ABANDONED or WAIT_TIMEOUT. None of these is an error. With WAIT_ABANDONED,
// the caller owns a mutex whose last owner ended without releasing it, so the data that it
// protects may be inconsistent. With an error, the result is WAIT_FAILED.
//
// Errors are of type [syscall.Errno]: ERROR_INVALID_HANDLE for a number that is not a handle
// or one that cannot be waited for, ERROR_ACCESS_DENIED for a handle without SYNCHRONIZE.
//
// The call blocks its thread. It may be made from any thread, but a mutex then belongs to that
// thread: lock the goroutine to it with [runtime.LockOSThread] until the release.
//
// Since Windows 2000. See "WaitForSingleObject function (synchapi.h)".
func WaitForSingleObject(h Handle, ms uint32) (WaitResult, error) {
	addr, err := procWaitForSingleObject.find()
	if err != nil {
		return WAIT_FAILED, err
	}
	return waited(syscall.SyscallN(addr, uintptr(h), uintptr(ms)))
}

// WaitForSingleObjectEx is [WaitForSingleObject] with an option: if it is alertable, it also
// ends, with WAIT_IO_COMPLETION, after a completion routine or an APC that was queued to the
// thread has run.
//
//	DWORD WaitForSingleObjectEx(HANDLE hHandle, DWORD dwMilliseconds, BOOL bAlertable)
//
// Since Windows 2000. See "WaitForSingleObjectEx function (synchapi.h)".
func WaitForSingleObjectEx(h Handle, ms uint32, alertable bool) (WaitResult, error) {
	addr, err := procWaitForSingleObjectEx.find()
	if err != nil {
		return WAIT_FAILED, err
	}
	return waited(syscall.SyscallN(addr, uintptr(h), uintptr(ms), flag(alertable)))
}

// WaitForMultipleObjects waits until one of several objects is signaled or, with all, until all
// are signaled at the same time. Only then does it affect them as their kinds define.
//
//	DWORD WaitForMultipleObjects(DWORD nCount, const HANDLE *lpHandles, BOOL bWaitAll,
//	                             DWORD dwMilliseconds)
//
// There are 1 to MAXIMUM_WAIT_OBJECTS handles. Without all, the result is WAIT_OBJECT_0+i or
// WAIT_ABANDONED_0+i, where i is the lowest index of those that are signaled. With all, it is in
// the range of WAIT_ABANDONED_0 if any of them is an abandoned mutex. Otherwise it is
// [WaitForSingleObject], with one more error: ERROR_INVALID_PARAMETER for another number of handles
// or, with all, for a handle that is given twice.
//
// Since Windows 2000. See "WaitForMultipleObjects function (synchapi.h)".
func WaitForMultipleObjects(handles []Handle, all bool, ms uint32) (WaitResult, error) {
	addr, err := procWaitForMultipleObjects.find()
	if err != nil {
		return WAIT_FAILED, err
	}
	return waited(syscall.SyscallN(addr, uintptr(len(handles)), uintptr(unsafe.Pointer(unsafe.SliceData(handles))), flag(all), uintptr(ms)))
}

// WaitForMultipleObjectsEx is [WaitForMultipleObjects] that may be alertable, as in
// [WaitForSingleObjectEx].
//
//	DWORD WaitForMultipleObjectsEx(DWORD nCount, const HANDLE *lpHandles, BOOL bWaitAll,
//	                               DWORD dwMilliseconds, BOOL bAlertable)
//
// Since Windows 2000. See "WaitForMultipleObjectsEx function (synchapi.h)".
func WaitForMultipleObjectsEx(handles []Handle, all bool, ms uint32, alertable bool) (WaitResult, error) {
	addr, err := procWaitForMultipleObjectsEx.find()
	if err != nil {
		return WAIT_FAILED, err
	}
	return waited(syscall.SyscallN(addr, uintptr(len(handles)), uintptr(unsafe.Pointer(unsafe.SliceData(handles))), flag(all),
		uintptr(ms), flag(alertable)))
}

// SignalObjectAndWait signals one object and waits for another, in one call: it releases a
// mutex, adds 1 to a semaphore, or sets an event, and then calls [WaitForSingleObjectEx].
//
//	DWORD SignalObjectAndWait(HANDLE hObjectToSignal, HANDLE hObjectToWaitOn,
//	                          DWORD dwMilliseconds, BOOL bAlertable)
//
// It is not one step: another thread may see the signal before the wait begins. It also returns
// the errors of the signal: ERROR_NOT_OWNER, ERROR_TOO_MANY_POSTS, and ERROR_INVALID_HANDLE for
// an object that cannot be signaled.
//
// Since Windows 2000. See "SignalObjectAndWait function (synchapi.h)".
func SignalObjectAndWait(signal, wait Handle, ms uint32, alertable bool) (WaitResult, error) {
	addr, err := procSignalObjectAndWait.find()
	if err != nil {
		return WAIT_FAILED, err
	}
	return waited(syscall.SyscallN(addr, uintptr(signal), uintptr(wait), uintptr(ms), flag(alertable)))
}

// waited takes the results of SyscallN for a wait.
func waited(r1, _ uintptr, errno syscall.Errno) (WaitResult, error) {
	result := WaitResult(r1)
	if result == WAIT_FAILED {
		return result, errnoError(errno)
	}
	return result, nil
}
