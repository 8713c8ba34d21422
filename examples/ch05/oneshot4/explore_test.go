// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that a sender and its copy send one message, and that a receiver that has seen it ready
// gets it.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		s, r := NewChannel[*explore.Var[int]]()
		var errs [2]error
		for i := range 2 {
			x.Go(func() {
				message := new(explore.Var[int])
				message.Store(i + 1)
				errs[i] = s.Send(message)
			})
		}
		for !r.Ready() {
		}
		message, ok := r.Receive()
		x.Assert(ok, "ready, and no message")
		n := message.Load()
		x.Assert(n == 1 || n == 2, "received %d", n)
		_, again := r.Receive()
		x.Assert(!again, "received twice")
		x.Wait()
		x.Assert((errs[0] == nil) != (errs[1] == nil), "Sends have returned %v", errs)
	})
}
