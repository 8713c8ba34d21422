// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that a semaphore of one unit excludes and orders, and that no waiter sleeps on.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var s Semaphore
		s.Release()
		explored.Exclusion(x, 3, func(_ int, critical func()) {
			s.Acquire()
			critical()
			s.Release()
		})
		n := s.free.Load()
		x.Assert(n == 1, "%d units are free, want 1", n)
	})
}
