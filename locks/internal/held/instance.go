// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package held

import (
	"sync"
	"sync/atomic"
	"unsafe"
	"weak"

	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/internal/names"
)

// An instance is what is known of a lock.
type instance struct {
	node  // of the order in which locks of one class are locked
	addr  uintptr
	lock  weak.Pointer[byte]
	typ   string // as "locks.Mutex"
	next  atomic.Pointer[instance]
	class atomic.Pointer[class]

	holder atomic.Pointer[goroutine] // the last one that locked it, but for reading
	locks  uint32                    // how often it was locked, about
	handed [modes]int32              // how often it was transferred and is not yet unlocked
	leftBy uint64                    // the last goroutine that has ended while it held the lock
}

var (
	// mu guards instances, but for reading, and classes with their orders.
	mu        sync.Mutex
	instances [1 << slotBits]atomic.Pointer[instance]
	live      int       // about how many instances there are
	sweepAt   = 1 << 12 // how many there may be before those that are gone are swept
)

// find returns the instance of the lock, or nil if it is not known yet.
//
//go:norace
func find(lock unsafe.Pointer) *instance {
	addr := uintptr(lock)
	for in := instances[slotOf(addr)].Load(); in != nil; in = in.next.Load() {
		if in.addr == addr && in.lock.Value() != nil {
			return in
		}
	}
	return nil
}

// newInstance returns the instance of the lock, which the caller is the first to lock.
//
//go:norace
func newInstance(lock unsafe.Pointer, typ string) *instance {
	named, at := names.Of(lock), caller()
	w := weak.Make((*byte)(lock))
	race.Disable()
	defer race.Enable()
	mu.Lock()
	defer mu.Unlock()
	if in := find(lock); in != nil {
		return in
	}
	if live >= sweepAt {
		sweep()
	}
	live++
	in := &instance{addr: uintptr(lock), lock: w, typ: typ}
	in.id = shared.lastNode.Add(1)
	in.class.Store(classOf(named, typ, at))
	slot := &instances[slotOf(in.addr)]
	in.next.Store(slot.Load())
	slot.Store(in)
	return in
}

// sweep takes the instances of locks that are gone out of the table. The work is paid for by as many new locks.
//
//go:norace
func sweep() {
	live = 0
	for i := range instances {
		for link := &instances[i]; link.Load() != nil; {
			if in := link.Load(); in.lock.Value() == nil {
				link.Store(in.next.Load())
			} else {
				live++
				link = &in.next
			}
		}
	}
	sweepAt = max(1<<12, 2*live)
}

// receive takes one transfer, and reports whether there was one.
//
//go:norace
func (in *instance) receive(mode Mode) bool {
	for {
		n := atomic.LoadInt32(&in.handed[mode])
		if n == 0 || atomic.CompareAndSwapInt32(&in.handed[mode], n, n-1) {
			return n > 0
		}
	}
}

// rename gives the instance the class of its name, if it has got one meanwhile.
//
//go:norace
func (in *instance) rename() {
	lock := in.lock.Value()
	if lock == nil {
		return
	}
	named := names.Of(unsafe.Pointer(lock))
	race.Disable()
	defer race.Enable()
	mu.Lock()
	defer mu.Unlock()
	if named != nil && in.class.Load().named != named {
		in.class.Store(classOf(named, in.typ, place{}))
	}
}

// A Lock is a lock in a report.
type Lock struct {
	Type, Name string
	Addr       uintptr
	at         place // where its class was first locked
}

//go:norace
func (in *instance) describe() Lock {
	l := Lock{Type: in.typ, Addr: in.addr}
	if c := in.class.Load(); c.named != nil {
		l.Name = c.named.Name
	} else {
		l.at = c.at
	}
	return l
}
