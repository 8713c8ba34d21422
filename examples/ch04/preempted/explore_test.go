// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that the lock is right: what is wrong with it is the time that its waiters take while the
// holder is stopped, which an exploration does not see.
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
