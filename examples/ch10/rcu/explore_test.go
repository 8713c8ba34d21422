// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that no update of two writers is lost, and that readers see whole values.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var r RCU[config]
		r.current.Store(new(config))
		for range 2 {
			x.Go(func() { r.Update(next) })
		}
		x.Go(func() {
			first := r.Load()
			second := r.Load()
			x.Assert(first.whole() && second.whole(), "a value is not whole")
			x.Assert(first.version <= second.version, "version %d, and then %d", first.version, second.version)
		})
		x.Wait()
		n := r.Load().version
		x.Assert(n == 2, "version %d after two updates", n)
	})
}

// updateByStore is an Update that does not look whether another was faster.
func (r *RCU[T]) updateByStore(change func(*T)) {
	next := *r.current.Load()
	change(&next)
	r.current.Store(&next)
}

// TestExploreUpdateByStore finds that such an update gets lost.
func TestExploreUpdateByStore(t *testing.T) {
	found := explore.Find(t, func(x *explore.Run) {
		var r RCU[config]
		r.current.Store(new(config))
		for range 2 {
			x.Go(func() { r.updateByStore(next) })
		}
		x.Wait()
		n := r.Load().version
		x.Assert(n == 2, "version %d after two updates", n)
	})
	if found == nil || found.Kind != "assertion" {
		t.Errorf("found %v, want an update that is lost", found)
	}
}
