// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package held

import (
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/internal/names"
)

// A node is a class, or an instance of one, in the graph of orders. An edge from A to B says that B was
// locked while A was held. mu guards it, except for id and into.
type node struct {
	id    uint32
	into  atomic.Pointer[node] // the class of which this one has become a part
	edges []*edge
	seen  uint32 // the last search that reached this node, by the edge via
	via   *edge
}

// An edge is the first time that to was locked while from was held.
type edge struct {
	from, to     *node
	held, locked Lock
	by           uint64 // the goroutine
	stack        stack

	heldIn, lockedIn *node // the instances
	told             bool  // the edge is part of a cycle that was reported
}

// A class is a kind of lock; see the package comment.
type class struct {
	node
	typ   string
	named *names.Named // or nil
	at    place        // if named is nil: where the first lock of the class was first locked
	next  *class
}

var (
	classes  [1 << 10]*class // by the hash of the properties that define a class
	searches uint32
	convicts [][]uint32 // the cycles that were reported, by the ids of their nodes in order
)

const (
	maxSearch    = 1000 // how many instances are searched for a cycle; classes are few
	maxInstances = 128  // how many edges to instances an instance has; the oldest ones are forgotten
)

// classOf returns the class of the locks with that name, or, if named is nil, of those of type typ that were
// first locked at that place. The caller holds mu.
//
//go:norace
func classOf(named *names.Named, typ string, at place) *class {
	h := uint64(at.line)*0x9E3779B97F4A7C15 + uint64(len(at.file)) + uint64(len(typ))<<8
	if named != nil {
		h = uint64(uintptr(unsafe.Pointer(named)) >> 4)
	}
	slot := &classes[h%uint64(len(classes))]
	for c := *slot; c != nil; c = c.next {
		if c.named == named && c.typ == typ && (named != nil || c.at.file == at.file && c.at.line == at.line) {
			return c
		}
	}
	c := &class{typ: typ, named: named, at: at, next: *slot}
	c.id = shared.lastNode.Add(1)
	*slot = c
	return c
}

// root returns the node that n is a part of.
//
//go:norace
func (n *node) root() *node {
	for {
		into := n.into.Load()
		if into == nil {
			return n
		}
		n = into
	}
}

// nodes returns the nodes of two locks in the graph: their classes, or the locks themselves if they are of
// one class.
//
//go:norace
func nodes(held, in *instance) (from, to *node) {
	from, to = held.class.Load().root(), in.class.Load().root()
	if from == to {
		return &held.node, &in.node
	}
	return from, to
}

// seen has the edges that were used most recently, so that most locks need not lock mu.
var seen [1 << 12]atomic.Uint64

//go:norace
func seenSlot(from, to *node) (slot *atomic.Uint64, pair uint64) {
	pair = uint64(from.id)<<32 | uint64(to.id)
	return &seen[pair*0x9E3779B97F4A7C15>>(64-12)], pair
}

//go:norace
func wasSeen(from, to *node) bool {
	slot, pair := seenSlot(from, to)
	return slot.Load() == pair
}

// alwaysLook is how many times a lock is locked before the place of the lock is examined less and less
// often.
const alwaysLook = 8

// look determines where in is locked: all places at which it is locked make one class.
//
//go:norace
func (g *goroutine) look(in *instance) {
	if in.class.Load().named != nil {
		return
	}
	place := caller()
	race.Disable()
	mu.Lock()
	cycle := merge(in.class.Load(), classOf(nil, in.typ, place))
	report := cycle != nil && convict(cycle)
	mu.Unlock()
	race.Enable()
	if report {
		g.inversion(cycle, false)
	}
}

