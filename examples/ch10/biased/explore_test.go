// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that a writer is alone, and that readers see what it wrote.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var rw RWMutex
		var n explore.Var[int] // guarded by rw
		for range 2 {
			x.Go(func() {
				s := rw.RLock()
				n.Load()
				rw.RUnlock(s)
			})
		}
		rw.Lock()
		n.Store(n.Load() + 1)
		rw.Unlock()
	})
}

// TestExploreLookBeforeMark finds that a reader which looks for a writer before it marks itself is inside with one.
func TestExploreLookBeforeMark(t *testing.T) {
	found := explore.Options{Preemptions: 2}.Find(t, func(x *explore.Run) {
		var rw RWMutex
		var n explore.Var[int] // guarded by rw
		x.Go(func() {
			if !rw.writing.Load() {
				rw.slots[0].readers.Add(1)
				n.Load()
				rw.slots[0].readers.Add(-1)
			}
		})
		rw.Lock()
		n.Store(1)
		rw.Unlock()
	})
	if found == nil || found.Kind != "data race" {
		t.Errorf("found %v, want a data race", found)
	}
}
