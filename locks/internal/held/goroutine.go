// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package held

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/cacheline"
	"github.com/osync-go/osync/internal/goid"
	"github.com/osync-go/osync/internal/race"
)

// A Mode is how a lock is held.
type Mode uint8

const (
	// Write means held as the only holder.
	Write Mode = iota
	// Read means held as one of several readers.
	Read
	// Upgradable means held as a reader that may become the writer.
	Upgradable
	// Upgrade is the change from Upgradable to Write; no lock is held in this mode.
	Upgrade
	modes
)

// A hold is a lock that a goroutine holds. The fields after lock are written before lock is set.
type hold struct {
	lock  atomic.Pointer[byte] // keeps the lock alive, so that its address is not reused; nil if there is no hold
	in    *instance
	mode  Mode
	begun *beginning // if there is a limit; see [HeldFor]
}

// A goroutine is the list of the locks that one goroutine holds.
type goroutine struct {
	record uintptr
	next   *goroutine // in its slot of goroutines
	older  *goroutine // of all

	// mu is locked by the goroutine when it moves holds, and by others when they examine holds. Setting the
	// hold at n, by the goroutine, and ending holds, by the goroutine or others, does not need mu.
	mu      sync.Mutex
	id      uint64
	holds   []hold      // its full capacity; the holds from n on are unused
	n       int         // belongs to the goroutine
	telling atomic.Bool // a handler of mistakes runs
}

const slotBits = 16

// goroutines never shrinks, as the runtime keeps all records.
var goroutines [1 << slotBits]atomic.Pointer[goroutine]

var shared struct {
	_        cacheline.Pad
	youngest atomic.Pointer[goroutine]
	lastNode atomic.Uint32                 // the last id of a node
	limit    atomic.Int64                  // for how many nanoseconds a lock may be held without a report; 0 means forever
	handler  atomic.Pointer[func(Mistake)] // nil: reports are written to the standard error
	_        cacheline.Pad
}

func slotOf(addr uintptr) uintptr {
	return uintptr(uint64(addr) * 0x9E3779B97F4A7C15 >> (64 - slotBits))
}

// self returns the goroutine that calls it.
//
//go:norace
func self() *goroutine {
	record, id := goid.Self()
	if g := known(record, id); g != nil {
		return g
	}
	return newGoroutine(record, id)
}

// known returns the goroutine that calls it, or nil if it has not locked anything yet.
//
//go:norace
func known(record uintptr, id uint64) *goroutine {
	for g := goroutines[slotOf(record)].Load(); g != nil; g = g.next {
		if g.record == record {
			if g.id != id {
				g.begin(id)
			}
			return g
		}
	}
	return nil
}

//go:norace
func newGoroutine(record uintptr, id uint64) *goroutine {
	g := &goroutine{record: record, id: id, holds: make([]hold, 2)}
	slot := &goroutines[slotOf(record)]
	for {
		g.next = slot.Load()
		if slot.CompareAndSwap(g.next, g) {
			break
		}
	}
	for {
		g.older = shared.youngest.Load()
		if shared.youngest.CompareAndSwap(g.older, g) {
			return g
		}
	}
}

// begin takes the list over for a new goroutine. No goroutine holds the locks that the old one held when
// it ended.
//
//go:norace
func (g *goroutine) begin(id uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i := range g.holds {
		if h := &g.holds[i]; h.lock.Load() != nil {
			atomic.StoreUint64(&h.in.leftBy, g.id)
			h.end()
		}
	}
	g.id, g.n = id, 0
	g.telling.Store(false)
	if len(g.holds) > 64 {
		g.holds = make([]hold, 2)
	}
}

//go:norace
func (h *hold) end() {
	h.lock.Store(nil)
	h.in, h.begun = nil, nil
}

// add adds a hold.
//
//go:norace
func (g *goroutine) add(lock unsafe.Pointer, in *instance, mode Mode) {
	if g.n == len(g.holds) {
		g.compact()
	}
	h := &g.holds[g.n]
	g.n++
	h.in, h.mode = in, mode
	if h.begun != nil || shared.limit.Load() != 0 {
		h.begun = begin()
	}
	h.lock.Store((*byte)(lock))
	if mode != Read && in.holder.Load() != g {
		in.holder.Store(g)
	}
}

// compact makes room for more holds.
//
//go:norace
func (g *goroutine) compact() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.n = 0
	for i := range g.holds {
		if h := &g.holds[i]; h.lock.Load() != nil {
			if g.n != i {
				g.holds[g.n].become(h)
				h.end()
			}
			g.n++
		}
	}
	if g.n > len(g.holds)/2 {
		more := make([]hold, 2*len(g.holds))
		for i := range g.n {
			more[i].become(&g.holds[i])
		}
		g.holds = more
	}
}

//go:norace
func (h *hold) become(other *hold) {
	h.in, h.mode, h.begun = other.in, other.mode, other.begun
	h.lock.Store(other.lock.Load())
}

// find returns the newest hold of lock with mode, or nil.
//
//go:norace
func (g *goroutine) find(lock unsafe.Pointer, mode Mode) *hold {
	for i := g.n - 1; i >= 0; i-- {
		if h := &g.holds[i]; h.lock.Load() == (*byte)(lock) && h.mode == mode {
			return h
		}
	}
	return nil
}

// remove ends h, a hold of g.
//
//go:norace
func (g *goroutine) remove(h *hold) {
	h.lock.Store(nil) // in stays, which saves a write barrier; it is small
	g.trim()
}

// trim removes the holds that have ended from the end of the list.
//
//go:norace
func (g *goroutine) trim() {
	for g.n > 0 && g.holds[g.n-1].lock.Load() == nil {
		g.n--
	}
}