// order records that in is locked while held is held, and reports whether this is an inversion. If quiet is set,
// it does not report the inversion to the user. It keeps both locks alive.
//
//go:norace
func (g *goroutine) order(p unsafe.Pointer, held *instance, lock unsafe.Pointer, in *instance, quiet bool) (inverted bool) {
	at := callers()
	place := at.place()
	held.rename()
	in.rename()
	var cycle []*edge
	now := false
	race.Disable()
	mu.Lock()
	if c := in.class.Load(); c.named == nil {
		cycle = merge(c, classOf(nil, in.typ, place))
	}
	from, to := nodes(held, in)
	if !from.hasEdge(to) {
		e := &edge{
			from: from, to: to, held: held.describe(), locked: in.describe(), by: g.id, stack: at,
			heldIn: &held.node, lockedIn: &in.node,
		}
		from.add(e)
		if cycle == nil {
			cycle = e.cycle()
			now = cycle != nil
		}
	}
	inverted = quiet || cycle != nil
	report := cycle != nil && convict(cycle) && !quiet
	slot, pair := seenSlot(from, to)
	slot.Store(pair)
	mu.Unlock()
	race.Enable()
	if report {
		g.inversion(cycle, now)
	}
	keepAlive(p, lock)
	return inverted
}

// add adds an edge from n. If a lock has very many edges, add removes the oldest one.
//
//go:norace
func (n *node) add(e *edge) {
	if n == e.heldIn && len(n.edges) == maxInstances {
		copy(n.edges, n.edges[1:])
		n.edges = n.edges[:maxInstances-1]
	}
	n.edges = append(n.edges, e)
}

// hasEdge reports whether there is an edge from n to other.
//
//go:norace
func (n *node) hasEdge(other *node) bool {
	for _, e := range n.edges {
		if e.to.root() == other {
			return true
		}
	}
	return false
}

// merge merges two classes, because a lock of one was locked at the place of the other. It returns a
// shortest one of the cycles that result.
//
//go:norace
func merge(a, b *class) (shortest []*edge) {
	into, from := a.root(), b.root()
	if into == from {
		return nil
	}
	from.into.Store(into)
	all := append(into.edges, from.edges...)
	into.edges, from.edges = nil, nil
	for _, e := range all {
		if e.from.root() == e.to.root() { // now an order of instances
			e.from, e.to = e.heldIn, e.lockedIn
		}
		e.from.root().add(e)
	}
	for _, e := range into.edges {
		if cycle := e.cycle(); cycle != nil && (shortest == nil || len(cycle) < len(shortest)) {
			shortest = cycle
		}
	}
	return shortest
}

// cycle returns a shortest cycle that begins with e, without edges of cycles that were reported, or nil.
//
//go:norace
func (e *edge) cycle() []*edge {
	begin, end := e.to.root(), e.from.root()
	if begin == end || e.told {
		return nil
	}
	searches++
	begin.seen = searches
	for queue := []*node{begin}; len(queue) > 0 && len(queue) < maxSearch; queue = queue[1:] {
		for _, next := range queue[0].edges {
			n := next.to.root()
			if n.seen == searches || next.told {
				continue
			}
			n.seen, n.via = searches, next
			if n == end {
				return e.path(begin)
			}
			queue = append(queue, n)
		}
	}
	return nil
}

// path returns e and the edges by which a search has reached the start of e from begin.
//
//go:norace
func (e *edge) path(begin *node) []*edge {
	cycle := []*edge{}
	for n := e.from.root(); n != begin; n = n.via.from.root() {
		cycle = append(cycle, n.via)
	}
	cycle = append(cycle, e)
	slices.Reverse(cycle)
	return cycle
}

// convict reports whether a cycle is to be reported. If so, its edges are not part of later cycles, so that one
// wrong line is not reported for each of its cycles.
//
//go:norace
func convict(cycle []*edge) bool {
	var ids []uint32
	for _, e := range cycle {
		e.told = true
		ids = append(ids, e.from.root().id)
	}
	slices.Sort(ids)
	for _, old := range convicts {
		if equal(old, ids) {
			return false
		}
	}
	if len(convicts) == maxTold {
		return false
	}
	convicts = append(convicts, ids)
	return true
}

// equal is slices.Equal, which is instrumented.
//
//go:norace
func equal(a, b []uint32) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
