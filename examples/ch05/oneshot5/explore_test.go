// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that the ends of a Split get no message of another, whenever the next Split comes.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var c Channel[*explore.Var[int]]
		s1, r1 := c.Split()
		send := func(s Sender[*explore.Var[int]], n int) {
			message := new(explore.Var[int])
			message.Store(n)
			s.Send(message)
		}
		receive := func(r Receiver[*explore.Var[int]], n int) {
			if message, ok := r.Receive(); ok {
				got := message.Load()
				x.Assert(got == n, "an end of Split %d has received message %d", n, got)
			}
		}
		x.Go(func() { send(s1, 1) })
		x.Go(func() { receive(r1, 1) })
		x.Go(func() {
			explored.Panics(func() { // if an end is in use
				s2, r2 := c.Split()
				send(s2, 2)
				receive(r2, 2)
			})
		})
	})
}
