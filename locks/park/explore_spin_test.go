// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/park"
)

// TestExploreSpinEnds lets a waiter for a lock sleep forever. It spins at first, and ends asleep: a deadlock, and
// no endless loop.
func TestExploreSpinEnds(t *testing.T) {
	found := explore.Options{Procs: 2, Spins: 8}.Find(t, func(x *explore.Run) {
		var word atomic.Uint32
		w := park.NewWaiter(park.Exclusion, park.Limit{})
		w.Sleep(&word, park.Always{}, nil)
		w.Free()
	})
	if found == nil || found.Kind != "deadlock" {
		t.Errorf("found %v, want a deadlock", found)
	}
}
