// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/shared"
)

// TestExploreOnceDeath kills a process at each step of a Once. Its function runs again then, and no call returns before
// it has run to its end.
func TestExploreOnceDeath(t *testing.T) {
	needRegions(t)
	for _, c := range []struct {
		name    string
		options explore.Options
		doomed  int // goroutines of the process that dies
		others  int // processes
	}{
		{"two", inAll, 1, 1},
		{"three", atMost(2), 1, 2},
		{"two goroutines die", atMost(2), 2, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.options.Check(t, func(x *explore.Run) {
				o := shared.ExploreMemory[shared.Once]()
				var a, b explore.Var[int]
				var half atomic.Int32 // a kill can come there
				do := func() {
					err := o.Do(func() {
						n := a.Load() + 1
						a.Store(n)
						half.Add(1)
						b.Store(n)
					})
					x.Assert(err == nil, "%v", err)
					x.Assert(a.Load() == b.Load() && a.Load() > 0, "Do has returned, and the function has not: %d, %d", a.Load(), b.Load())
				}
				doomed := x.Process()
				for range c.doomed {
					doomed.Go(do)
				}
				for range c.others {
					x.Process().Go(do)
				}
				x.Go(func() {
					if x.Choose(2) == 1 && doomed.Kill() {
						shared.Bury(1, o.Word())
					}
				})
				x.Wait()
			})
		})
	}
}
