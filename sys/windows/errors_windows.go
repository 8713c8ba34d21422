// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// An NTStatus is a result of the calls of ntdll. As an error it is never STATUS_SUCCESS, but
// it may be STATUS_TIMEOUT, which the kernel does not count as an error.
type NTStatus = windows.NTStatus

// Statuses that calls of this package return.
const (
	STATUS_TIMEOUT           = windows.STATUS_TIMEOUT           // 0x102
	STATUS_INVALID_PARAMETER = windows.STATUS_INVALID_PARAMETER // 0xC000000D

	STATUS_USER_APC              = windows.STATUS_USER_APC              // 0xC0: an alertable wait has run an APC
	STATUS_ALERTED               = windows.STATUS_ALERTED               // 0x101
	STATUS_INFO_LENGTH_MISMATCH  = windows.STATUS_INFO_LENGTH_MISMATCH  // 0xC0000004
	STATUS_INVALID_HANDLE        = windows.STATUS_INVALID_HANDLE        // 0xC0000008
	STATUS_INVALID_CID           = windows.STATUS_INVALID_CID           // 0xC000000B: no thread has this id
	STATUS_ACCESS_DENIED         = windows.STATUS_ACCESS_DENIED         // 0xC0000022
	STATUS_OBJECT_TYPE_MISMATCH  = windows.STATUS_OBJECT_TYPE_MISMATCH  // 0xC0000024: a handle of another kind of object
	STATUS_OBJECT_NAME_NOT_FOUND = windows.STATUS_OBJECT_NAME_NOT_FOUND // 0xC0000034
	STATUS_OBJECT_NAME_COLLISION = windows.STATUS_OBJECT_NAME_COLLISION // 0xC0000035: an object has this name already
	STATUS_INVALID_PARAMETER_1   = windows.STATUS_INVALID_PARAMETER_1   // 0xC00000EF
)

// Errors that calls of this package return, of type syscall.Errno.
const (
	ERROR_FILE_NOT_FOUND      = windows.ERROR_FILE_NOT_FOUND      // 2: no object has this name
	ERROR_PATH_NOT_FOUND      = windows.ERROR_PATH_NOT_FOUND      // 3: a backslash that no such namespace precedes
	ERROR_ACCESS_DENIED       = windows.ERROR_ACCESS_DENIED       // 5
	ERROR_INVALID_HANDLE      = windows.ERROR_INVALID_HANDLE      // 6: no handle, or one of another kind of object
	ERROR_GEN_FAILURE         = windows.ERROR_GEN_FAILURE         // 31
	ERROR_INVALID_PARAMETER   = windows.ERROR_INVALID_PARAMETER   // 87
	ERROR_INSUFFICIENT_BUFFER = windows.ERROR_INSUFFICIENT_BUFFER // 122
	ERROR_ALREADY_EXISTS      = windows.ERROR_ALREADY_EXISTS      // 183: comes with a valid handle
	ERROR_NOT_OWNER           = windows.ERROR_NOT_OWNER           // 288
	ERROR_TOO_MANY_POSTS      = windows.ERROR_TOO_MANY_POSTS      // 298
	ERROR_INVALID_ADDRESS     = windows.ERROR_INVALID_ADDRESS     // 487: of memory
	ERROR_IO_PENDING          = windows.ERROR_IO_PENDING          // 997
	ERROR_MAPPED_ALIGNMENT    = windows.ERROR_MAPPED_ALIGNMENT    // 1132
	ERROR_TIMEOUT             = windows.ERROR_TIMEOUT             // 1460: of condition variables and addresses, not of handles

	ERROR_PRIVILEGE_NOT_HELD = windows.ERROR_PRIVILEGE_NOT_HELD // 1314
	ERROR_INVALID_TASK_NAME  = windows.ERROR_INVALID_TASK_NAME  // 1550: of MMCSS
	ERROR_INVALID_TASK_INDEX = windows.ERROR_INVALID_TASK_INDEX // 1551
)

