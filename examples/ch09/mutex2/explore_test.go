// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/park"
)

// TestExplore proves exclusion and order, and that no waiter sleeps on, for two goroutines that lock twice.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var m mutex
		explored.Exclusion(x, 2, func(_ int, critical func()) {
			m.Lock()
			critical()
			m.Unlock()
			m.Lock()
			m.Unlock()
		})
	})
}

// TestExploreThree proves it for three goroutines.
func TestExploreThree(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var m mutex
		explored.Exclusion(x, 3, func(_ int, critical func()) {
			m.Lock()
			critical()
			m.Unlock()
		})
	})
}

// A forgetful mutex has its waiters lock with "locked", like all others.
type forgetful struct{ mutex }

func (m *forgetful) Lock() {
	for !m.state.CompareAndSwap(unlocked, locked) {
		if m.state.CompareAndSwap(locked, contended) || m.state.Load() == contended {
			park.Wait(&m.state, contended)
		}
	}
}

// TestExploreForgetful finds that the second of two waiters sleeps forever: the first was woken and locked with
// "locked", so that its Unlock wakes no waiter.
func TestExploreForgetful(t *testing.T) {
	found := explore.Find(t, func(x *explore.Run) {
		var m forgetful
		m.Lock()
		for range 2 {
			x.Go(func() {
				m.Lock()
				m.Unlock()
			})
		}
		m.Unlock()
	})
	if found == nil || found.Kind != "deadlock" {
		t.Errorf("found %v, want a deadlock", found)
	}
}
