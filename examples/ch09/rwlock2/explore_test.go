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
		waits := turns.Load() > 0
		l.RLock()
		x.Assert(!waits || wrote, "a reader has overtaken a waiting writer")
		l.RUnlock()
	})
	l.RUnlock()
}

// TestExploreOvertaking finds that readers overtake a waiting writer.
func TestExploreOvertaking(t *testing.T) {
	found := explore.Find(t, overtaking)
	if found == nil || found.Kind != "assertion" {
		t.Errorf("found %v, want a reader that has overtaken a waiting writer", found)
	}
}

// busy has readers come and go while a writer waits for another reader. The writer must not look again for them.
func busy(x *explore.Run) {
	var l rwlock
	before := turns.Load() // of earlier executions, in a stress test
	l.RLock()
	x.Go(func() {
		l.Lock()
		l.Unlock()
	})
	x.Go(func() {
		for range 2 {
			l.RLock()
			l.RUnlock()
		}
		n := turns.Load() - before
		x.Assert(n <= 1, "the writer has looked %d times, and the lock was not free once", n)
		l.RUnlock() // for the first reader
	})
}

// TestExploreBusyWriter proves that the writer of this lock sleeps until the lock may be free.
func TestExploreBusyWriter(t *testing.T) {
	explored.Complete.Check(t, busy)
}
