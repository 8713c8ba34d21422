// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves exclusion and order, that no waiter sleeps on, and that the lot is empty at the end.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var m Mutex
		explored.Exclusion(x, 3, func(_ int, critical func()) {
			m.Lock()
			critical()
			m.Unlock()
		})
		b := &lot.buckets[lot.index(&m.state)]
		x.Assert(len(b.queues) == 0, "a queue is left")
	})
}

// TestExploreWithoutValid finds that a waiter which does not look again under the table's lock sleeps forever.
func TestExploreWithoutValid(t *testing.T) {
	found := explore.Find(t, func(x *explore.Run) {
		var m Mutex
		x.Go(func() {
			for !m.state.CompareAndSwap(0, locked) {
				s := m.state.Load()
				if s == locked|parked || s == locked && m.state.CompareAndSwap(s, s|parked) {
					lot.Park(&m.state, func() bool { return true })
				}
			}
			m.Unlock()
		})
		m.Lock()
		m.Unlock()
	})
	if found == nil {
		t.Error("found nothing, want a deadlock")
	}
}
