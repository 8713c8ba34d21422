// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
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
	base, size uintptr // never change
	mu         sync.RWMutex
	regions    []*Region // in the order of their addresses
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
			space.base, space.size = base, size
			return nil
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
	at, i := a.base, 0
	for {
		for ; i < len(a.regions) && a.regions[i].base < at+length; i++ {
			at = a.regions[i].base + a.regions[i].length
		}
		if at > a.base+a.size-length || length > a.size {
			return fmt.Errorf("%w: %d bytes do not fit into the process's memory for regions", ErrSize, size)
		}
		err := mapFile(at, size, r.file)
		if err == nil {
			break
		}
		if err != errTaken {
			return err
		}
		at += granule
	}
	for part := uintptr(1); part < parts; part++ {
		if err := mapPrivate(at+part*a.size, length); err != nil {
			a.clear(at, length)
			return err
		}
	}
	r.base, r.length, r.size = at, length, size
	a.regions = slices.Insert(a.regions, i, r)
	return nil
}

// errTaken means that something else is at that place of the arena.
var errTaken = errors.New("the address is taken")

// remove takes r's memory away. Its addresses fault from then on, until another region gets them.
func (a *arena) remove(r *Region) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if i := slices.Index(a.regions, r); i >= 0 {
		a.regions = slices.Delete(a.regions, i, i+1)
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
	a.mu.RLock()
	defer a.mu.RUnlock()
	i, found := slices.BinarySearchFunc(a.regions, addr, func(r *Region, addr uintptr) int {
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
	return a.regions[i]
}

// pointer makes a pointer to memory that Go does not manage.
func pointer(addr uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&addr)) }

// faulted is deferred by what reads or writes a region, as
//
//	defer faulted(debug.SetPanicOnFault(true), &err)
//
// It makes an error of a fault in the arena: the region's file has been truncated, or the region closed.
func faulted(old bool, err *error) {
	debug.SetPanicOnFault(old)
	if e := recover(); e != nil {
		fault, ok := e.(interface{ Addr() uintptr })
		if !ok || fault.Addr()-space.base >= parts*space.size {
			panic(e)
		}
		if *err = ErrTruncated; space.regionOf(space.base+(fault.Addr()-space.base)%space.size) == nil {
			*err = ErrClosed
		}
	}
}
