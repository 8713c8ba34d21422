// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that the receiver gets the message, and does not sleep through it.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var c Channel[*explore.Var[int]]
		x.Go(func() {
			message := new(explore.Var[int])
			message.Store(7)
			c.Send(message)
		})
		n := c.Receive().Load()
		x.Assert(n == 7, "received %d", n)
	})
}

// TestExploreSecondReceiver finds that the second of two receivers panics, or sleeps forever: the channel is for one.
func TestExploreSecondReceiver(t *testing.T) {
	found := explore.Find(t, func(x *explore.Run) {
		var c Channel[int]
		x.Go(func() { c.Send(7) })
		x.Go(func() { c.Receive() })
		x.Go(func() { explored.Panics(func() { c.Receive() }) })
	})
	if found == nil {
		t.Error("found nothing")
	}
}
