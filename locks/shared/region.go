// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// A header is the beginning of a region's file. All numbers are in the machine's byte order, which the field order
// identifies.
//
// A change to what this package writes or expects in a region, in the header or in a lock, makes another version. A region
// of another version is refused. The bytes without a name are zero, and they are ignored: a version may use them for data
// that processes that do not know of it can do without.
type header struct {
	magic   atomic.Uint64 // written first
	version uint32
	order   uint32
	size    uint64        // of the whole file
	ready   atomic.Uint32 // 1 once all of the above is complete
	settled atomic.Uint32 // 1 once layout is complete
	boot    [16]byte      // the number of the system's start at which a process last opened the region, or zero
	layout  layout        // of the data that Map has placed, or zero
	maker   atomic.Uint64 // the [process] that makes the region, takes a slot or settles the layout, if the kernel has no locks for that
	last    atomic.Uint32 // the last id that was given, on systems whose kernel gives none
	perm    uint32        // the permission bits that the region was made with
	key     [16]byte      // a random number that no other region has
	_       [4096 - 80 - unsafe.Sizeof(layout{})]byte
	slots   [MaxKeepers]slot
}

// magic is these bytes in the file, on all machines.
var magic = binary.NativeEndian.Uint64([]byte("osyncshr"))

// The bytes of magic as numbers of each byte order. (Go 1.26 does not compile bits.ReverseBytes64 of a variable for s390x.)
const (
	magicLittle = 0x726873636e79736f
	magicBig    = 0x6f73796e63736872
)

const (
	version = 1
	order   = 0x01020304

	// dataAt is the offset of the data in the file.
	dataAt = int64(unsafe.Sizeof(header{})+granule-1) &^ (granule - 1)
)

// A Region is memory that processes share, with the locks in it. Its methods may be called from any goroutine.
type Region struct {
	file         *os.File
	name         string
	base, length uintptr                   // in the arena
	size         uintptr                   // of the file
	keepers      keepers                   // of this process
	ids          [MaxKeepers]atomic.Uint32 // of the process's keepers, by their slots; 0 in the slots of others
	settling     sync.Mutex                // held by Map
	closing      sync.Mutex                // held by Close until it is known whether the region is in use
	closed       atomic.Bool               // changed under closing
	inside       atomic.Int64              // the number of operations between enter or linger and exit, and the bit shut
	words        []uintptr                 // the addresses of all words that may bear an id of the process; under keepers.mu, or once shut
	passing      sync.Once
	passed       *os.File // what File returns: an open file of its own, where the system can make one
}

// header returns the region's header.
func (r *Region) header() *header { return (*header)(pointer(r.base)) }

// Options say where a region is stored and which users may open it. The functions [Create], [Open], [OpenOrCreate] and
// [Unlink] are the methods of the zero Options.
type Options struct {
	// Perm holds the permission bits of a new region; 0 means 0600. The region gets exactly these bits, whatever the
	// process's umask: with fewer, some users that the region is meant for could not open it. A user needs both the
	// read and the write permission. An existing region keeps its permissions. On Windows, 0600 admits only the user
	// whose process makes the region, and any permission bit for the group or for others admits every user.
	Perm fs.FileMode

	// Memory says that a name is not the name of a file but of shared memory. On Linux (where it is a file in /dev/shm)
	// and macOS it is POSIX shared memory, which keeps its contents until it is unlinked or the system ends. On Windows
	// it is a section of the session, which ends with the last process that has it open. Such a name has 1 to 28
	// characters, which are ASCII letters, digits and "-_.", and does not begin with a dot.
	Memory bool

	reach int64 // the minimum number of bytes of data to map: the file may become longer
}

// Create makes a region in the file name, and opens it. The file must not exist yet: otherwise the error is
// [fs.ErrExist]. size is the number of bytes of the data; see [SizeFor]. Only the file's owner may open the region; see
// [Options] for other permissions. Create does not follow a symbolic link.
//
// The region is complete once Create returns. Processes that open it earlier wait until then. If the process is killed
// before that, the next process that opens the file with OpenOrCreate completes the region.
func Create(name string, size int64) (*Region, error) { return Options{}.Create(name, size) }

// Open opens the region in the file name. While another process makes the region, Open waits. If the region is not
// complete and no process makes it, the error is [ErrIncomplete].
func Open(name string) (*Region, error) { return Options{}.Open(name) }

