// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"errors"
	"os"
	"unsafe"

	xwindows "golang.org/x/sys/windows"

	"github.com/osync-go/osync/sys/windows"
)

// reserveSpace finds room for the parts of an arena, of size bytes each, and reserves all but the first. Windows maps
// files only at addresses that are not reserved, so another mapping can get in between the regions. That is unlikely in
// 64 bits of address space, where Windows places nothing in the middle.
func reserveSpace(size uintptr) (base uintptr, err error) {
	if unsafe.Sizeof(size) == 8 {
		const middle = 0x2000 << 32
		for n := range uint64(64) {
			if base, err = reserveAt(uintptr(middle+n<<40), size); err == nil {
				return base, nil
			}
		}
	}
	return reserveAt(0, size)
}

// reserveAt does that at the address at, or, if at is 0, where there is room.
func reserveAt(at, size uintptr) (base uintptr, err error) {
	base, err = xwindows.VirtualAlloc(at, parts*size, xwindows.MEM_RESERVE, xwindows.PAGE_NOACCESS)
	if err != nil {
		return 0, os.NewSyscallError("VirtualAlloc", err)
	}
	if err := xwindows.VirtualFree(base, 0, xwindows.MEM_RELEASE); err != nil {
		return 0, os.NewSyscallError("VirtualFree", err)
	}
	_, err = xwindows.VirtualAlloc(base+size, (parts-1)*size, xwindows.MEM_RESERVE, xwindows.PAGE_NOACCESS)
	return base, os.NewSyscallError("VirtualAlloc", err)
}

// mapFile maps the first n bytes of f at the address at, in the arena.
func mapFile(at, n uintptr, f *os.File) error {
	section := xwindows.Handle(f.Fd())
	if !isSection(f) {
		var err error
		section, err = xwindows.CreateFileMapping(section, nil, xwindows.PAGE_READWRITE, 0, 0, nil)
		if err != nil {
			return os.NewSyscallError("CreateFileMapping", err)
		}
		defer xwindows.CloseHandle(section) // the view keeps what it needs
	}
	switch _, err := windows.MapViewOfFileEx(section, windows.FILE_MAP_WRITE, 0, n, at); {
	case errors.Is(err, windows.ERROR_INVALID_ADDRESS):
		return errTaken
	default:
		return os.NewSyscallError("MapViewOfFileEx", err)
	}
}

// unmapFile unmaps a file.
func unmapFile(at, n uintptr) error {
	return os.NewSyscallError("UnmapViewOfFile", xwindows.UnmapViewOfFile(at))
}

// setWritable sets whether n bytes of a file at the address at can be written, or only read.
func setWritable(at, n uintptr, yes bool) error {
	protection, old := uint32(xwindows.PAGE_READONLY), uint32(0)
	if yes {
		protection = xwindows.PAGE_READWRITE
	}
	return os.NewSyscallError("VirtualProtect", xwindows.VirtualProtect(at, n, protection, &old))
}

// mapPrivate commits zeroed memory for n bytes of reserved address space.
func mapPrivate(at, n uintptr) error {
	_, err := xwindows.VirtualAlloc(at, n, xwindows.MEM_COMMIT, xwindows.PAGE_READWRITE)
	return os.NewSyscallError("VirtualAlloc", err)
}

// unmapPrivate undoes mapPrivate.
func unmapPrivate(at, n uintptr) error {
	return os.NewSyscallError("VirtualFree", xwindows.VirtualFree(at, n, xwindows.MEM_DECOMMIT))
}
