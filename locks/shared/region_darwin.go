// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/sys/darwin"
)

// openMemory opens the memory of a name, or makes it. It can be mapped, and given its size, once; it cannot be read or written.
func openMemory(name string, flags int, perm fs.FileMode, size int64) (*os.File, error) {
	fd, err := darwin.ShmOpen("/"+name, unix.O_RDWR|flags, uint16(perm))
	if err != nil {
		return nil, os.NewSyscallError("shm_open", err)
	}
	return os.NewFile(uintptr(fd), name), nil
}

// unlinkMemory removes the name of memory.
func unlinkMemory(name string) error {
	return os.NewSyscallError("shm_unlink", darwin.ShmUnlink("/"+name))
}

// anonymous makes memory and removes its name.
func anonymous(size int64) (*os.File, error) {
	name := "osync-" + rand.Text()[:20]
	f, err := openMemory(name, unix.O_CREAT|unix.O_EXCL, 0o600, size)
	if err != nil {
		return nil, err
	}
	if err := unlinkMemory(name); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// seal does nothing, since memory keeps its size.
func seal(f *os.File) error { return nil }

// reopen makes another descriptor of the file of f.
func reopen(f *os.File) (*os.File, error) {
	switch mode, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0); {
	case err != nil:
		return nil, os.NewSyscallError("fcntl", err)
	case mode&unix.O_ACCMODE != unix.O_RDWR:
		return nil, fs.ErrPermission
	}
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("fcntl", err)
	}
	return os.NewFile(uintptr(fd), f.Name()), nil
}

// begin makes the file at least so long that the header can be mapped, and never shorter. Several processes may do that
// at the same time, even when the region is already complete. Memory gets the size of the whole region, as its size can
// be set only once.
func begin(f *os.File, size int64) error {
	var info unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &info); err != nil {
		return os.NewSyscallError("fstat", err)
	}
	if info.Mode&unix.S_IFMT != 0 { // which memory does not have
		_, err := f.WriteAt([]byte{0}, dataAt-1) // after the slots
		return err
	}
	if err := unix.Ftruncate(int(f.Fd()), size); err != unix.EINVAL {
		return os.NewSyscallError("ftruncate", err)
	}
	// Another process is setting the size, which is 0 until then.
	have, err := sizeOf(f)
	if err == nil && have < dataAt {
		return ErrIncomplete
	}
	return err
}

// allocate makes the file size bytes long, if it is shorter, with all of its blocks if the file system can do that.
// Without them, a full disk would later cause a fault in a process that writes to the memory. Only one process calls
// allocate at a time.
func allocate(f *os.File, size int64) error {
	have, err := sizeOf(f)
	if err != nil || have >= size {
		return err
	}
	store := unix.Fstore_t{Flags: unix.F_ALLOCATEALL, Posmode: unix.F_PEOFPOSMODE, Length: size - have}
	if err := unix.FcntlFstore(f.Fd(), unix.F_PREALLOCATE, &store); errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) {
		return os.NewSyscallError("fcntl", err)
	}
	return lengthen(f, size)
}
