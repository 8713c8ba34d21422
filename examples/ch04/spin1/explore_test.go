// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves exclusion and order for three goroutines.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var l SpinLock
		explored.Exclusion(x, 3, func(_ int, critical func()) {
			l.Lock()
			critical()
			l.Unlock()
		})
	})
}

// A lookingLock is the first spin lock that comes to mind: it looks, and then takes.
type lookingLock struct{ SpinLock }

func (l *lookingLock) Lock() {
	for l.locked.Load() {
	}
	l.locked.Store(true)
}

// TestExploreLookThenTake finds that two goroutines look before one of them takes: both hold the lock.
func TestExploreLookThenTake(t *testing.T) {
	found := explore.Find(t, func(x *explore.Run) {
		var l lookingLock
		explored.Exclusion(x, 2, func(_ int, critical func()) {
			l.Lock()
			critical()
			l.Unlock()
		})
	})
	if found == nil || found.Kind != "data race" {
		t.Errorf("found %v, want a data race", found)
	}
}
