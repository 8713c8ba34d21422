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

// An arena is a piece of address space in parts of the same size:
//
//	base            base+size        base+2*size
//	| regions       | nodes          | local state     |
//	| shared        | private        | private         |
//
// The private parts have 16 bytes for each 16 bytes of a region. What this process alone knows of a lock at
// address a stands at a+2*size, and the robust list's node for its word at a+size. So no lock has to be looked up, and
// no pointer stands in memory that others may write: neither the kernel nor this process follows what a hostile
// peer has written. Where the kernel knows no robust lists there are no nodes, and the local state is the second part.
type arena struct {
	base, size uintptr                   // never change
	mu         sync.Mutex                // held to change the rest
	next       uintptr                   // behind the place that was given last
	regions    atomic.Pointer[[]*Region] // in the order of their addresses; the slice never changes
}

// space is the process's arena.
var space arena

// reserve reserves the arena, once. A process may be allowed less address space than it has.
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

// granule is what regions are aligned to: the largest page size of the systems, and what Windows places memory at.
const granule = 1 << 16

// place maps size bytes of r's file into the arena as r's memory, and private memory beside.
func (a *arena) place(r *Region, size uintptr) error {
	if err := reserve(); err != nil {
		return err
	}
	length := (size + granule - 1) &^ (granule - 1)
	a.mu.Lock()
	defer a.mu.Unlock()
	// Use after Close is an error as long as the addresses are not used again, so those behind come first.
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
	errTaken = errors.New("the address is taken") // of mapFile: something else is at that place of the arena
	errFull  = fmt.Errorf("%w: the process has no room for so large a region", ErrSize)
)

// mapBehind maps the first size bytes of a file at the first place from at on that has length bytes. It returns the place, and
// which of the regions is behind it.
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

// remove takes r's memory away. Its addresses fault from then on, until another region gets them.
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

// faulted is deferred by what reads or writes a region, as
//
//	defer faulted(debug.SetPanicOnFault(true), &err)
//
// It makes an error of a fault in the arena: the region's file has been truncated, or the region closed.
//
// The short paths of Mutex and PthreadMutex do the same by hand: they undo SetPanicOnFault themselves, and their deferred
// function looks at a variable only. That takes 15.5 ns for a Lock and an Unlock, and 17.3 ns with faulted.
func faulted(old bool, err *error) { rescue(old, recover(), err) }

// rescue does what faulted does, with what recover has returned.
func rescue(old bool, recovered any, err *error) {
	debug.SetPanicOnFault(old)
	if recovered != nil {
		fault, ok := recovered.(interface{ Addr() uintptr })
		if !ok || fault.Addr()-space.base >= parts*space.size {
			panic(recovered)
		}
		if *err = ErrTruncated; space.regionOf(space.base+(fault.Addr()-space.base)%space.size) == nil {
			*err = ErrClosed
		}
	}
}

// gone returns an error if the word, in which a 0 was read, is in no region: what is left of one that was closed is 0.
func gone(word *atomic.Uint32) error {
	if space.regionOf(uintptr(unsafe.Pointer(word))) == nil {
		return ErrClosed
	}
	return nil
}

// Checked calls f and returns its error, or [ErrTruncated] if f reads or writes memory of a region that is not there, since the
// region's file has become shorter; or [ErrClosed]. f does not go on then, and its deferred calls run.
//
// Methods of locks return such errors by themselves. But the data of a region is ordinary memory to the program, and so is
// a struct when Go looks whether a pointer to it is nil before it calls a method of a field: without Checked, a fault there ends
// the program. A process that trusts no other that may write to a region's file uses the region in Checked only, or an
// [Anonymous] region, which nobody can shorten.
func Checked(f func() error) (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	return f()
}
