// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that a Weak becomes an Arc only while the value is there, and that the slot is freed once.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		slab := NewSlab[int](1)
		a := slab.NewArc(7)
		for range 2 {
			w := a.Downgrade()
			x.Go(func() {
				if b, ok := w.Upgrade(); ok {
					n := *b.Value()
					x.Assert(n == 7, "an Arc of %d", n)
					b.Drop()
				}
				w.Drop()
			})
		}
		a.Drop()
		x.Wait()
		n := len(slab.free)
		x.Assert(n == 1, "%d slots are free, want 1", n)
	})
}

// ways are functions that return the value if a is its only handle. other ends an Arc.
func unique(t *testing.T, o explore.Options, check bool, way func(a *Arc[explore.Var[int]]) (*explore.Var[int], bool)) *explore.Found {
	f := func(x *explore.Run) {
		slab := NewSlab[explore.Var[int]](1)
		a := slab.NewArc(explore.Var[int]{})
		b := a.Clone()
		x.Go(func() {
			w := b.Downgrade()
			b.Value().Load() // a data race with the one that has it for itself
			b.Drop()
			if c, ok := w.Upgrade(); ok {
				c.Value().Load()
				c.Drop()
			}
			w.Drop()
		})
		if v, ok := way(a); ok {
			v.Store(1)
		}
		a.Drop()
		x.Wait()
	}
	if check {
		o.Check(t, f)
		return nil
	}
	return o.Find(t, f)
}

// TestExploreUnique proves that no other handle gets to the value while Unique's caller changes it.
func TestExploreUnique(t *testing.T) {
	unique(t, explored.Complete, true, (*Arc[explore.Var[int]]).Unique)
}

// TestExploreUniqueWithoutLock finds that an Arc becomes a Weak between two looks at the counts, if Unique does not
// keep it from that.
func TestExploreUniqueWithoutLock(t *testing.T) {
	found := unique(t, explore.Options{}, false, func(a *Arc[explore.Var[int]]) (*explore.Var[int], bool) {
		if a.s.weaks.Load() == 1 && a.s.owners.Load() == 1 {
			return &a.s.value, true
		}
		return nil, false
	})
	if found == nil || found.Kind != "data race" {
		t.Errorf("found %v, want a data race", found)
	}
}
