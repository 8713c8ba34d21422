// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that a writer is alone, that readers see what it wrote, and that no one sleeps on.
func TestExplore(t *testing.T) {
	explore.Options{Complete: true, Preemptions: 2}.Check(t, func(x *explore.Run) {
		var l rwlock
		var n explore.Var[int] // guarded by l
		for range 2 {
			x.Go(func() {
				l.RLock()
				n.Load()
				l.RUnlock()
			})
		}
		x.Go(func() {
			l.Lock()
			n.Store(n.Load() + 1)
			l.Unlock()
		})
		l.Lock()
		n.Store(n.Load() + 1)
		l.Unlock()
		x.Wait()
		sum := n.Load()
		x.Assert(sum == 2, "wrote %d times, want 2", sum)
	})
}

// overtaking has a reader come while another is inside and a writer waits. It must not get in before the writer.
func overtaking(x *explore.Run) {
	var l rwlock
	wrote := false // guarded by l
	l.RLock()
	x.Go(func() {
		l.Lock()
		wrote = true
		l.Unlock()
	})
	x.Go(func() {
		waits := l.waits()
		l.RLock()
		x.Assert(!waits || wrote, "a reader has overtaken a waiting writer")
		l.RUnlock()
	})
	l.RUnlock()
}

// waits reports whether a writer waits.
func (l *rwlock) waits() bool {
	s := l.state.Load()
	return s%2 == 1 && s != writing
}

// TestExploreOvertaking proves that no reader overtakes a writer that waits.
func TestExploreOvertaking(t *testing.T) {
	explored.Complete.Check(t, overtaking)
}

// TestExploreWriters finds that writers keep a reader out: one after the other comes in while it waits.
func TestExploreWriters(t *testing.T) {
	found := explore.Find(t, func(x *explore.Run) {
		var l rwlock
		writes := 0 // guarded by l
		l.Lock()
		x.Go(func() {
			l.RLock()
			x.Assert(writes < 2, "two writers were in while a reader waited")
			l.RUnlock()
		})
		for range 2 {
			l.Unlock()
			l.Lock()
			writes++
		}
		l.Unlock()
	})
	if found == nil || found.Kind != "assertion" {
		t.Errorf("found %v, want a reader that two writers have kept out", found)
	}
}
