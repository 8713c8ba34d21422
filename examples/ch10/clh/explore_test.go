// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves exclusion and order, for four goroutines.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		l := NewLock()
		explored.Exclusion(x, 4, func(_ int, critical func()) {
			w := NewWaiter()
			l.Lock(w)
			critical()
			l.Unlock(w)
		})
	})
}

// TestExploreAgain proves that a Waiter can queue again, with the node of the one that was before it.
func TestExploreAgain(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		l := NewLock()
		explored.Exclusion(x, 2, func(_ int, critical func()) {
			w := NewWaiter()
			l.Lock(w)
			critical()
			l.Unlock(w)
			l.Lock(w)
			l.Unlock(w)
		})
	})
}

// TestExploreOwnNode finds that a waiter which queues again with its own node may never get out: the one behind it
// still looks at that, and it looks at the one behind.
func TestExploreOwnNode(t *testing.T) {
	found := explore.Find(t, func(x *explore.Run) {
		l := NewLock()
		for range 2 {
			x.Go(func() {
				w := NewWaiter()
				for range 2 {
					own := w.mine
					l.Lock(w)
					l.Unlock(w)
					w.mine = own
				}
			})
		}
	})
	if found == nil || found.Kind != "livelock" {
		t.Errorf("found %v, want a livelock", found)
	}
}
