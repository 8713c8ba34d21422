// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// noFollow makes it an error to open a symbolic link.
const noFollow = unix.O_NOFOLLOW

// anonymous makes a file without a name.
func anonymous() (*os.File, error) {
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
