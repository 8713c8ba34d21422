// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package names records the names that a program has given to its locks. It does not keep a lock
// alive.
package names

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"
	"weak"

	"github.com/osync-go/osync/internal/cacheline"
)

// A Named is the data that locks of one type and one name share.
type Named struct {
	Type, Name string

	// Data belongs to package watch.
	Data any
}

// A place is the memory of a lock with a name.
type place struct {
	from, to uintptr
	lock     weak.Pointer[byte] // nil when the lock is gone, from the moment on when its memory can be reused
	named    *Named
}

// A table has the places by the pages that they are on, hashed: a place that spans several pages is in several
// lists. Of reads it without a lock, since every wait for a lock with a name calls Of.
type table struct {
	shift uint8                     // 64 less the bits of an index
	lists []atomic.Pointer[[]place] // a power of two; what a list points to does not change
}

// pageOf returns the page of an address. A page is so small that few locks with a name share one.
func pageOf(addr uintptr) uint64 { return uint64(addr) >> 10 }

func newTable(log int) *table {
	return &table{uint8(64 - log), make([]atomic.Pointer[[]place], 1<<log)}
}

// list returns the list of a page.
//
//go:norace
func (t *table) list(page uint64) *atomic.Pointer[[]place] {
	const golden = 0x9e3779b97f4a7c15
	return &t.lists[page*golden>>t.shift]
}

var (
	mu     sync.Mutex // of those that change something
	places int        // in all lists
	all    = map[[2]string]*Named{}
)

// current is read by every wait.
var current struct {
	_     cacheline.Pad
	table atomic.Pointer[table]
	_     cacheline.Pad
}

const (
	firstLog = 4
	crowded  = 4 // places for each list; then the table grows
)

func init() { current.table.Store(newTable(firstLog)) }

// Set gives a name to the lock of size bytes at p. newData makes the Data of a Named that is the first of its type and
// name; it may be nil. A later call replaces the name; an empty name removes it.
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
	pl.add()
	if !known {
		runtime.AddCleanup((*byte)(p), place.drop, place{from: pl.from, to: pl.to})
	}
}

// add records the place, and makes the table larger if it is crowded.
func (pl place) add() {
	t := current.table.Load()
	t.add(pl)
	if places <= crowded*len(t.lists) {
		return
	}
	distinct := map[place]bool{}
	for i := range t.lists {
		for _, pl := range load(&t.lists[i]) {
			distinct[pl] = true
		}
	}
	larger := newTable(64 - int(t.shift) + 1)
	places = 0
	for pl := range distinct {
		larger.add(pl)
	}
	current.table.Store(larger)
}

func (t *table) add(pl place) {
	for page := pageOf(pl.from); page <= pageOf(pl.to-1); page++ {
		t.change(page, func(old []place) []place { return append(slices.Clip(old), pl) })
	}
}

// change replaces the list of a page by the result of f, which does not write to the old list.
func (t *table) change(page uint64, f func(old []place) []place) {
	list := t.list(page)
	old := load(list)
	changed := f(old)
	places += len(changed) - len(old)
	list.Store(&changed)
}

//go:norace
func load(list *atomic.Pointer[[]place]) []place {
	if p := list.Load(); p != nil {
		return *p
	}
	return nil
}

// drop removes a lock that is gone, unless another lock with a name already has its place.
func (pl place) drop() {
	mu.Lock()
	defer mu.Unlock()
	pl.remove(func(old place) bool { return old.at(pl) && old.lock.Value() == nil })
}

// forget removes the previous lock at the place, and reports whether the same lock had a name.
func (pl place) forget() (known bool) {
	pl.remove(func(old place) bool {
		if old.at(pl) && old.lock == pl.lock {
			known = true
		}
		return old.at(pl) || old.lock.Value() == nil
	})
	return known
}

// at reports whether two places are the same one. A struct and its first field have different places.
func (pl place) at(other place) bool { return pl.from == other.from && pl.to == other.to }

func (pl place) remove(which func(place) bool) {
	for page := pageOf(pl.from); page <= pageOf(pl.to-1); page++ {
		current.table.Load().change(page, func(old []place) []place { return slices.DeleteFunc(slices.Clone(old), which) })
	}
}

// Of returns the name of the lock into which p points, or nil if it has none. If there are several, such
// as a struct and its first field, the smallest counts. Of takes some nanoseconds, and establishes no
// ordering, so it may run between race.Disable and race.Enable.
//
//go:norace
func Of(p unsafe.Pointer) *Named {
	addr := uintptr(p)
	var best *place
	list := load(current.table.Load().list(pageOf(addr)))
	for i := range list {
		pl := &list[i]
		if pl.from <= addr && addr < pl.to && (best == nil || pl.to-pl.from < best.to-best.from) && pl.lock.Value() != nil {
			best = pl
		}
	}
	if best == nil {
		return nil
	}
	return best.named
}

// All returns all names, in order. A name remains when the locks that had it are gone.
func All() []*Named {
	mu.Lock()
	defer mu.Unlock()
	list := make([]*Named, 0, len(all))
	for _, n := range all {
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b *Named) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type)) })
	return list
}
