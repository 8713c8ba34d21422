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

// An instance is the data about a lock.
type instance struct {
	node  // for the order of the locks of one class
	addr  uintptr
	lock  weak.Pointer[byte]
	typ   string // such as "locks.Mutex"
	next  atomic.Pointer[instance]
	class atomic.Pointer[class]

	holder atomic.Pointer[goroutine] // the last goroutine that locked it, except for reading
	locks  uint32                    // approximately how often it was locked
	handed [modes]int32              // how often it was transferred and not yet unlocked
	leftBy uint64                    // the last goroutine that ended while it held the lock
}

var (
	// mu guards instances, except for reading, and classes with their orders.
	mu        sync.Mutex
	instances [1 << slotBits]atomic.Pointer[instance]
	live      int       // the approximate number of instances
	sweepAt   = 1 << 12 // the number at which instances of dead locks are swept
)

// find returns the instance of the lock, or nil if it has none yet.
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

// newInstance returns a new instance for the lock, which the caller is the first to lock.
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

// sweep removes the instances of locks that are gone from the table. Its cost is amortized over as many new
// locks.
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

// rename moves the instance to the class of its name, if the lock has been given one.
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
