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
