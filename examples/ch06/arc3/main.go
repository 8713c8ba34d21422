// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command arc3 shows the Arc of arc2 at the price of arc1: all Arcs together count as one single
// Weak, so Clone and Drop change one count, not two. Only users of Weaks pay for them.
//
// It also shows Unique: the only handle there is may change the value without a lock. There
// are two counts to look at, and no instruction that looks at both. So Unique locks the
// count of Weaks while it looks at the other, and a Downgrade waits for the moment that takes.
package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows reference counting whose weak handles cost only their users."

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
	owners atomic.Int64 // how many Arcs there are
	weaks  atomic.Int64 // New: how many Weaks, plus one for all Arcs together; or looking
	value  T
}

// looking in weaks says that Unique is at it.
const looking = math.MaxInt64

// noCopy lets go vet report copies of a handle.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

type (
	// An Arc is a handle that keeps the value.
	Arc[T any] struct {
		_    noCopy
		slab *Slab[T]
		s    *slot[T]
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
	free.weaks.Store(1)
	return &Arc[T]{slab: s, s: free}
}

// Value returns the shared value.
func (a *Arc[T]) Value() *T { return &a.s.value }

// Clone returns one more Arc.
func (a *Arc[T]) Clone() *Arc[T] {
	a.s.owners.Add(1) // New: nothing else
	return &Arc[T]{slab: a.slab, s: a.s}
}

// Drop gives a up. The last Drop of an Arc ends the value, and the Weak of all Arcs.
func (a *Arc[T]) Drop() {
	s := a.s
	a.s = nil // who uses a again meets nil
	if s.owners.Add(-1) != 0 {
		return
	}
	var zero T
	s.value = zero
	(&Weak[T]{slab: a.slab, s: s}).Drop() // New
}

// Downgrade returns a Weak of the same value.
func (a *Arc[T]) Downgrade() *Weak[T] {
	for {
		n := a.s.weaks.Load()
		if n == looking {
			runtime.Gosched() // New: Unique is done in a moment
		} else if a.s.weaks.CompareAndSwap(n, n+1) { // acquire: see Unique
			return &Weak[T]{slab: a.slab, s: a.s}
		}
	}
}

// Drop gives w up. The last Drop of all frees the slot.
func (w *Weak[T]) Drop() {
	s := w.s
	w.s = nil
	if s.weaks.Add(-1) == 0 {
		w.slab.free <- s
	}
}

// Upgrade returns an Arc if the value is still there.
func (w *Weak[T]) Upgrade() (a *Arc[T], ok bool) {
	for {
		n := w.s.owners.Load()
		if n == 0 {
			return nil, false
		}
		if w.s.owners.CompareAndSwap(n, n+1) { // acquire
			return &Arc[T]{slab: w.slab, s: w.s}, true
		}
	}
}

// Unique returns the value, for the caller alone to change until it next uses a, if a is the
// only handle of it.
func (a *Arc[T]) Unique() (v *T, ok bool) {
	if !a.s.weaks.CompareAndSwap(1, looking) { // there are Weaks, which could be upgraded
		return nil, false
	}
	only := a.s.owners.Load() == 1 // acquire. Another Arc cannot become a Weak behind our back now
	a.s.weaks.Store(1)             // release
	if !only {
		return nil, false
	}
	return &a.s.value, true
}

func run(out io.Writer) error {
	slab := NewSlab[int](4)
	a := slab.NewArc(1)
	v, alone := a.Unique()
	if alone {
		*v = 2
	}
	b := a.Clone()
	_, withArc := a.Unique()
	b.Drop()
	w := a.Downgrade()
	_, withWeak := a.Unique()
	w.Drop()
	_, again := a.Unique()
	fmt.Fprintf(out, "Unique with one Arc: %t; two Arcs: %t; an Arc and a Weak: %t; one again: %t\n", alone, withArc, withWeak, again)
	if !alone || withArc || withWeak || !again || *a.Value() != 2 {
		return errors.New("Unique was wrong")
	}

	const n = 200_000
	start := time.Now()
	for range n {
		a.Clone().Drop()
	}
	fmt.Fprintf(out, "clone and drop: %.1f ns, with one count to change (arc2 has two)\n", float64(time.Since(start).Nanoseconds())/n)
	a.Drop()
	if len(slab.free) != 4 {
		return fmt.Errorf("%d of 4 slots are free after the last drop", len(slab.free))
	}
	return nil
}
