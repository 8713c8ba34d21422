// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that of two Sends one gets through and the other panics, and that of two Receives one gets
// the message, or none if they come too early.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var c Channel[*explore.Var[int]]
		var sent, received [2]bool
		for i := range 2 {
			x.Go(func() {
				message := new(explore.Var[int])
				message.Store(i + 1)
				sent[i] = !explored.Panics(func() { c.Send(message) })
			})
			x.Go(func() {
				var message *explore.Var[int]
				if received[i] = !explored.Panics(func() { message = c.Receive() }); received[i] {
					n := message.Load()
					x.Assert(n == 1 || n == 2, "received %d", n)
				}
			})
		}
		x.Wait()
		x.Assert(sent[0] != sent[1], "Sends have got through: %v", sent)
		x.Assert(!received[0] || !received[1], "two Receives have got the message")
	})
}

// TestExploreReadyIsAHint finds that a Receive panics although Ready has reported true: another Receive has come
// in between.
func TestExploreReadyIsAHint(t *testing.T) {
	found := explore.Find(t, func(x *explore.Run) {
		var c Channel[int]
		c.Send(7)
		for range 2 {
			x.Go(func() {
				if c.Ready() {
					c.Receive()
				}
			})
		}
	})
	if found == nil || found.Kind != "panic" {
		t.Errorf("found %v, want a panic", found)
	}
}
