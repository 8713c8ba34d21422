// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"unsafe"
)

// A header is the beginning of a region's file. All numbers are in the machine's byte order, which order tells.
type header struct {
	magic   [8]byte
	version uint32
	order   uint32
	size    uint64        // of the whole file
	ready   atomic.Uint32 // 1 once all before is complete
	settled atomic.Uint32 // 1 once layout is complete
	boot    [16]byte      // of the system's start at which the region was last opened by a first process
	layout  layout        // of what Map has placed, or zero
	maker   atomic.Uint64 // a [process] that makes the region, takes a slot or settles the layout, where the kernel keeps no locks for that
	last    atomic.Uint32 // the id that was given last, where the kernel gives none
	_       [4096 - 60 - unsafe.Sizeof(layout{})]byte
	slots   [MaxKeepers]slot
}

var magic = [8]byte([]byte("osyncshr"))

const (
	version = 1
	order   = 0x01020304

	// dataAt is the place of the data in the file.
	dataAt = int64(unsafe.Sizeof(header{})+granule-1) &^ (granule - 1)
)

// A Region is memory that processes share, and locks in it. Its methods may be called from any goroutine.
type Region struct {
	file         *os.File
	base, length uintptr                   // in the arena
	size         uintptr                   // of the file
	keepers      keepers                   // of this process
	ids          [MaxKeepers]atomic.Uint32 // of the process's keepers, by their slots; 0 in the slots of others
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
	if err := reserve(); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(name, os.O_RDWR|flags|noFollow, 0o600)
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
	f, err := anonymous()
	if err != nil {
		return nil, &RegionError{"create", "memory", err}
	}
	r, err := attach(f, true, size)
	if err != nil {
		return nil, &RegionError{"create", "memory", err}
	}
	if err := seal(f); err != nil {
		r.Close()
		return nil, &RegionError{"create", "memory", err}
	}
	return r, nil
}

// OpenFile opens the region of a file that is open already, such as one that another process has passed on. It does not
// keep f.
func OpenFile(f *os.File) (*Region, error) {
	own, err := reopen(f)
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
	if info.Size() == 0 && create {
		// Others may do so at the same time, and one of them may be further.
		if _, err := f.WriteAt([]byte{0}, dataAt-1); err != nil {
			return r, err
		}
	} else if info.Size() < dataAt {
		return r, ErrForeign
	}
	total, err := r.initialize(create, size)
	if err != nil {
		return r, err
	}
	if err := space.place(r, uintptr(total)); err != nil {
		return r, err
	}
	return r, r.join()
}

// initialize makes the region's header, or checks it, and returns the size of the whole region.
func (r *Region) initialize(create bool, size int64) (total int64, err error) {
	if err := space.place(r, uintptr(dataAt)); err != nil {
		return 0, err
	}
	defer func() {
		space.remove(r)
		r.base = 0
	}()
	defer faulted(debug.SetPanicOnFault(true), &err)
	if err := r.lockInit(); err != nil {
		return 0, err
	}
	defer r.unlockInit()
	h := r.header()
	if h.ready.Load() == 0 && create {
		if start := unsafe.Slice((*byte)(unsafe.Pointer(h)), unsafe.Offsetof(h.slots)); h.magic != magic && len(bytes.Trim(start, "\x00")) > 0 {
			return 0, ErrForeign
		}
		if err := r.format(size); err != nil {
			return 0, err
		}
	}
	switch {
	case h.magic != magic:
		return 0, ErrForeign
	case h.version != version || h.order != order:
		return 0, fmt.Errorf("%w: version %d, this is version %d", ErrVersion, h.version, version)
	case h.ready.Load() == 0:
		return 0, fmt.Errorf("%w: it is not complete", ErrForeign)
	}
	info, err := r.file.Stat()
	if err != nil {
		return 0, err
	}
	switch total := h.size; {
	case total < uint64(dataAt) || total > 1<<62:
		return 0, fmt.Errorf("%w: the header says %d bytes", ErrForeign, total)
	case uint64(info.Size()) < total:
		return 0, fmt.Errorf("%w: %d bytes of %d", ErrTruncated, info.Size(), total)
	case create && total != uint64(dataAt)+uint64(size):
		return 0, fmt.Errorf("%w: it has %d bytes of data, not %d", ErrSize, total-uint64(dataAt), size)
	default:
		return int64(total), nil
	}
}

// format makes the header and gives the file its size. Until the last write the region is not ready, and a
// process that is killed meanwhile has done nothing that cannot be done again.
func (r *Region) format(size int64) error {
	if size > 1<<62 {
		return fmt.Errorf("%w: %d bytes", ErrSize, size)
	}
	h := r.header()
	h.magic = magic
	if err := allocate(r.file, dataAt+size); err != nil {
		return err
	}
	h.version, h.order, h.size = version, order, uint64(dataAt+size)
	h.ready.Store(1)
	return nil
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
	if err := r.leave(); err != nil {
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
