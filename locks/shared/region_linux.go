// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// noFollow makes it an error to open a symbolic link.
const noFollow = unix.O_NOFOLLOW

// openMemory opens the memory of a name, or makes it, as shm_open does.
func openMemory(name string, flags int, perm fs.FileMode, size int64) (*os.File, error) {
	return os.OpenFile("/dev/shm/"+name, os.O_RDWR|flags|noFollow, perm)
}

// unlinkMemory removes the name of memory.
func unlinkMemory(name string) error { return unlinkFile("/dev/shm/" + name) }

// anonymous makes a file without a name. Its size is told to systems that must know it then.
func anonymous(size int64) (*os.File, error) {
	fd, err := unix.MemfdCreate("osync", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, os.NewSyscallError("memfd_create", err)
	}
	return os.NewFile(uintptr(fd), "memory"), nil
}

// seal forbids that the file becomes shorter or longer.
func seal(f *os.File) error {
	_, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK|unix.F_SEAL_GROW)
	return os.NewSyscallError("fcntl", err)
}

// reopen opens the file of f once more. Record locks belong to an open file: with one that others have, too, they would not
// tell when this process ends.
func reopen(f *os.File) (*os.File, error) {
	return os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", f.Fd()), os.O_RDWR, 0)
}

// sizeOf returns the size of a file that may hold a region.
func sizeOf(f *os.File) (int64, error) {
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		return 0, fmt.Errorf("%w: no regular file", ErrForeign)
	} else if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// protect gives the file of a new region its permissions. Another user's file keeps its own: its owner was killed when it made
// the region.
func protect(f *os.File, perm fs.FileMode) error {
	if info, err := f.Stat(); err != nil || info.Mode().Perm() == perm {
		return err
	}
	if err := f.Chmod(perm); !errors.Is(err, unix.EPERM) {
		return err
	}
	return nil
}

// begin makes the file so long that the header can be mapped, or longer, and never shorter. Several processes may do that at the same time, also
// when the region is complete already. The whole region will have size bytes.
func begin(f *os.File, size int64) error {
	_, err := f.WriteAt([]byte{0}, dataAt-1) // behind the slots
	return err
}

// allocate makes the file size bytes long, and all of its blocks: without them, a full disk would kill a process that
// writes to the memory later.
func allocate(f *os.File, size int64) error {
	err := unix.Fallocate(int(f.Fd()), 0, 0, size)
	if errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.ENOSYS) {
		return f.Truncate(size)
	}
	return os.NewSyscallError("fallocate", err)
}

// lockInit waits until this process is the only one that makes the region, or settles what it holds. The kernel ends that
// when the process ends.
func (r *Region) lockInit() error { return r.lockByte(byteInit, true) }

func (r *Region) unlockInit() { r.unlockByte(byteInit) }
