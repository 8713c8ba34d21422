// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"syscall"
	"unsafe"
)

var (
	procCreateSemaphoreW   = proc{dll: kernel32, name: "CreateSemaphoreW"}
	procCreateSemaphoreExW = proc{dll: kernel32, name: "CreateSemaphoreExW"}
	procOpenSemaphoreW     = proc{dll: kernel32, name: "OpenSemaphoreW"}
	procReleaseSemaphore   = proc{dll: kernel32, name: "ReleaseSemaphore"}
)

// CreateSemaphore creates a semaphore, or opens the one that has the name.
//
//	HANDLE CreateSemaphoreW(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes, LONG lInitialCount,
//	                        LONG lMaximumCount, LPCWSTR lpName)
//
// A wait for its handle ends while its count is above 0, and subtracts 1 from it. The count
// begins at initial, at least 0, and is never above maximum, at least 1. A nil name creates an
// unnamed semaphore. A semaphore has no owner: when a thread ends, nothing is released.
//
// Errors are those of [CreateMutex], ERROR_ALREADY_EXISTS with a valid handle among them, and
// ERROR_INVALID_PARAMETER for counts that do not fit. The call does not block and may be made
// from any thread.
//
// Since Windows 2000. See "CreateSemaphoreW function (winbase.h)".
func CreateSemaphore(sa *SecurityAttributes, initial, maximum int32, name *uint16) (Handle, error) {
	addr, err := procCreateSemaphoreW.find()
	if err != nil {
		return 0, err
	}
	return created(syscall.SyscallN(addr, uintptr(unsafe.Pointer(sa)), uintptr(initial), uintptr(maximum), uintptr(unsafe.Pointer(name))))
}

// CreateSemaphoreEx is [CreateSemaphore] with flags, which must be 0 since none are defined,
// and the access rights that the handle is to have.
//
//	HANDLE CreateSemaphoreExW(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes, LONG lInitialCount,
//	                          LONG lMaximumCount, LPCWSTR lpName, DWORD dwFlags,
//	                          DWORD dwDesiredAccess)
//
// Since Windows Vista. See "CreateSemaphoreExW function (winbase.h)".
func CreateSemaphoreEx(sa *SecurityAttributes, initial, maximum int32, name *uint16, flags, access uint32) (Handle, error) {
	addr, err := procCreateSemaphoreExW.find()
	if err != nil {
		return 0, err
	}
	return created(syscall.SyscallN(addr, uintptr(unsafe.Pointer(sa)), uintptr(initial), uintptr(maximum),
		uintptr(unsafe.Pointer(name)), uintptr(flags), uintptr(access)))
}

// OpenSemaphore opens the semaphore that has the name.
//
//	HANDLE OpenSemaphoreW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName)
//
// Otherwise it is [OpenMutex].
//
// Since Windows 2000. See "OpenSemaphoreW function (synchapi.h)".
func OpenSemaphore(access uint32, inherit bool, name *uint16) (Handle, error) {
	addr, err := procOpenSemaphoreW.find()
	if err != nil {
		return 0, err
	}
	return opened(syscall.SyscallN(addr, uintptr(access), flag(inherit), uintptr(unsafe.Pointer(name))))
}

// ReleaseSemaphore adds n to a semaphore's count, and returns the previous count.
//
//	BOOL ReleaseSemaphore(HANDLE hSemaphore, LONG lReleaseCount, LPLONG lpPreviousCount)
//
// Errors are of type [syscall.Errno], and leave the count unchanged: ERROR_TOO_MANY_POSTS if
// it would exceed the maximum, ERROR_INVALID_PARAMETER for an n below 1, ERROR_INVALID_HANDLE
// for a handle that is not a semaphore's, ERROR_ACCESS_DENIED for one without
// SEMAPHORE_MODIFY_STATE. The call does not block and may be made from any thread.
//
// Since Windows 2000. See "ReleaseSemaphore function (synchapi.h)".
func ReleaseSemaphore(h Handle, n int32) (previous int32, err error) {
	addr, err := procReleaseSemaphore.find()
	if err != nil {
		return 0, err
	}
	err = succeeded(syscall.SyscallN(addr, uintptr(h), uintptr(n), uintptr(unsafe.Pointer(&previous))))
	return previous, err
}
