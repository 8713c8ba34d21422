// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/thread"
)

// TestExplore proves that the receiver gets the message, and does not sleep through it.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		sender := make(chan Sender[*explore.Var[int]], 1)
		x.Go(func() {
			thread.Pin()
			defer thread.Unpin()
			s, r := NewChannel[*explore.Var[int]]()
			sender <- s
			n := r.Receive().Load()
			x.Assert(n == 7, "received %d", n)
		})
		x.Go(func() {
			message := new(explore.Var[int])
			message.Store(7)
			(<-sender).Send(message)
		})
	})
}
