// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"unsafe"

	xwindows "golang.org/x/sys/windows"

	"github.com/osync-go/osync/sys/windows"
)

// A region is a file, or a section without a file: memory, which ends with its last handle or view. The handle of a
// section is kept as an os.File, too, of which only the methods Fd and Close work.

// isSection reports whether f is a section without a file.
func isSection(f *os.File) bool {
	var info xwindows.ByHandleFileInformation
	err := xwindows.GetFileInformationByHandle(xwindows.Handle(f.Fd()), &info)
	return errors.Is(err, windows.ERROR_INVALID_HANDLE)
}

// openFile opens or creates a file, which others may open, but not remove. It does not follow links, so a link is not a
// regular file.
func openFile(name string, flags int, perm fs.FileMode) (*os.File, error) {
	p, err := xwindows.UTF16PtrFromString(name)
	if err != nil {
		return nil, err
	}
	mode := uint32(xwindows.OPEN_EXISTING)
	switch {
	case flags&os.O_EXCL != 0:
		mode = xwindows.CREATE_NEW
	case flags&os.O_CREATE != 0:
		mode = xwindows.OPEN_ALWAYS
	}
	sa, err := attributes(perm)
	if err != nil {
		return nil, err
	}
	h, err := xwindows.CreateFile(p, xwindows.GENERIC_READ|xwindows.GENERIC_WRITE,
		xwindows.FILE_SHARE_READ|xwindows.FILE_SHARE_WRITE, sa, mode,
		xwindows.FILE_ATTRIBUTE_NORMAL|xwindows.FILE_FLAG_OPEN_REPARSE_POINT, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(h), name), nil
}

// attributes returns the access rights of a new object: for the user, and, with permissions for others, for everyone.
// Unlike the default of Windows, they do not depend on whether the process is elevated.
func attributes(perm fs.FileMode) (*windows.SecurityAttributes, error) {
	if perm&0o077 != 0 {
		return forAll()
	}
	return forUser()
}

var (
	forUser = sync.OnceValues(func() (*windows.SecurityAttributes, error) { return allow("") })
	forAll  = sync.OnceValues(func() (*windows.SecurityAttributes, error) { return allow("(A;;GA;;;WD)") })
)

// allow returns attributes that grant all rights to the user, and the given rights to others.
func allow(others string) (*windows.SecurityAttributes, error) {
	user, err := xwindows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, os.NewSyscallError("GetTokenInformation", err)
	}
	sd, err := xwindows.SecurityDescriptorFromString("D:P(A;;GA;;;" + user.User.Sid.String() + ")" + others)
	if err != nil {
		return nil, os.NewSyscallError("ConvertStringSecurityDescriptorToSecurityDescriptor", err)
	}
	return &windows.SecurityAttributes{Length: uint32(unsafe.Sizeof(windows.SecurityAttributes{})), SecurityDescriptor: sd}, nil
}

// openMemory opens the section of a name, or makes it. The namespace is that of the session: making a section in the
// machine's requires a privilege.
func openMemory(name string, flags int, perm fs.FileMode, size int64) (*os.File, error) {
	p, err := xwindows.UTF16PtrFromString(`Local\osync-` + name)
	if err != nil {
		return nil, err
	}
	var h windows.Handle
	if flags&os.O_CREATE == 0 {
		h, err = windows.OpenFileMapping(windows.FILE_MAP_READ|windows.FILE_MAP_WRITE, false, p)
	} else {
		h, err = createSection(perm, size, p)
		if h != 0 && flags&os.O_EXCL != 0 && errors.Is(err, windows.ERROR_ALREADY_EXISTS) {
			windows.CloseHandle(h)
			return nil, fs.ErrExist
		}
	}
	if h == 0 {
		return nil, err
	}
	return os.NewFile(uintptr(h), name), nil
}

// createSection makes a section, or opens the one that has the name, with ERROR_ALREADY_EXISTS.
func createSection(perm fs.FileMode, size int64, name *uint16) (windows.Handle, error) {
	sa, err := attributes(perm)
	if err != nil {
		return 0, err
	}
	h, err := xwindows.CreateFileMapping(xwindows.InvalidHandle, sa, xwindows.PAGE_READWRITE, uint32(size>>32), uint32(size), name)
	if h == 0 {
		return 0, os.NewSyscallError("CreateFileMapping", err)
	}
	return h, err
}

// unlinkMemory does nothing: a section has its name as long as it exists.
func unlinkMemory(name string) error { return nil }

// anonymous makes a section without a name.
func anonymous(size int64) (*os.File, error) {
	h, err := createSection(0o600, size, nil)
	if h == 0 {
		return nil, err
	}
	return os.NewFile(uintptr(h), "memory"), nil
}

// seal does nothing, since neither a section nor a mapped file can become shorter.
func seal(f *os.File) error { return nil }

// reopen makes another handle.
func reopen(f *os.File) (*os.File, error) {
	own := xwindows.CurrentProcess()
	var h windows.Handle
	err := xwindows.DuplicateHandle(own, xwindows.Handle(f.Fd()), own, &h, 0, false, xwindows.DUPLICATE_SAME_ACCESS)
	if err != nil {
		return nil, os.NewSyscallError("DuplicateHandle", err)
	}
	return os.NewFile(uintptr(h), f.Name()), nil
}

// sizeOf returns the size of a file or section that may hold a region.
func sizeOf(f *os.File) (int64, error) {
	if isSection(f) {
		return sizeOfSection(xwindows.Handle(f.Fd()))
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		return 0, fmt.Errorf("%w: not a regular file", ErrForeign)
	} else if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// sizeOfSection returns the size of a section, in whole pages.
func sizeOfSection(h windows.Handle) (int64, error) {
	view, err := windows.MapViewOfFileEx(h, windows.FILE_MAP_READ, 0, 0, 0)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrForeign, os.NewSyscallError("MapViewOfFileEx", err))
	}
	defer xwindows.UnmapViewOfFile(view)
	var info xwindows.MemoryBasicInformation
	err = xwindows.VirtualQuery(view, &info, unsafe.Sizeof(info))
	return int64(info.RegionSize), os.NewSyscallError("VirtualQuery", err)
}

// protect does nothing, since a file or section is made with its permissions.
func protect(f *os.File, perm fs.FileMode) error { return nil }

// begin makes the file at least so long that the header can be mapped, and never shorter.
func begin(f *os.File, size int64) error {
	if isSection(f) {
		return nil
	}
	_, err := f.WriteAt([]byte{0}, dataAt-1)
	return err
}

// allocate makes the file size bytes long, or longer. Windows allocates disk space for all of them.
func allocate(f *os.File, size int64) error {
	n, err := sizeOf(f)
	if err != nil || n >= size {
		return err
	}
	if isSection(f) {
		return fmt.Errorf("%w: the section has %d bytes", ErrSize, n)
	}
	return f.Truncate(size)
}

// explain adds an explanation to an error of the system.
func explain(err error) error { return err }
