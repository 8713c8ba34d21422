// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package names knows the names that a program has given to its locks. It does not keep a lock alive.
package names

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"unsafe"
	"weak"
)

// A Named is what locks of one type and one name have in common.
type Named struct {
	Type, Name string

	// Data belongs to package watch.
	Data any
}

// A place is where a lock with a name lies. A lock that spans several pages has a place in each.
type place struct {
	from, to uintptr
	lock     weak.Pointer[byte] // nil when the lock is gone, from the moment on when its memory may be used again
	named    *Named
}

// A pageOf address is its page: small enough that few locks with a name share one.
func pageOf(addr uintptr) uintptr { return addr >> 10 }

var (
	mu    sync.RWMutex
	pages = map[uintptr][]place{}
	all   = map[[2]string]*Named{}
)

// Set gives a name to the lock of size bytes at p. newData makes the Data of a Named if it is the first of its type and
// name; it may be nil. A later call replaces the name; an empty one takes it away.
func Set(p unsafe.Pointer, size uintptr, typ, name string, newData func() any) {
	from := uintptr(p)
	pl := place{from: from, to: from + max(size, 1), lock: weak.Make((*byte)(p))}
	mu.Lock()
	defer mu.Unlock()
	known := pl.forget()
	if name == "" {
		return
	}
	pl.named = all[[2]string{typ, name}]
	if pl.named == nil {
		pl.named = &Named{Type: typ, Name: name}
		if newData != nil {
			pl.named.Data = newData()
		}
		all[[2]string{typ, name}] = pl.named
	}
	for page := pageOf(pl.from); page <= pageOf(pl.to-1); page++ {
		pages[page] = append(pages[page], pl)
	}
	if !known {
		runtime.AddCleanup((*byte)(p), place.drop, place{from: pl.from, to: pl.to})
	}
}

// drop forgets a lock that is gone, unless another one with a name has its place already.
func (pl place) drop() {
	mu.Lock()
	defer mu.Unlock()
	pl.remove(func(old place) bool { return old.from == pl.from && old.lock.Value() == nil })
}

// forget forgets what lay at the place before, and reports whether the same lock had a name.
func (pl place) forget() (known bool) {
	pl.remove(func(old place) bool {
		if old.from == pl.from && old.lock == pl.lock {
			known = true
		}
		return old.from == pl.from || old.lock.Value() == nil
	})
	return known
}

func (pl place) remove(which func(place) bool) {
	for page := pageOf(pl.from); page <= pageOf(pl.to-1); page++ {
		if rest := slices.DeleteFunc(pages[page], which); len(rest) > 0 {
			pages[page] = rest
		} else {
			delete(pages, page)
		}
	}
}

// Of returns the name of the lock in which p lies, or nil if it has none. Of several, as of a struct and
// its first field, that of the smallest counts.
func Of(p unsafe.Pointer) *Named {
	addr := uintptr(p)
	mu.RLock()
	defer mu.RUnlock()
	best := place{to: ^uintptr(0)}
	for _, pl := range pages[pageOf(addr)] {
		if pl.from <= addr && addr < pl.to && pl.to-pl.from < best.to-best.from && pl.lock.Value() != nil {
			best = pl
		}
	}
	return best.named
}

// All returns all names, in order. A name stays when the locks that had it are gone.
func All() []*Named {
	mu.RLock()
	defer mu.RUnlock()
	list := make([]*Named, 0, len(all))
	for _, n := range all {
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b *Named) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type)) })
	return list
}
