// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that a message arrives whole, if the channel is used as its comment says.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var c Channel[*explore.Var[int]]
		x.Go(func() {
			var message explore.Var[int]
			message.Store(7)
			c.Send(&message)
		})
		for !c.Ready() {
		}
		x.Assert(c.Receive().Load() == 7, "another message has arrived")
	})
}

// mustFind fails t if it was not found that a message was lost. With -vars that is a data race before it is a loss.
func mustFind(t *testing.T, found *explore.Found) {
	if found == nil || found.Kind != "assertion" && found.Kind != "data race" {
		t.Errorf("found %v, want a failed assertion", found)
	}
}

// TestExploreReceiveTooEarly finds that a Receive without Ready takes the zero value for a message.
func TestExploreReceiveTooEarly(t *testing.T) {
	mustFind(t, explore.Find(t, func(x *explore.Run) {
		var c Channel[int32]
		var last atomic.Int32
		x.Go(func() { c.Send(last.Add(1)) })
		c.Ready() // without heeding the answer
		x.Assert(c.Receive() == 1, "received no message")
	}))
}

// TestExploreSecondSend finds that one of two messages is lost.
func TestExploreSecondSend(t *testing.T) {
	mustFind(t, explore.Find(t, func(x *explore.Run) {
		var c Channel[int]
		x.Go(func() { c.Send(1) })
		x.Go(func() { c.Send(2) })
		sum := 0
		for range 2 {
			for !c.Ready() {
			}
			sum += c.Receive()
		}
		x.Assert(sum == 3, "received %d in all, want 3", sum)
	}))
}
