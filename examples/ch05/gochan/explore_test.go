// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExploreOneShot proves that the receiver gets the message, and does not sleep through it.
func TestExploreOneShot(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var c OneShot
		x.Go(func() { c.Send(7) })
		n := c.Receive()
		x.Assert(n == 7, "received %d", n)
	})
}

// TestExploreQueue proves that two receivers get what two senders send.
func TestExploreQueue(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		c := new(Queue)
		c.arrived = sync.NewCond(&c.mu)
		var got [2]int
		for i := range 2 {
			x.Go(func() { c.Send(i + 1) })
			x.Go(func() { got[i] = c.Receive() })
		}
		x.Wait()
		x.Assert(got[0]+got[1] == 3, "received %v", got)
	})
}
