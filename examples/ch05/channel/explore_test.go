// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that two receivers get the three messages of two senders, each sender's in order, and that no
// receiver sleeps on.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		c := NewChannel[int]()
		var got [2][]int
		x.Go(func() { c.Send(1); c.Send(2) })
		x.Go(func() { c.Send(10) })
		x.Go(func() { got[0] = []int{c.Receive()} })
		x.Go(func() { got[1] = []int{c.Receive(), c.Receive()} })
		x.Wait()
		sum := got[0][0] + got[1][0] + got[1][1]
		x.Assert(sum == 13, "received %v", got)
		x.Assert(got[1][0] != 2 || got[1][1] != 1, "received %v: 2 before 1", got)
	})
}
