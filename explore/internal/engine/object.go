// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import (
	"math/bits"
	"unsafe"
)

// An object is something that steps share: a word, a lock, a channel.
type object struct {
	addr    unsafe.Pointer // keeps it alive, so that its address is not used again in this execution
	id      int            // in the order of first use, which the schedule decides
	last    int32          // the newest entry of execution.accesses for it, or -1
	version uint32         // counts writes
	state   any            // the state of the replacement of a type
	kept    bool           // the word's initial value has been saved
	process *Process       // the process whose object this is, or nil

	reads  clock // the dependence clock of all writes and reads
	shared clock // the same for all writes, and uses of a shared lock
	all    clock // the same for all accesses
	sync   clock // what a read of the object synchronizes with
	now    int64 // the latest time of a thread that wrote it
	nowAll int64 // the same for all accesses
}

// before returns the clock of the steps that come before an access.
func (o *object) before(kind Access) *clock {
	switch {
	case kind.isWrite():
		return &o.all
	case kind.isShared():
		return &o.reads
	}
	return &o.shared
}

// objects is a hash table of the objects of an execution, by address. An entry of an earlier execution
// counts as empty.
type objects struct {
	slots []slot
	shift uint8
	era   uint32
	list  []*object
	used  int
}

type slot struct {
	addr uintptr
	era  uint32
	at   int32
}

func newObjects() *objects {
	const size = 256
	return &objects{slots: make([]slot, size), shift: 64 - uint8(bits.TrailingZeros(size))}
}

// reset forgets all objects.
func (o *objects) reset() {
	for _, x := range o.list[:o.used] {
		x.addr, x.state, x.process = nil, nil, nil
	}
	o.used = 0
	if o.era++; o.era == 0 {
		clear(o.slots)
		o.era = 1
	}
}

// of returns the object at addr.
func (o *objects) of(addr unsafe.Pointer) *object {
	for i := o.hash(addr); ; i++ {
		s := &o.slots[i&(len(o.slots)-1)]
		if s.era != o.era {
			return o.add(addr)
		}
		if s.addr == uintptr(addr) {
			return o.list[s.at]
		}
	}
}

func (o *objects) hash(addr unsafe.Pointer) int {
	return int(uint64(uintptr(addr)) * 0x9E3779B97F4A7C15 >> o.shift)
}

func (o *objects) add(addr unsafe.Pointer) *object {
	if 2*o.used >= len(o.slots) {
		o.grow()
	}
	if o.used == len(o.list) {
		o.list = append(o.list, new(object))
	}
	x := o.list[o.used]
	*x = object{addr: addr, id: o.used, last: -1}
	o.insert(x)
	o.used++
	return x
}

func (o *objects) insert(x *object) {
	for i := o.hash(x.addr); ; i++ {
		if s := &o.slots[i&(len(o.slots)-1)]; s.era != o.era {
			*s = slot{uintptr(x.addr), o.era, int32(x.id)}
			return
		}
	}
}

func (o *objects) grow() {
	o.slots = make([]slot, 2*len(o.slots))
	o.shift--
	for _, x := range o.list[:o.used] {
		o.insert(x)
	}
}
