// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Access rights of [OpenFileMapping] and [MapViewOfFileEx].
const (
	FILE_MAP_WRITE = windows.FILE_MAP_WRITE // for a view, reading too
	FILE_MAP_READ  = windows.FILE_MAP_READ
)

var (
	procOpenFileMappingW = proc{dll: kernel32, name: "OpenFileMappingW"}
	procMapViewOfFileEx  = proc{dll: kernel32, name: "MapViewOfFileEx"}
)

// OpenFileMapping opens the section, which is memory that processes can map, that has the name.
//
//	HANDLE OpenFileMappingW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName)
//
// Otherwise it is [OpenMutex]. To create a section use CreateFileMapping of golang.org/x/sys/windows.
//
// Since Windows 2000. See "OpenFileMappingW function (memoryapi.h)".
func OpenFileMapping(access uint32, inherit bool, name *uint16) (Handle, error) {
	addr, err := procOpenFileMappingW.find()
	if err != nil {
		return 0, err
	}
	return opened(syscall.SyscallN(addr, uintptr(access), flag(inherit), uintptr(unsafe.Pointer(name))))
}

// MapViewOfFileEx maps a part of a section into the process's memory, and returns the address. It maps it at the address
// at, or for 0, at one that Windows chooses.
//
//	LPVOID MapViewOfFileEx(HANDLE hFileMappingObject, DWORD dwDesiredAccess, DWORD dwFileOffsetHigh,
//	                       DWORD dwFileOffsetLow, SIZE_T dwNumberOfBytesToMap, LPVOID lpBaseAddress)
//
// The offset and at are multiples of 64 KiB. A size of 0 means everything from the offset on. UnmapViewOfFile of
// golang.org/x/sys/windows unmaps the memory. The section lives as long as it has a handle or a view.
//
// Errors are of type [syscall.Errno]: ERROR_INVALID_ADDRESS if the memory at at is in use, ERROR_MAPPED_ALIGNMENT
// if at or the offset is not such a multiple, ERROR_ACCESS_DENIED if the section is too short or the handle
// lacks the access, ERROR_INVALID_HANDLE for a handle that is not a section's. The call does not block, and may be made
// from any thread.
//
// Since Windows 2000. See "MapViewOfFileEx function (memoryapi.h)".
func MapViewOfFileEx(section Handle, access uint32, offset uint64, size, at uintptr) (uintptr, error) {
	addr, err := procMapViewOfFileEx.find()
	if err != nil {
		return 0, err
	}
	view, _, errno := syscall.SyscallN(addr, uintptr(section), uintptr(access), uintptr(uint32(offset>>32)), uintptr(uint32(offset)), size, at)
	if view == 0 {
		return 0, errnoError(errno)
	}
	return view, nil
}
