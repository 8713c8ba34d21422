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

// ShmOpen opens a shared memory object, or creates it.
//
//	shm_open(name, flags, mode)
//
// The name begins with a slash, contains no other, and has at most 31 bytes in all. flags are O_RDONLY or O_RDWR, and O_CREAT, O_EXCL
// and O_TRUNC as for open. mode holds the permission bits of a new object. Although POSIX requires it, the kernel does not
// clear those of the umask, and fchmod fails with EINVAL. Exec closes the descriptor.
//
// The first ftruncate sets the length of an object, rounded up to whole pages; a second one fails with EINVAL. Once it has its
// size, the object can be mapped, up to that size and with MAP_SHARED, but neither read nor written. It lasts until [ShmUnlink] has
// removed its name and all processes have closed and unmapped it, or until the system ends.
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
