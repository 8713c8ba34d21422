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

// allocate makes the file size bytes long, if it is shorter, and all of its blocks: without them, a full disk would be a fault of a process that
// writes to the memory later.
func allocate(f *os.File, size int64) error {
	const most = 64 << 20 // at a time: a signal, which Go sends after 10 ms, undoes all that a call has done
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

// lengthen is allocate for file systems that lack that: it writes zeros.
func lengthen(f *os.File, size int64) error {
	at, err := sizeOf(f)
	if err != nil {
		return err
	}
	zeros := make([]byte, min(1<<20, max(0, size-at)))
	for ; at < size; at += int64(len(zeros)) {
		if _, err := f.WriteAt(zeros[:min(int64(len(zeros)), size-at)], at); err != nil {
			return err
		}
	}
	return nil
}

// explain adds to an error of the system what is meant.
func explain(err error) error {
	for errno, text := range map[unix.Errno]struct {
		is  error
		why string
	}{
		unix.ELOOP:  {ErrForeign, "a symbolic link is not followed: give the name of the file"},
		unix.EISDIR: {ErrForeign, "it is a folder"},
		unix.ENXIO:  {ErrForeign, "no regular file"},
		unix.ENOSPC: {nil, "a region needs all of its space at once: make room, and use OpenOrCreate"},
		unix.EDQUOT: {nil, "a region needs all of its space at once: make room, and use OpenOrCreate"},
		unix.EMFILE: {nil, "an open region needs a file descriptor: close others, or raise the process's limit"},
		unix.ENOMEM: {nil, "no address space or memory: close other regions, or raise the process's limit"},
		unix.EROFS:  {nil, "who uses a region writes to it"},
		unix.ENOLCK: {ErrUnsupported, "the file system has no record locks: use another, or memory"},
	} {
		switch {
		case !errors.Is(err, errno):
		case text.is != nil:
			return fmt.Errorf("%w: %s (%w)", text.is, text.why, err)
		default:
			return fmt.Errorf("%w: %s", err, text.why)
		}
	}
	return err
}

// lockInit waits until this process is the only one that makes the region, or settles what it holds. The kernel ends that
// when the process ends.
func (r *Region) lockInit() error { return r.lockByte(byteInit, true) }

func (r *Region) unlockInit() { r.unlockByte(byteInit) }
