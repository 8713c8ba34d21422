// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks"
)

// TestExploreLatch shows that a Latch opens when it was counted down, and stays open, whatever ends
// first.
func TestExploreLatch(t *testing.T) {
	type latch = *locks.Latch
	wait := func(_ *explore.Run, l latch) bool { l.Wait(); return true }
	waitFor := func(_ *explore.Run, l latch) bool { return l.WaitFor(time.Second) }
	waitContext := func(x *explore.Run, l latch) bool { return l.WaitContext(soon(x)) == nil }
	again := func(x *explore.Run, l latch) bool {
		l.Wait()
		x.Assert(l.WaitContext(context.Background()) == nil && l.WaitFor(0), "an open Latch has closed")
		return true
	}
	exploreFinish(t, func() latch { return locks.NewLatch(2) }, func(l latch) { l.Arrive(1) }, []struct {
		name    string
		bounds  explore.Options
		waiters []finish[latch]
	}{
		{"Wait, two", complete, []finish[latch]{wait, again}},
		{"WaitFor", atMost(2), []finish[latch]{wait, waitFor}},
		{"WaitContext", complete, []finish[latch]{waitContext}},
		{"WaitContext, two", atMost(1), []finish[latch]{wait, waitContext}},
		{"all", atMost(1), []finish[latch]{waitFor, waitContext}},
	})
}

// TestExploreLatchTogether lets three goroutines wait for each other.
func TestExploreLatchTogether(t *testing.T) {
	complete.Check(t, func(x *explore.Run) {
		l := locks.NewLatch(3)
		var r [3]explore.Var[bool]
		for i := range r {
			x.Go(func() {
				r[i].Store(true)
				l.ArriveAndWait()
				x.Assert(r[0].Load() && r[1].Load() && r[2].Load(), "a wait has returned before all have come")
			})
		}
		x.Wait()
		mustBeIdle(x, l, 0)
	})
}

// TestExploreLatchGivesUp counts the last one down when the wait has ended, so that the wait must give up.
func TestExploreLatchGivesUp(t *testing.T) {
	complete.Check(t, func(x *explore.Run) {
		l := locks.NewLatch(2)
		x.Go(func() { l.Arrive(1) })
		x.Assert(l.WaitContext(soon(x)) != nil, "a wait has returned before all have come")
		l.Arrive(1)
		l.Wait()
		x.Wait()
		mustBeIdle(x, l, 0)
	})
}
