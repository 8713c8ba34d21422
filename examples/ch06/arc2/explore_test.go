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

// upgradeByAdd is an Upgrade without a loop: the count goes up from 0, too.
func upgradeByAdd[T any](w *Weak[T]) (a *Arc[T], ok bool) {
	if w.s.owners.Add(1) == 1 {
		w.s.owners.Add(-1)
		return nil, false
	}
	w.s.handles.Add(1)
	return &Arc[T]{Weak[T]{slab: w.slab, s: w.s}}, true
}

// TestExploreUpgradeByAdd finds that one of two such Upgrades takes the other for an owner, and gets a
// value that is gone.
func TestExploreUpgradeByAdd(t *testing.T) {
	found := explore.Find(t, func(x *explore.Run) {
		slab := NewSlab[int](1)
		a := slab.NewArc(7)
		for range 2 {
			w := a.Downgrade()
			x.Go(func() {
				if b, ok := upgradeByAdd(w); ok {
					n := *b.Value()
					x.Assert(n == 7, "an Arc of %d", n)
				}
			})
		}
		a.Drop()
	})
	if found == nil {
		t.Error("found nothing, want an Arc of 0")
	}
}
