// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"syscall"
	"unsafe"
)

// CREATE_MUTEX_INITIAL_OWNER is a flag of CreateMutexEx: the calling thread owns the mutex.
const CREATE_MUTEX_INITIAL_OWNER = 0x1

var (
	procCreateMutexW   = proc{dll: kernel32, name: "CreateMutexW"}
	procCreateMutexExW = proc{dll: kernel32, name: "CreateMutexExW"}
	procOpenMutexW     = proc{dll: kernel32, name: "OpenMutexW"}
	procReleaseMutex   = proc{dll: kernel32, name: "ReleaseMutex"}
)

// CreateMutex creates a mutex, or opens the one that has the name.
//
//	HANDLE CreateMutexW(LPSECURITY_ATTRIBUTES lpMutexAttributes, BOOL bInitialOwner,
//	                    LPCWSTR lpName)
//
// A mutex is recursive and belongs to a thread, of any process. A wait for its handle, such as
// [WaitForSingleObject], acquires it. The owner must call [ReleaseMutex] as many times. If the
// owner ends before that, the next wait acquires the mutex and returns WAIT_ABANDONED.
//
// With initialOwner the calling thread owns the mutex, if it is new. A nil name creates an
// unnamed mutex. The handle has all access rights.
//
// If the name exists already, the handle is valid and the error is ERROR_ALREADY_EXISTS:
// initialOwner and sa were ignored. Other errors are of type [syscall.Errno], and the handle is
// then 0: ERROR_INVALID_HANDLE if the name is that of another kind of object,
// ERROR_ACCESS_DENIED if its owner does not grant the caller access, ERROR_PATH_NOT_FOUND for a
// name with a backslash that does not end the name of a namespace.
//
// The call does not block. With initialOwner, lock the goroutine to the thread that then owns
// the mutex, with [runtime.LockOSThread], until the release.
//
// Since Windows 2000. See "CreateMutexW function (synchapi.h)".
func CreateMutex(sa *SecurityAttributes, initialOwner bool, name *uint16) (Handle, error) {
	addr, err := procCreateMutexW.find()
	if err != nil {
		return 0, err
	}
	return created(syscall.SyscallN(addr, uintptr(unsafe.Pointer(sa)), flag(initialOwner), uintptr(unsafe.Pointer(name))))
}

// CreateMutexEx is [CreateMutex] with flags, 0 or CREATE_MUTEX_INITIAL_OWNER, and the access
// rights that the handle is to have, such as SYNCHRONIZE|MUTEX_MODIFY_STATE.
//
//	HANDLE CreateMutexExW(LPSECURITY_ATTRIBUTES lpMutexAttributes, LPCWSTR lpName,
//	                      DWORD dwFlags, DWORD dwDesiredAccess)
//
// Since Windows Vista. See "CreateMutexExW function (synchapi.h)".
func CreateMutexEx(sa *SecurityAttributes, name *uint16, flags, access uint32) (Handle, error) {
	addr, err := procCreateMutexExW.find()
	if err != nil {
		return 0, err
	}
	return created(syscall.SyscallN(addr, uintptr(unsafe.Pointer(sa)), uintptr(unsafe.Pointer(name)), uintptr(flags), uintptr(access)))
}

// OpenMutex opens the mutex that has the name.
//
//	HANDLE OpenMutexW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName)
//
// The handle has the access rights asked for; with inherit, child processes inherit it.
//
// Errors are of type [syscall.Errno]: ERROR_FILE_NOT_FOUND if no object has that name,
// ERROR_INVALID_HANDLE if it is that of another kind of object, ERROR_ACCESS_DENIED if the
// owner does not grant these rights, ERROR_PATH_NOT_FOUND for a name with a backslash in it,
// ERROR_INVALID_PARAMETER for a nil name.
//
// The call does not block and may be made from any thread.
//
// Since Windows 2000. See "OpenMutexW function (synchapi.h)".
func OpenMutex(access uint32, inherit bool, name *uint16) (Handle, error) {
	addr, err := procOpenMutexW.find()
	if err != nil {
		return 0, err
	}
	return opened(syscall.SyscallN(addr, uintptr(access), flag(inherit), uintptr(unsafe.Pointer(name))))
}

// ReleaseMutex releases a mutex once.
//
//	BOOL ReleaseMutex(HANDLE hMutex)
//
// Errors are of type [syscall.Errno]: ERROR_NOT_OWNER if another thread owns the mutex, or
// no thread does; ERROR_INVALID_HANDLE for a handle that is not a mutex's. The call does not
// block. It must be made by the thread that owns the mutex.
//
// Since Windows 2000. See "ReleaseMutex function (synchapi.h)".
func ReleaseMutex(h Handle) error { return procReleaseMutex.onHandle(h) }