// Numbers above 255 are converted to an error once, since that allocates.
var (
	errNotOwner        error = ERROR_NOT_OWNER
	errTooManyPosts    error = ERROR_TOO_MANY_POSTS
	errInvalidAddress  error = ERROR_INVALID_ADDRESS
	errIOPending       error = ERROR_IO_PENDING
	errMappedAlignment error = ERROR_MAPPED_ALIGNMENT
	errTimeout         error = ERROR_TIMEOUT
	errInvalid         error = syscall.EINVAL

	errPrivilegeNotHeld error = ERROR_PRIVILEGE_NOT_HELD
	errInvalidTaskName  error = ERROR_INVALID_TASK_NAME
	errInvalidTaskIndex error = ERROR_INVALID_TASK_INDEX

	errStatusTimeout             error = STATUS_TIMEOUT
	errStatusInfoLengthMismatch  error = STATUS_INFO_LENGTH_MISMATCH
	errStatusInvalidHandle       error = STATUS_INVALID_HANDLE
	errStatusInvalidParameter    error = STATUS_INVALID_PARAMETER
	errStatusAlerted             error = STATUS_ALERTED
	errStatusInvalidCID          error = STATUS_INVALID_CID
	errStatusAccessDenied        error = STATUS_ACCESS_DENIED
	errStatusObjectTypeMismatch  error = STATUS_OBJECT_TYPE_MISMATCH
	errStatusObjectNameNotFound  error = STATUS_OBJECT_NAME_NOT_FOUND
	errStatusObjectNameCollision error = STATUS_OBJECT_NAME_COLLISION
	errStatusInvalidParameter1   error = STATUS_INVALID_PARAMETER_1
)

// errnoError returns the error of a call that failed. The error is EINVAL for a call that does
// not set one, as in package syscall.
func errnoError(errno syscall.Errno) error {
	switch errno {
	case 0:
		return errInvalid
	case ERROR_NOT_OWNER:
		return errNotOwner
	case ERROR_TOO_MANY_POSTS:
		return errTooManyPosts
	case ERROR_INVALID_ADDRESS:
		return errInvalidAddress
	case ERROR_IO_PENDING:
		return errIOPending
	case ERROR_MAPPED_ALIGNMENT:
		return errMappedAlignment
	case ERROR_TIMEOUT:
		return errTimeout
	case ERROR_PRIVILEGE_NOT_HELD:
		return errPrivilegeNotHeld
	case ERROR_INVALID_TASK_NAME:
		return errInvalidTaskName
	case ERROR_INVALID_TASK_INDEX:
		return errInvalidTaskIndex
	}
	return errno
}

// succeeded takes the results of SyscallN for a function that returns a BOOL. A BOOL has
// 32 bits; the rest of the register is undefined.
func succeeded(r1, _ uintptr, errno syscall.Errno) error {
	if uint32(r1) == 0 {
		return errnoError(errno)
	}
	return nil
}

// statusError returns the error for an NTSTATUS.
func statusError(r1 uintptr) error {
	switch status := NTStatus(r1); status {
	case windows.STATUS_SUCCESS:
		return nil
	case STATUS_TIMEOUT:
		return errStatusTimeout
	case STATUS_INFO_LENGTH_MISMATCH:
		return errStatusInfoLengthMismatch
	case STATUS_INVALID_HANDLE:
		return errStatusInvalidHandle
	case STATUS_INVALID_PARAMETER:
		return errStatusInvalidParameter
	case STATUS_ALERTED:
		return errStatusAlerted
	case STATUS_INVALID_CID:
		return errStatusInvalidCID
	case STATUS_ACCESS_DENIED:
		return errStatusAccessDenied
	case STATUS_OBJECT_TYPE_MISMATCH:
		return errStatusObjectTypeMismatch
	case STATUS_OBJECT_NAME_NOT_FOUND:
		return errStatusObjectNameNotFound
	case STATUS_OBJECT_NAME_COLLISION:
		return errStatusObjectNameCollision
	case STATUS_INVALID_PARAMETER_1:
		return errStatusInvalidParameter1
	default:
		return status
	}
}