// OpenOrCreate opens the region in the file name. If the region does not exist or is not complete, OpenOrCreate makes it.
// If several processes call OpenOrCreate at the same time, one of them makes the region, and all of them open that
// region. It is an error if the region exists with another size.
func OpenOrCreate(name string, size int64) (*Region, error) {
	return Options{}.OpenOrCreate(name, size)
}

// Unlink removes the name of a region. Processes that have the region open can still use it with each other, and it ends
// with the last of them. The next OpenOrCreate with the name makes another region. So unlink a region only when the
// processes that have it open need not share it with processes that start later.
//
// On Windows, Unlink returns an error for a file that is open, since such a file cannot be removed. There memory has its
// name until the last process closes it, and Unlink of memory does nothing.
func Unlink(name string) error { return Options{}.Unlink(name) }

// Create is like the function [Create], with the options o.
func (o Options) Create(name string, size int64) (*Region, error) {
	return o.open("create", name, create|exclusive, size)
}

// Open is like the function [Open]. Of the options it uses only Memory.
func (o Options) Open(name string) (*Region, error) { return o.open("open", name, 0, 0) }

// OpenOrCreate is like the function [OpenOrCreate], with the options o.
func (o Options) OpenOrCreate(name string, size int64) (*Region, error) {
	return o.open("open", name, create, size)
}

// Unlink is like the function [Unlink]. Of the options it uses only Memory.
func (o Options) Unlink(name string) error {
	err := o.check(name)
	if err == nil && o.Memory {
		err = unlinkMemory(name)
	} else if err == nil {
		err = unlinkFile(name)
	}
	if err != nil {
		return &RegionError{"unlink", name, cause(err)}
	}
	return nil
}

// unlinkFile removes a file. Unlike os.Remove, it does not remove a directory.
func unlinkFile(name string) error {
	info, err := os.Lstat(name)
	if err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%w: not a regular file", ErrForeign)
	}
	if err != nil {
		return err
	}
	return os.Remove(name)
}

// check returns an error if the options or the name are impossible.
func (o Options) check(name string) error {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
	switch {
	case o.Perm&^fs.ModePerm != 0:
		return fmt.Errorf("%w: Perm holds more than permission bits: %v", fs.ErrInvalid, o.Perm)
	case name == "":
		return fmt.Errorf("%w: the name is empty", fs.ErrInvalid)
	case strings.ContainsRune(name, 0):
		return fmt.Errorf("%w: the name holds a zero byte", fs.ErrInvalid)
	case o.Memory && (len(name) > 28 || name[0] == '.' || strings.Trim(name, letters) != ""):
		return fmt.Errorf("%w: the name of memory has 1 to 28 characters a-z, A-Z, 0-9, -, _ and ., and does not begin with a dot", fs.ErrInvalid)
	}
	return nil
}

// What open does if there is no region.
const (
	create    = os.O_CREATE
	exclusive = os.O_EXCL
)

func (o Options) open(op, name string, flags int, size int64) (r *Region, err error) {
	defer func() {
		if err != nil {
			err = &RegionError{op, name, cause(err)}
		}
	}()
	if err := o.check(name); err != nil {
		return nil, err
	}
	if err := checkSize(size); err != nil {
		return nil, err
	}
	if o.Perm == 0 {
		o.Perm = 0o600
	}
	if err := reserve(); err != nil {
		return nil, err
	}
	f, err := o.file(name, flags, dataAt+size)
	if err != nil {
		return nil, err
	}
	return attach(f, name, flags&create != 0, size, o)
}

