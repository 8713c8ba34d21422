// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command arc2 shows weak handles: a Weak does not keep the value, but can be made an Arc again as
// long as the value is there. Parents own children, children point back weakly, and no cycle
// of owners keeps itself alive.
//
// There are two lives to count now. The value lives as long as there is an Arc; the slot of
// memory, in which the counts stand, as long as there is anything. On Go's heap the second is the
// collector's business, and a single count would do. So the slots here come from a slab
// that the collector does not manage. Watch the two counts of free slots.
package main

import (
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows reference counting with weak handles, which do not keep the value."

func main() { program.Main(about, run) }

// A Slab is memory that the collector knows nothing about: a fixed number of slots. Here it is a
// slice; think of a file that is mapped, or of memory shared with other processes.
type Slab[T any] struct{ free chan *slot[T] }

// NewSlab returns a slab of n slots.
func NewSlab[T any](n int) *Slab[T] {
	s := &Slab[T]{free: make(chan *slot[T], n)}
	slots := make([]slot[T], n)
	for i := range slots {
		s.free <- &slots[i]
	}
	return s
}

type slot[T any] struct {
	owners  atomic.Int64 // how many Arcs there are: the life of the value
	handles atomic.Int64 // New: how many Arcs and Weaks: the life of the slot
	value   T
}

// noCopy lets go vet report copies of a handle.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

type (
	// An Arc is a handle that keeps the value.
	Arc[T any] struct {
		weak Weak[T] // New: each Arc is a Weak, too
	}
	// A Weak is a handle that keeps the slot alone.
	Weak[T any] struct {
		_    noCopy
		slab *Slab[T]
		s    *slot[T]
	}
)

// NewArc puts v into a free slot, and waits until there is one.
func (s *Slab[T]) NewArc(v T) *Arc[T] {
	free := <-s.free
	free.value = v
	free.owners.Store(1)
	free.handles.Store(1)
	return &Arc[T]{Weak[T]{slab: s, s: free}}
}

// Value returns the shared value.
func (a *Arc[T]) Value() *T { return &a.weak.s.value }

// Clone returns one more Arc.
func (a *Arc[T]) Clone() *Arc[T] {
	a.weak.s.handles.Add(1)
	a.weak.s.owners.Add(1)
	return &Arc[T]{Weak[T]{slab: a.weak.slab, s: a.weak.s}}
}

// Downgrade returns a Weak of the same value.
func (a *Arc[T]) Downgrade() *Weak[T] {
	a.weak.s.handles.Add(1)
	return &Weak[T]{slab: a.weak.slab, s: a.weak.s}
}

// Drop gives a up. The last Drop of an Arc ends the value.
func (a *Arc[T]) Drop() {
	if a.weak.s.owners.Add(-1) == 0 {
		var zero T
		a.weak.s.value = zero
	}
	a.weak.Drop()
}

// Drop gives w up. The last Drop of all frees the slot.
func (w *Weak[T]) Drop() {
	s := w.s
	w.s = nil // who uses w again meets nil
	if s.handles.Add(-1) == 0 {
		w.slab.free <- s
	}
}

// Upgrade returns an Arc if the value is still there. The count must not go up from 0: that
// makes it a loop, and not an Add.
func (w *Weak[T]) Upgrade() (a *Arc[T], ok bool) {
	for {
		n := w.s.owners.Load()
		if n == 0 {
			return nil, false
		}
		if w.s.owners.CompareAndSwap(n, n+1) { // acquire
			w.s.handles.Add(1)
			return &Arc[T]{Weak[T]{slab: w.slab, s: w.s}}, true
		}
	}
}

func run(out io.Writer) error {
	const slots = 8
	slab := NewSlab[string](slots)
	parent := slab.NewArc("the value")
	child := parent.Downgrade()

	a, alive := child.Upgrade()
	fmt.Fprintf(out, "one Arc, one Weak:    %d of %d slots free, upgrade works: %t\n", len(slab.free), slots, alive)
	if !alive || *a.Value() != "the value" {
		return errors.New("a Weak beside an Arc could not be upgraded")
	}
	a.Drop()
	parent.Drop()
	_, alive = child.Upgrade()
	kept := len(slab.free)
	fmt.Fprintf(out, "the Weak alone:       %d of %d slots free, upgrade works: %t\n", kept, slots, alive)
	child.Drop()
	fmt.Fprintf(out, "nothing:              %d of %d slots free\n", len(slab.free), slots)
	if alive || kept != slots-1 || len(slab.free) != slots {
		return errors.New("a value, or its slot, did not live as long as its handles")
	}

	const n = 200_000
	a = slab.NewArc("for the clock")
	start := time.Now()
	for range n {
		a.Clone().Drop()
	}
	fmt.Fprintf(out, "clone and drop: %.1f ns, with two counts to change (arc3 has one)\n", float64(time.Since(start).Nanoseconds())/n)
	a.Drop()
	return nil
}
