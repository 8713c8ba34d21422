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

// TestExploreBarrier shows that no party proceeds before all have arrived, that each round has one leader, and
// that rounds do not mix.
func TestExploreBarrier(t *testing.T) {
	for _, test := range []struct {
		name            string
		bounds          explore.Options
		parties, rounds int
	}{
		{"two", complete, 2, 3},
		{"three", complete, 3, 1},
		{"three, two rounds", atMost(2), 3, 2},
		{"four", atMost(1), 4, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.bounds.Check(t, func(x *explore.Run) {
				b := locks.NewBarrier(test.parties)
				come := make([]explore.Var[int], test.parties)
				leaders := make([]explore.Var[int], test.rounds)
				for i := range test.parties {
					x.Go(func() {
						for round := range test.rounds {
							come[i].Store(round)
							if leader, _ := b.Wait(); leader {
								leaders[round].Store(leaders[round].Load() + 1)
							}
							for j := range come {
								x.Assert(come[j].Load() == round, "party %d is in round %d, and %d in %d", i, round, j, come[j].Load())
							}
							b.Wait() // they write again
						}
					})
				}
				x.Wait()
				for round := range leaders {
					x.Assert(leaders[round].Load() == 1, "%d leaders in round %d", leaders[round].Load(), round)
				}
				mustBeIdle(x, b, 0)
			})
		})
	}
}

// TestExploreBarrierBreaks shows that a party that gives up breaks the Barrier for all parties of the round: either
// all succeed, or one gets the cause and the others ErrBroken.
func TestExploreBarrierBreaks(t *testing.T) {
	type wait = func(x *explore.Run, b *locks.Barrier) (leader bool, err error)
	patient := func(_ *explore.Run, b *locks.Barrier) (bool, error) { return b.WaitContext(context.Background()) }
	waitContext := func(x *explore.Run, b *locks.Barrier) (bool, error) { return b.WaitContext(soon(x)) }
	waitFor := func(_ *explore.Run, b *locks.Barrier) (bool, error) { return b.WaitFor(time.Second) }
	for _, test := range []struct {
		name   string
		bounds explore.Options
		waits  []wait
	}{
		{"WaitFor", complete, []wait{waitFor, waitFor}},
		{"WaitContext", complete, []wait{patient, waitContext}},
		{"both", complete, []wait{waitFor, waitContext}},
		{"three", complete, []wait{patient, patient, waitContext}},
		{"three, two give up", complete, []wait{patient, waitFor, waitContext}},
		{"four", atMost(1), []wait{patient, patient, patient, waitContext}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.bounds.Check(t, func(x *explore.Run) {
				b := locks.NewBarrier(len(test.waits))
				leaders := make([]bool, len(test.waits))
				errs := make([]error, len(test.waits))
				for i, wait := range test.waits {
					x.Go(func() { leaders[i], errs[i] = wait(x, b) })
				}
				x.Wait()
				led, passed, broke := 0, 0, 0
				for i, err := range errs {
					switch {
					case err == nil:
						passed++
					case err != locks.ErrBroken:
						broke++
					}
					if leaders[i] {
						led++
					}
				}
				all := len(test.waits)
				x.Assert(passed == all && led == 1 || passed == 0 && led == 0 && broke >= 1, "%v, %d leaders", errs, led)
				if passed == 0 {
					_, err := b.WaitContext(context.Background())
					x.Assert(err == locks.ErrBroken, "a broken Barrier returns %v", err)
					b.Reset()
				}
				mustBeIdle(x, b, 0)
			})
		})
	}
}

// TestExploreBarrierReset resets a Barrier while parties arrive. The parties that waited get ErrBroken and arrive
// again, and the round after that is complete.
func TestExploreBarrierReset(t *testing.T) {
	complete.Check(t, func(x *explore.Run) {
		b := locks.NewBarrier(2)
		leaders := make([]bool, 2)
		for i := range leaders {
			x.Go(func() {
				err := locks.ErrBroken
				for err != nil {
					x.Assert(err == locks.ErrBroken, "%v", err)
					leaders[i], err = b.WaitContext(context.Background())
				}
			})
		}
		x.Go(b.Reset)
		x.Wait()
		x.Assert(leaders[0] != leaders[1], "leaders: %v", leaders)
		mustBeIdle(x, b, 0)
	})
}
