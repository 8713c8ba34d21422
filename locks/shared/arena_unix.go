// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin

package shared

import (
	"io/fs"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/internal/race"
)

const (
	reserved = unix.MAP_PRIVATE | unix.MAP_ANON | unix.MAP_NORESERVE
	readable = unix.PROT_READ | unix.PROT_WRITE
)

// reserveSpace reserves the parts of an arena, of size bytes each, and returns their address. It leaves as much to the
// rest of the process.
func reserveSpace(size uintptr) (base uintptr, err error) {
	p, err := unix.MmapPtr(-1, 0, nil, 2*parts*size, unix.PROT_NONE, reserved)
	if err == nil {
		err = unix.MunmapPtr(pointer(uintptr(p)+parts*size), parts*size)
	}
	if err == nil {
		err = unmapFile(uintptr(p), size)
	}
	return uintptr(p), os.NewSyscallError("mmap", err)
}

// mapFile maps the first n bytes of f at the address at, in the arena.
func mapFile(at, n uintptr, f *os.File) error {
	_, err := unix.MmapPtr(int(f.Fd()), 0, pointer(at), n, readable, unix.MAP_SHARED|unix.MAP_FIXED)
	return os.NewSyscallError("mmap", err)
}

// setWritable sets whether n bytes of a file at the address at can be written, or only read.
func setWritable(at, n uintptr, yes bool) error {
	prot := unix.PROT_READ
	if yes {
		prot = readable
	}
	return os.NewSyscallError("mprotect", unix.Mprotect(unsafe.Slice((*byte)(pointer(at)), n), prot))
}

// mapPrivate maps n bytes of memory, which are zero, at the address at.
func mapPrivate(at, n uintptr) error {
	_, err := unix.MmapPtr(-1, 0, pointer(at), n, readable, reserved|unix.MAP_FIXED)
	return os.NewSyscallError("mmap", err)
}

// unmapFile unmaps a file, and keeps the address space reserved. The memory can be read, and is zero: before a call of
// s.mu.Lock the program itself reads from s, to check that it is not nil, and a fault there ends the program. With the
// race detector, which reads a word before it writes, and does not survive a fault of the write, the memory cannot be
// read.
func unmapFile(at, n uintptr) error {
	prot := unix.PROT_READ
	if race.Enabled {
		prot = unix.PROT_NONE
	}
	_, err := unix.MmapPtr(-1, 0, pointer(at), n, prot, reserved|unix.MAP_FIXED)
	return os.NewSyscallError("mmap", err)
}

// unmapPrivate unmaps the memory of mapPrivate, and keeps the address space reserved.
func unmapPrivate(at, n uintptr) error {
	_, err := unix.MmapPtr(-1, 0, pointer(at), n, unix.PROT_NONE, reserved|unix.MAP_FIXED)
	return os.NewSyscallError("mmap", err)
}

// openFile opens or makes a file. A symbolic link is an error.
func openFile(name string, flags int, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, os.O_RDWR|flags|noFollow, perm)
}
