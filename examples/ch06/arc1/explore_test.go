// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that the value is released once, after the last owner has used it.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		released := 0
		a := NewArc(new(explore.Var[int]), func(v *explore.Var[int]) {
			v.Store(-1) // a data race with whoever uses it still
			released++
		})
		for range 3 {
			b := a.Clone()
			x.Go(func() {
				b.Value().Load()
				c := b.Clone()
				b.Drop()
				c.Value().Load()
				c.Drop()
			})
		}
		a.Drop()
		x.Wait()
		x.Assert(released == 1, "released %d times", released)
	})
}
