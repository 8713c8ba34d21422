// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package shared

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A header is the beginning of a region's file. All numbers are in the machine's byte order, which order tells.
type header struct {
	magic   [8]byte
	version uint32
	order   uint32
	size    uint64 // of the whole file
	ready   atomic.Uint32
	settled atomic.Uint32 // 1 once layout is complete
	boot    [16]byte      // of the system's start at which the region was last opened by a first process
	layout  layout        // of what Map has placed, or zero
	_       [4096 - 48 - unsafe.Sizeof(layout{})]byte
	slots   [MaxKeepers]slot
}

const (
	magic   = "osyncshr"
	version = 1
	order   = 0x01020304

	// dataAt is the place of the data in the file.
	dataAt = int64(unsafe.Sizeof(header{})+granule-1) &^ (granule - 1)
)

// A Region is memory that processes share, and locks in it. Its methods may be called from any goroutine.
type Region struct {
	file         *os.File
	base, length uintptr // in the arena
	size         uintptr // of the file
	keepers      keepers // of this process
	closed       atomic.Bool
}

// header returns the region's header.
func (r *Region) header() *header { return (*header)(pointer(r.base)) }

// Create makes the region with the file name, and opens it. The file must not exist yet. size is the number of
// bytes of the data; see [SizeFor]. Only the file's owner may open it.
//
// The region is complete once Create returns. Processes that open it before wait for that. If the process is killed
// meanwhile, the next one that opens the file by OpenOrCreate goes on in its place.
func Create(name string, size int64) (*Region, error) {
	return open("create", name, os.O_CREATE|os.O_EXCL, size)
}

// Open opens the region of the file name.
func Open(name string) (*Region, error) { return open("open", name, 0, 0) }

// OpenOrCreate opens the region of the file name, or makes it if it does not exist. Of processes that do so at the same
// time, one makes it, and all open that one. It is an error if the region exists with another size.
func OpenOrCreate(name string, size int64) (*Region, error) {
	return open("open", name, os.O_CREATE, size)
}

func open(op, name string, flags int, size int64) (r *Region, err error) {
	defer func() {
		if err != nil && !errors.As(err, new(*RegionError)) {
			err = &RegionError{op, name, err}
		}
	}()
	if flags != 0 && size < 0 {
		return nil, fmt.Errorf("%w: %d bytes", ErrSize, size)
	}
	if name == "" || strings.ContainsRune(name, 0) {
		return nil, fs.ErrInvalid
	}
	f, err := os.OpenFile(name, os.O_RDWR|flags|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return nil, err
	}
	return attach(f, flags != 0, size)
}

// Anonymous makes a region without a name, and opens it. Another process opens it by [OpenFile] with its descriptor,
// which [Region.File] returns.
func Anonymous(size int64) (*Region, error) {
	if size < 0 {
		return nil, &RegionError{"create", "memory", fmt.Errorf("%w: %d bytes", ErrSize, size)}
	}
	fd, err := unix.MemfdCreate("osync", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, &RegionError{"create", "memory", os.NewSyscallError("memfd_create", err)}
	}
	f := os.NewFile(uintptr(fd), "memory")
	r, err := attach(f, true, size)
	if err != nil {
		return nil, &RegionError{"create", "memory", err}
	}
	// No process can truncate it any more.
	if _, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK|unix.F_SEAL_GROW); err != nil {
		r.Close()
		return nil, &RegionError{"create", "memory", os.NewSyscallError("fcntl", err)}
	}
	return r, nil
}

// OpenFile opens the region of a file that is open already, such as one that another process has passed on. It does not
// keep f.
func OpenFile(f *os.File) (*Region, error) {
	// Record locks belong to an open file: with one that others have, too, they would not tell when this process ends.
	own, err := os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", f.Fd()), os.O_RDWR, 0)
	if err != nil {
		return nil, &RegionError{"open", f.Name(), err}
	}
	r, err := attach(own, false, 0)
	if err != nil {
		return nil, &RegionError{"open", f.Name(), err}
	}
	return r, nil
}

