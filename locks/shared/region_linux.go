// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// openMemory opens the memory of a name, or makes it, as shm_open does.
func openMemory(name string, flags int, perm fs.FileMode, size int64) (*os.File, error) {
	return os.OpenFile("/dev/shm/"+name, os.O_RDWR|flags|noFollow, perm)
}

// unlinkMemory removes the name of memory.
func unlinkMemory(name string) error { return unlinkFile("/dev/shm/" + name) }

// anonymous makes a file without a name. Systems that must know its size at that time use size.
func anonymous(size int64) (*os.File, error) {
	fd, err := unix.MemfdCreate("osync", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, os.NewSyscallError("memfd_create", err)
	}
	return os.NewFile(uintptr(fd), "memory"), nil
}

// seal prevents the file from becoming shorter or longer.
func seal(f *os.File) error {
	_, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK|unix.F_SEAL_GROW)
	return os.NewSyscallError("fcntl", err)
}

// reopen opens the file of f once more. Record locks belong to an open file: on an open file that is shared with other
// processes, they would outlive this process.
func reopen(f *os.File) (*os.File, error) {
	switch mode, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0); {
	case err != nil:
		return nil, os.NewSyscallError("fcntl", err)
	case mode&unix.O_ACCMODE != unix.O_RDWR:
		return nil, fmt.Errorf("%w: the file must be open for reading and writing", fs.ErrPermission)
	}
	fd, err := unix.Open(fmt.Sprintf("/proc/self/fd/%d", f.Fd()), unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("open", err)
	}
	return os.NewFile(uintptr(fd), f.Name()), nil
}

// begin makes the file at least so long that the header can be mapped, and never shorter. Several processes may do that
// at the same time, even when the region is already complete. The whole region will have size bytes.
func begin(f *os.File, size int64) error {
	_, err := f.WriteAt([]byte{0}, dataAt-1) // after the slots
	return err
}

// allocate makes the file size bytes long, if it is shorter, and allocates all of its blocks. Without them, a full disk
// would later cause a fault in a process that writes to the memory.
func allocate(f *os.File, size int64) error {
	const most = 64 << 20 // per call: a signal, which Go sends after 10 ms, undoes all work of a call
	for at := int64(0); at < size; at += most {
		err := unix.EINTR
		for err == unix.EINTR {
			err, _ = unix.Fallocate(int(f.Fd()), 0, at, min(most, size-at)).(unix.Errno)
		}
		switch err {
		case 0:
		case unix.EOPNOTSUPP, unix.ENOSYS:
			return lengthen(f, size)
		default:
			return os.NewSyscallError("fallocate", err)
		}
	}
	return nil
}

// lockInit waits until this process is the only one that makes the region, or settles its layout. The kernel releases
// the lock when the process ends.
func (r *Region) lockInit() error { return r.lockByte(byteInit, true) }

func (r *Region) unlockInit() { r.unlockByte(byteInit) }