// holder returns a goroutine that holds lock with mode, or 0, and ends that hold if take is set.
//
//go:norace
func holder(lock unsafe.Pointer, in *instance, mode Mode, take bool) (id uint64) {
	if in == nil {
		return 0
	}
	if mode != Read {
		if g := in.holder.Load(); g != nil && g.take(lock, mode, take) {
			return g.id
		}
		return 0
	}
	for g := shared.youngest.Load(); g != nil; g = g.older {
		if g.take(lock, mode, take) {
			return g.id
		}
	}
	return 0
}

//go:norace
func (g *goroutine) take(lock unsafe.Pointer, mode Mode, take bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i := range g.holds {
		h := &g.holds[i]
		if h.lock.Load() == (*byte)(lock) && h.mode == mode {
			if !take || h.lock.CompareAndSwap((*byte)(lock), nil) {
				return true
			}
		}
	}
	return false
}

// Before is called before a goroutine locks a lock of type typ, and may block for that.
//
//go:norace
func Before(lock unsafe.Pointer, typ string, mode Mode) {
	race.Disable()
	g := known(goid.Self())
	race.Enable()
	if g != nil && g.n != 0 {
		g.before(lock, typ, mode, false)
	}
}

// before compares the lock with all locks that g holds. wait says that g unlocks the lock before it locks it
// again.
//
//go:norace
func (g *goroutine) before(lock unsafe.Pointer, typ string, mode Mode, wait bool) {
	race.Disable()
	in := find(lock)
	race.Enable()
	if in == nil {
		in = newInstance(lock, typ)
	}
	inverted := false          // reported once for all that the goroutine holds
	for i := 0; i < g.n; i++ { // a handler may change the list
		race.Disable()
		h := &g.holds[i]
		p, held, how := h.lock.Load(), h.in, h.mode
		var known bool
		if p != nil && p != (*byte)(lock) {
			known = wasSeen(nodes(held, in))
		}
		race.Enable()
		switch {
		case p == nil || known:
		case p == (*byte)(lock):
			if !wait {
				g.again(in, how, mode)
			}
		default:
			inverted = g.order(unsafe.Pointer(p), held, lock, in, inverted)
		}
	}
}

// Locked is called when the goroutine has locked a lock.
//
//go:norace
func Locked(lock unsafe.Pointer, typ string, mode Mode) {
	race.Disable()
	in := find(lock)
	if in == nil {
		race.Enable()
		in = newInstance(lock, typ)
		race.Disable()
	}
	g := self()
	g.add(lock, in, mode)
	in.locks++ // a lost update does not matter
	n := in.locks
	race.Enable()
	if n <= alwaysLook || n&(n-1) == 0 {
		g.look(in)
	}
}

// Unlocking is called before the goroutine unlocks a lock, which is locked with mode by some goroutine.
//
//go:norace
func Unlocking(lock unsafe.Pointer, typ string, mode Mode) {
	race.Disable()
	g := self()
	h := g.find(lock, mode)
	if h == nil {
		race.Enable()
		g.unlockForeign(lock, typ, mode)
		return
	}
	in, begun := h.in, h.begun
	g.remove(h)
	race.Enable()
	if begun != nil {
		g.checkLong(in, begun)
	}
}

// unlockForeign records the end of a hold that does not belong to g.
//
//go:norace
func (g *goroutine) unlockForeign(lock unsafe.Pointer, typ string, mode Mode) {
	race.Disable()
	in := find(lock)
	if in != nil && in.receive(mode) {
		race.Enable()
		return
	}
	owner := holder(lock, in, mode, true)
	race.Enable()
	if in == nil {
		in = newInstance(lock, typ)
	}
	g.notOwner(in, owner, mode)
}

// Change is called when the goroutine has changed how it holds a lock.
func Change(lock unsafe.Pointer, typ string, from, to Mode) {
	Unlocking(lock, typ, from)
	Locked(lock, typ, to)
}

// Describe records that the lock is of type typ, for locks that are built on another lock.
//
//go:norace
func Describe(lock unsafe.Pointer, typ string) {
	race.Disable()
	in := find(lock)
	race.Enable()
	if in == nil {
		newInstance(lock, typ)
	}
}

// Transfer lets any goroutine unlock the locks that the caller holds and that are in the size bytes at p.
//
//go:norace
func Transfer(p unsafe.Pointer, size uintptr) {
	race.Disable()
	defer race.Enable()
	g := self()
	for i := range g.n {
		h := &g.holds[i]
		if lock := h.lock.Load(); lock != nil && uintptr(unsafe.Pointer(lock))-uintptr(p) < max(size, 1) {
			atomic.AddInt32(&h.in.handed[h.mode], 1)
			h.lock.Store(nil)
		}
	}
	g.trim()
}

// Receive makes the caller the holder of a lock that was transferred. Otherwise it does nothing.
//
//go:norace
func Receive(lock unsafe.Pointer, mode Mode) {
	race.Disable()
	defer race.Enable()
	if in := find(lock); in != nil && in.receive(mode) {
		self().add(lock, in, mode)
	}
}

// holds reports whether the caller holds the lock with one of the modes.
//
//go:norace
func holds(lock unsafe.Pointer, oneOf []Mode) bool {
	race.Disable()
	defer race.Enable()
	g := self()
	for _, mode := range oneOf {
		if g.find(lock, mode) != nil {
			return true
		}
	}
	in := find(lock)
	for _, mode := range oneOf {
		if in != nil && atomic.LoadInt32(&in.handed[mode]) > 0 { // it may have been handed to the caller
			return true
		}
	}
	return false
}
