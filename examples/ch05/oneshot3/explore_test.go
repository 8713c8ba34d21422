// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that one of two senders gets through, and at most one of two receivers.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var c Channel[*explore.Var[int]]
		var sent, received [2]bool
		for i := range 2 {
			x.Go(func() {
				message := new(explore.Var[int])
				message.Store(i + 1)
				sent[i] = c.Send(message)
			})
			x.Go(func() {
				message, ok := c.Receive()
				if received[i] = ok; ok {
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
