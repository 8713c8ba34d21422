// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package checked

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/explore"
)

// additions has goroutines add to a number under a lock.
func additions(goroutines int, newMutex func() sync.Locker) func(x *explore.Run) {
	return func(x *explore.Run) {
		m := newMutex()
		var n explore.Var[int] // protected by m
		for range goroutines {
			x.Go(func() {
				m.Lock()
				n.Store(n.Load() + 1)
				m.Unlock()
			})
		}
		x.Wait()
		x.Assert(n.Load() == goroutines, "lost an addition")
	}
}

// TestExploreFirst finds that a goroutine sleeps forever: the lock was unlocked before it counted itself.
func TestExploreFirst(t *testing.T) {
	mustFind(t, "first", additions(2, func() sync.Locker { return NewFirst() }))
}

// TestExploreSecond finds that Unlock waits forever: one wake-up is in the channel, and no goroutine is there to take it out.
func TestExploreSecond(t *testing.T) {
	mustFind(t, "second", additions(3, func() sync.Locker { return NewSecond() }))
}

// TestExploreThird proves that the third is right, for three goroutines.
func TestExploreThird(t *testing.T) {
	explore.Options{Complete: true}.Check(t, additions(3, func() sync.Locker { return NewThird() }))
}
