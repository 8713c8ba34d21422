// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"
)

// An arena is a range of address space with parts of equal size:
//
//	base            base+size        base+2*size
//	| regions       | nodes          | local state     |
//	| shared        | private        | private         |
//
// The private parts have 16 bytes for each 16 bytes of a region. The local state of a lock at address a, known only to
// this process, is at a+2*size, and the robust list's node for its word is at a+size. So no lock needs a look-up, and
// no pointer is in memory that other processes can write: neither the kernel nor this process follows a pointer that a
// hostile peer has written. If the kernel has no robust lists there are no nodes, and the local state is the second
// part.
type arena struct {
	base, size uintptr                   // never change
	mu         sync.Mutex                // held to change the rest
	next       uintptr                   // the end of the place that was last assigned
	regions    atomic.Pointer[[]*Region] // in the order of their addresses; the slice never changes
}

// space is the process's arena.
var space arena

// reserve reserves the arena, once. A limit on address space can make that fail.
var reserve = sync.OnceValue(func() error {
	size := uintptr(1) << 27
	if unsafe.Sizeof(size) == 8 {
		size <<= 9
	}
	for {
		base, err := reserveSpace(size)
		if err == nil {
			space.base, space.next, space.size = base, base, size
			return nil
		}
		if err == ErrUnsupported {
			return err
		}
		if size /= 2; size < 1<<22 {
			return fmt.Errorf("no address space: %w", err)
		}
	}
})

// granule is the alignment of regions: the largest page size of the systems, and the allocation granularity of
// Windows.
const granule = 1 << 16

// place maps size bytes of r's file into the arena as r's memory, and the private memory that
// belongs to it.
func (a *arena) place(r *Region, size uintptr) error {
	if err := reserve(); err != nil {
		return err
	}
	length := (size + granule - 1) &^ (granule - 1)
	a.mu.Lock()
	defer a.mu.Unlock()
	// Use after Close is an error only until the addresses are reused, so addresses that were never used
	// come first.
	at, i, err := a.mapBehind(a.next, r.file, size, length)
	if err == errFull {
		at, i, err = a.mapBehind(a.base, r.file, size, length)
	}
	if err != nil {
		return err
	}
	for part := uintptr(1); part < parts; part++ {
		if err := mapPrivate(at+part*a.size, length); err != nil {
			a.clear(at, length)
			return err
		}
	}
	r.base, r.length, r.size = at, length, size
	a.next = at + length
	regions := slices.Insert(slices.Clone(a.list()), i, r)
	a.regions.Store(&regions)
	return nil
}

// list returns the regions.
func (a *arena) list() []*Region {
	if p := a.regions.Load(); p != nil {
		return *p
	}
	return nil
}

var (
	errTaken = errors.New("the address is taken") // of mapFile: another mapping is at that place of the arena
	errFull  = fmt.Errorf("%w: the process has no room for so large a region", ErrSize)
)

// mapBehind maps the first size bytes of a file at the first place, from at on, that has length bytes. It returns the
// place and the index of the next region after it.
func (a *arena) mapBehind(at uintptr, f *os.File, size, length uintptr) (_ uintptr, i int, err error) {
	regions := a.list()
	for {
		for ; i < len(regions) && (regions[i].base < at || regions[i].base-at < length); i++ {
			at = max(at, regions[i].base+regions[i].length)
		}
		if length > a.size || at > a.base+a.size-length {
			return 0, 0, errFull
		}
		if err := mapFile(at, size, f); err != errTaken {
			return at, i, err
		}
		at += granule
	}
}

// remove unmaps r's memory. Its addresses fault from then on, until another region gets them.
func (a *arena) remove(r *Region) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if i := slices.Index(a.list(), r); i >= 0 {
		regions := slices.Delete(slices.Clone(a.list()), i, i+1)
		a.regions.Store(&regions)
		a.clear(r.base, r.length)
	}
}

func (a *arena) clear(at, length uintptr) {
	err := unmapFile(at, length)
	for part := uintptr(1); part < parts && err == nil; part++ {
		err = unmapPrivate(at+part*a.size, length)
	}
	if err != nil {
		panic(err)
	}
}

// regionOf returns the region that holds an address, or nil.
func (a *arena) regionOf(addr uintptr) *Region {
	regions := a.list()
	i, found := slices.BinarySearchFunc(regions, addr, func(r *Region, addr uintptr) int {
		switch {
		case addr < r.base:
			return 1
		case addr-r.base >= r.size:
			return -1
		}
		return 0
	})
	if !found {
		return nil
	}
	return regions[i]
}

// pointer makes a pointer to memory that Go does not manage.
func pointer(addr uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&addr)) }

// faulted is deferred by functions that read or write a region, as in
//
//	defer faulted(debug.SetPanicOnFault(true), &err)
//
// It turns a fault in the arena into an error: the region's file has been truncated, or the region
// closed.
//
// The short paths of Mutex and PthreadMutex do the same by hand: they undo SetPanicOnFault themselves, and their
// deferred function only reads a variable. A Lock and an Unlock then take 15.5 ns, and 17.3 ns with faulted.
func faulted(old bool, err *error) { rescue(old, recover(), err) }

// rescue is faulted with the result of recover.
func rescue(old bool, recovered any, err *error) {
	debug.SetPanicOnFault(old)
	if recovered != nil {
		fault, ok := recovered.(interface{ Addr() uintptr })
		if !ok || fault.Addr()-space.base >= parts*space.size {
			panic(recovered)
		}
		if r := space.regionOf(space.base + (fault.Addr()-space.base)%space.size); r != nil && !r.isShut() {
			*err = ErrTruncated
		} else {
			*err = ErrClosed
		}
	}
}

// gone returns an error if the word, in which a 0 was read, is in no region: the memory of a closed region reads as 0.
func gone(word *atomic.Uint32) error {
	if space.regionOf(uintptr(unsafe.Pointer(word))) == nil {
		return ErrClosed
	}
	return nil
}

// Checked calls f and returns its error. If f reads or writes memory of a region that no longer exists, Checked returns
// [ErrTruncated] if the region's file has become shorter, or [ErrClosed]. f is then aborted, and its deferred calls
// run.
//
// The methods of locks return such errors themselves. But the data of a region is ordinary memory to the program. So is
// a struct whose pointer Go checks for nil before it calls a method of a field. Without Checked, a fault there ends the
// program. A process that does not trust all processes that can write to a region's file must use the region only in
// Checked, or use an [Anonymous] region, which cannot be shortened.
func Checked(f func() error) (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	return f()
}
