// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves exclusion and order for three goroutines, of which one panics with the lock held.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var g Guarded[explore.Var[int]]
		for i := range 3 {
			x.Go(func() {
				explored.Panics(func() {
					g.With(func(sum *explore.Var[int]) {
						sum.Store(sum.Load() + 1)
						if i == 0 {
							panic("in the critical section")
						}
					})
				})
			})
		}
		x.Wait()
		g.With(func(sum *explore.Var[int]) { x.Assert(sum.Load() == 3, "counted less than 3") })
	})
}
