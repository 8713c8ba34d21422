// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import (
	"syscall"
	"unsafe"
)

//go:cgo_import_dynamic libc_shm_open shm_open "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_shm_unlink shm_unlink "/usr/lib/libSystem.B.dylib"

var (
	shmOpenAddr   uintptr
	shmUnlinkAddr uintptr
)

// ShmOpen opens a shared memory object, or makes it.
//
//	shm_open(name, flags, mode)
//
// The name begins with a slash and has no other, and at most 31 bytes in all. flags are O_RDONLY or O_RDWR, and O_CREAT, O_EXCL
// and O_TRUNC as for open; mode holds the permission bits of a new object. The kernel does not take those of the umask away, as
// POSIX says it should, and fchmod fails with EINVAL. The descriptor is closed by exec.
//
// An object is as long as the first ftruncate makes it, rounded up to whole pages; another one fails with EINVAL. It can be
// mapped once it has its size, up to that and with MAP_SHARED, but neither read nor written. It lasts until [ShmUnlink] has
// removed its name and all have closed and unmapped it, or the system ends.
//
// Errors are of type [syscall.Errno]: ENOENT, EEXIST with O_CREAT and O_EXCL, EACCES, EINVAL, ENAMETOOLONG, EMFILE, ENFILE,
// ENOSPC. A name with a zero byte is EINVAL. The call may block for a short time. Since Mac OS X 10.0. See sys/mman.h and
// shm_open(2).
func ShmOpen(name string, flags int, mode uint16) (fd int, err error) {
	p, err := syscall.BytePtrFromString(name)
	if err != nil {
		return 0, err
	}
	// mode is an argument of a variadic function. syscall3 passes its third argument as such, too.
	r1, _, errno := syscall3(shmOpenAddr, uintptr(unsafe.Pointer(p)), uintptr(flags), uintptr(mode))
	return count(r1, errno)
}

// ShmUnlink removes the name of a shared memory object. A process that has it open goes on using it.
//
//	shm_unlink(name)
//
// Errors are of type [syscall.Errno]: ENOENT, EACCES, EINVAL, ENAMETOOLONG. A name with a zero byte is EINVAL. The call does not
// block. Since Mac OS X 10.0. See sys/mman.h and shm_unlink(2).
func ShmUnlink(name string) error {
	p, err := syscall.BytePtrFromString(name)
	if err != nil {
		return err
	}
	r1, _, errno := syscall3(shmUnlinkAddr, uintptr(unsafe.Pointer(p)), 0, 0)
	_, err = count(r1, errno)
	return err
}