// file opens the file name, or makes it.
func (o Options) file(name string, flags int, size int64) (f *os.File, err error) {
	// An existing file is opened without O_CREATE: Linux forbids that flag for files of other users in directories such
	// as /tmp.
	for range 100 { // other processes may make and unlink it meanwhile
		if flags&exclusive == 0 {
			if f, err = o.fileOnce(name, 0, 0); flags&create == 0 || !errors.Is(err, fs.ErrNotExist) {
				return f, err
			}
		}
		if f, err = o.fileOnce(name, create|exclusive, size); flags&exclusive != 0 || !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
	return nil, err
}

func (o Options) fileOnce(name string, flags int, size int64) (*os.File, error) {
	if o.Memory {
		return openMemory(name, flags, o.Perm, size)
	}
	return openFile(name, flags, o.Perm)
}

// checkSize returns an error if no region can have size bytes of data.
func checkSize(size int64) error {
	if size < 0 || size > 1<<62-dataAt {
		return fmt.Errorf("%w: %d bytes", ErrSize, size)
	}
	return nil
}

// cause returns the error that a RegionError reports for err. If err names the file, cause drops the name.
func cause(err error) error {
	if path, ok := err.(*fs.PathError); ok {
		err = path.Err
	}
	return explain(err)
}

// Anonymous makes a region without a name, and opens it. Another process that has received the descriptor of its file,
// which [Region.File] returns, opens the region with [OpenFile].
func Anonymous(size int64) (_ *Region, err error) {
	defer func() {
		if err != nil {
			err = &RegionError{"create", "memory", cause(err)}
		}
	}()
	if err := checkSize(size); err != nil {
		return nil, err
	}
	f, err := anonymous(dataAt + size)
	if err != nil {
		return nil, err
	}
	r, err := attach(f, "memory", true, size, Options{Memory: true, Perm: 0o600})
	if err != nil {
		return nil, err
	}
	if err := seal(f); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// OpenFile opens the region in the file f, which is already open for reading and writing, such as a file that another
// process has passed on. OpenFile does not keep f.
func OpenFile(f *os.File) (_ *Region, err error) {
	if f == nil {
		return nil, &RegionError{"open", "file", fs.ErrInvalid}
	}
	own, err := reopen(f)
	if err != nil {
		return nil, &RegionError{"open", f.Name(), cause(err)}
	}
	r, err := attach(own, f.Name(), false, 0, Options{})
	if err != nil {
		return nil, &RegionError{"open", f.Name(), cause(err)}
	}
	return r, nil
}

// attach opens the region in f. If it fails, it closes f.
func attach(f *os.File, name string, create bool, size int64, o Options) (r *Region, err error) {
	r = &Region{file: f, name: name}
	defer func() {
		if err != nil {
			r.detach()
			r = nil
		}
	}()
	total, err := r.complete(create, size, o)
	if err != nil {
		return r, err
	}
	if err := space.place(r, uintptr(max(total, dataAt+o.reach))); err != nil {
		return r, err
	}
	return r, r.join()
}

// complete makes the region, or checks it, and returns the size of the file. If the process is to open a region that is
// not complete and that no process makes, complete waits for a moment: another process may have made the file just now.
func (r *Region) complete(create bool, size int64, o Options) (total int64, err error) {
	for began := time.Now(); ; time.Sleep(time.Millisecond) {
		header := &Region{file: r.file} // and not r: a Region in the arena's list must not change
		if total, err = header.initialize(create, size, o); err == nil || !errors.Is(err, ErrIncomplete) || time.Since(began) > recheck {
			return total, err
		}
	}
}

// initialize makes the region's header, or checks it, and returns the size of the whole region. Meanwhile r is only the
// header.
//
// The file goes through these states. A process that is killed leaves the file in one of them, and another process can
// continue from each:
//
//	absent or empty                 file, begin
//	zeros, up to the region's size  begin, or allocate before the kill; after that format
//	magic, ready is 0               format, again from its beginning
//	ready is 1                      the region is complete
//
// In the last three states, initialize changes the file only with the initialization locked.
func (r *Region) initialize(create bool, size int64, o Options) (total int64, err error) {
	n, err := sizeOf(r.file)
	if err != nil {
		return 0, err
	}
	making(1)
	if n < dataAt {
		if err := r.short(n, create); err != nil {
			return 0, err
		}
		if err := begin(r.file, dataAt+size); err != nil {
			return 0, err
		}
	}
	making(2)
	if err := space.place(r, uintptr(dataAt)); err != nil {
		return 0, err
	}
	defer space.remove(r)
	defer faulted(debug.SetPanicOnFault(true), &err)
	if err := r.lockInit(); err != nil {
		return 0, err
	}
	defer r.unlockInit()
	h := r.header()
	if h.ready.Load() == 0 {
		if n, err = sizeOf(r.file); err != nil {
			return 0, err
		}
		switch blank := h.blank(); {
		case h.magic.Load() != magic && !blank:
			return r.verify(create, size) // which fails
		case !create:
			return 0, ErrIncomplete
		case blank && n > (dataAt+size+granule-1)&^(granule-1):
			return 0, ErrForeign
		}
		if err := r.format(size, o); err != nil {
			return 0, err
		}
	}
	return r.verify(create, size)
}

// making is called at the steps of initialize, for tests.
var making = func(step int) {}

// short returns an error if the file, whose n bytes are too few for a region, must not become a region.
func (r *Region) short(n int64, create bool) error {
	start := make([]byte, n)
	if _, err := r.file.ReadAt(start, 0); err != nil && n > 0 {
		return err
	}
	switch {
	case bytes.HasPrefix(start, binary.NativeEndian.AppendUint64(nil, magic)):
		return fmt.Errorf("%w: it has %d bytes", ErrTruncated, n)
	case len(bytes.Trim(start, "\x00")) > 0:
		return ErrForeign
	case !create:
		return ErrIncomplete
	}
	return nil
}

// blank reports whether the header is that of a new file, in which another process may be making a region.
func (h *header) blank() bool {
	all := unsafe.Slice((*byte)(unsafe.Pointer(h)), unsafe.Sizeof(*h))
	from, to := unsafe.Offsetof(h.maker), unsafe.Offsetof(h.last)+unsafe.Sizeof(h.last)
	return len(bytes.Trim(all[:from], "\x00")) == 0 && len(bytes.Trim(all[to:], "\x00")) == 0
}

// verify returns the size of the whole region, or an error if the header is not that of a region that the caller wants.
func (r *Region) verify(create bool, size int64) (total int64, err error) {
	h := r.header()
	switch m := h.magic.Load(); {
	case m != magic && (m == magicLittle || m == magicBig):
		return 0, fmt.Errorf("%w: a machine of the other byte order has made it", ErrVersion)
	case m != magic:
		return 0, ErrForeign
	case h.order != order:
		return 0, fmt.Errorf("%w: the byte order is %#x, here it is %#x", ErrVersion, h.order, uint32(order))
	case h.version != version:
		return 0, fmt.Errorf("%w: version %d, this is version %d", ErrVersion, h.version, version)
	case h.ready.Load() != 1:
		return 0, fmt.Errorf("%w: its state is %d", ErrForeign, h.ready.Load())
	}
	n, err := sizeOf(r.file)
	if err != nil {
		return 0, err
	}
	switch total := h.size; {
	case total < uint64(dataAt) || total > 1<<62:
		return 0, fmt.Errorf("%w: the header says %d bytes", ErrForeign, total)
	case uint64(n) < total:
		return 0, fmt.Errorf("%w: it has %d bytes of %d", ErrTruncated, n, total)
	case create && total != uint64(dataAt+size):
		return 0, fmt.Errorf("%w: it has %d bytes of data, not %d", ErrSize, total-uint64(dataAt), size)
	default:
		return int64(total), nil
	}
}

// format makes the header and gives the file its size. The region is not ready until the last write. If the process is
// killed before that, it has done nothing that another process cannot do again.
func (r *Region) format(size int64, o Options) error {
	h := r.header()
	// Another version of the package, which wrote the version after magic, may be making the region.
	if h.version > version {
		return fmt.Errorf("%w: version %d, this is version %d", ErrVersion, h.version, version)
	}
	making(3)
	h.magic.Store(magic)
	making(4)
	if err := protect(r.file, o.Perm); err != nil {
		return err
	}
	if err := allocate(r.file, dataAt+size); err != nil {
		return err
	}
	making(5)
	h.version, h.order, h.perm = version, order, uint32(o.Perm)
	rand.Read(h.key[:]) // never fails
	making(6)
	h.size = uint64(dataAt + size)
	making(7)
	h.ready.Store(1)
	making(8)
	if o.Memory {
		return nil
	}
	// If the system ends before the file's data is written, no data is behind a blank header.
	return r.file.Sync()
}

// File returns the region's file, for passing its descriptor to another process. The region keeps using the file: do not
// close it.
func (r *Region) File() *os.File {
	r.passing.Do(func() {
		// Record locks belong to an open file description. A process that inherits it would share the locks, and they
		// would not end with this process.
		r.passed = r.file
		if f, err := reopen(r.file); err == nil {
			r.passed = f
		}
	})
	return r.passed
}

// Data returns the region's data as bytes. It takes no lock: other goroutines and processes may change the bytes at any
// time. The slice must not be used after Close.
func (r *Region) Data() []byte {
	return unsafe.Slice((*byte)(pointer(r.base+uintptr(dataAt))), r.size-uintptr(dataAt))
}