// attach opens the region of f, which it closes if it fails.
func attach(f *os.File, create bool, size int64) (r *Region, err error) {
	r = &Region{file: f}
	defer func() {
		if err != nil {
			r.detach()
			r = nil
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return r, err
	}
	if !info.Mode().IsRegular() {
		return r, fmt.Errorf("%w: no regular file", ErrForeign)
	}
	// Whoever has this lock is the only one that makes the region. The kernel frees it when its process ends.
	if err := r.lockByte(byteInit, true); err != nil {
		return r, err
	}
	defer r.unlockByte(byteInit)
	if err := r.initialize(create, size); err != nil {
		return r, err
	}
	if err := space.place(r, int(f.Fd()), uintptr(r.size)); err != nil {
		return r, err
	}
	return r, r.join()
}

// initialize makes the region's header, or checks it, and sets r.size.
func (r *Region) initialize(create bool, size int64) error {
	for {
		info, err := r.file.Stat()
		if err != nil {
			return err
		}
		var start [48]byte
		n, err := r.file.ReadAt(start[:], 0)
		have := string(start[:n])
		ready := n == len(start) && binary.NativeEndian.Uint32(start[24:]) != 0
		switch {
		case have == "" || !ready && strings.HasPrefix(magic, have[:min(len(have), len(magic))]) || !ready && strings.Trim(have, "\x00") == "":
			if !create {
				return fmt.Errorf("%w: it is not complete", ErrForeign)
			}
			if err := r.format(size); err != nil {
				return err
			}
			continue
		case !strings.HasPrefix(have, magic) || n < len(start):
			return ErrForeign
		case binary.NativeEndian.Uint32(start[8:]) != version || binary.NativeEndian.Uint32(start[12:]) != order:
			return fmt.Errorf("%w: version %d, this is version %d", ErrVersion, binary.NativeEndian.Uint32(start[8:]), version)
		}
		want := binary.NativeEndian.Uint64(start[16:])
		switch {
		case want < uint64(dataAt) || want > 1<<62:
			return fmt.Errorf("%w: the header says %d bytes", ErrForeign, want)
		case uint64(info.Size()) < want:
			return fmt.Errorf("%w: %d bytes of %d", ErrTruncated, info.Size(), want)
		case create && want != uint64(dataAt)+uint64(size):
			return fmt.Errorf("%w: it has %d bytes of data, not %d", ErrSize, want-uint64(dataAt), size)
		}
		r.size = uintptr(want)
		return nil
	}
}

// format makes the header and gives the file its size. Until the last write the region is not ready.
func (r *Region) format(size int64) error {
	if size > 1<<62 {
		return fmt.Errorf("%w: %d bytes", ErrSize, size)
	}
	total := dataAt + size
	if err := r.file.Truncate(0); err != nil {
		return err
	}
	// Without its blocks, a full disk would kill the process that writes to the memory later.
	switch err := unix.Fallocate(int(r.file.Fd()), 0, 0, total); {
	case errors.Is(err, unix.EOPNOTSUPP), errors.Is(err, unix.ENOSYS):
		if err := r.file.Truncate(total); err != nil {
			return err
		}
	case err != nil:
		return os.NewSyscallError("fallocate", err)
	}
	var start [48]byte
	copy(start[:], magic)
	binary.NativeEndian.PutUint32(start[8:], version)
	binary.NativeEndian.PutUint32(start[12:], order)
	binary.NativeEndian.PutUint64(start[16:], uint64(total))
	if _, err := r.file.WriteAt(start[:], 0); err != nil {
		return err
	}
	binary.NativeEndian.PutUint32(start[24:], 1)
	_, err := r.file.WriteAt(start[24:28], 24)
	return err
}

// File returns the region's file, for a process that gets it by its descriptor. The region keeps using it: do not close it.
func (r *Region) File() *os.File { return r.file }

// Data returns the region's data as bytes, without its locks' help: what they protect may change meanwhile. It must not be
// used after Close.
func (r *Region) Data() []byte {
	return unsafe.Slice((*byte)(pointer(r.base+uintptr(dataAt))), r.size-uintptr(dataAt))
}

// Close closes the region in this process. It fails, and changes nothing, if the process holds locks of it. What Map has
// returned must not be used any more: locks return ErrClosed, other use of the memory ends the program.
func (r *Region) Close() (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if !r.closed.CompareAndSwap(false, true) {
		return ErrClosed
	}
	if err := r.keepers.leave(r); err != nil {
		r.closed.Store(false)
		return err
	}
	return r.detach()
}

// detach gives back what attach has taken.
func (r *Region) detach() error {
	if r.base != 0 {
		space.remove(r)
	}
	return r.file.Close() // and its record locks
}
