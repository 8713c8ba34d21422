// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
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

// TestExploreSpinning proves it for a machine with two processors, on which waiters spin.
func TestExploreSpinning(t *testing.T) {
	explore.Options{Complete: true, Procs: 2, Spins: 3}.Check(t, func(x *explore.Run) {
		var m mutex
		explored.Exclusion(x, 2, func(_ int, critical func()) {
			m.Lock()
			critical()
			m.Unlock()
		})
	})
}
