// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/thread"
)

// The tests TestExplore… run every interleaving of a few threads over a model of the futex calls, under the command
// explore. Under plain go test they are stress tests. A permit that is lost is a deadlock in them.

// complete explores every interleaving.
var complete = explore.Options{Complete: true}

// atMost explores every interleaving with at most n preemptions.
func atMost(n int) explore.Options { return explore.Options{Complete: true, Preemptions: n} }

// random explores 20,000 random interleavings.
var random = explore.Options{Mode: explore.PCT, Depth: 3, Executions: 20_000, Seed: 1}

// spurious lets a sleep of each thread end spuriously.
func spurious(o explore.Options) explore.Options { o.Spurious = 1; return o }

// spinning lets threads spin before they sleep, and keep their processor while they sleep.
func spinning(o explore.Options) explore.Options { o.Procs, o.Spins = 2, 41; return o }

// A way parks, and reports whether it has taken the permit.
type way func(x *explore.Run) bool

func untilGiven(*explore.Run) bool { thread.Park(); return true }
func look(*explore.Run) bool       { return thread.ParkFor(0) }
func parkFor(*explore.Run) bool    { return thread.ParkFor(time.Second) }

// parkContext parks until a moment that the exploration chooses.
func parkContext(x *explore.Run) bool {
	ctx, cancel := context.WithCancel(context.Background())
	x.Go(cancel)
	return thread.ParkContext(ctx) == nil
}

// asThread starts a pinned thread that runs f, and returns it.
func asThread(x *explore.Run, f func()) *thread.Thread {
	me := make(chan *thread.Thread, 1)
	x.Go(func() {
		thread.Pin()
		defer thread.Unpin()
		me <- thread.Current()
		f()
	})
	return <-me
}

// TestExplorePark lets a thread park in each way of a list, while others give permits, each after it has written. No park
// takes a permit that was not given, none that gives up takes one along, and the last, which has no limit, gets the last one.
func TestExplorePark(t *testing.T) {
	for _, c := range []struct {
		name   string
		bounds explore.Options
		givers int
		ways   []way // before the last
	}{
		{"at once", complete, 1, nil},
		{"two givers", complete, 2, nil},
		{"three givers", atMost(2), 3, nil},
		{"a look", complete, 1, []way{look, look}},
		{"a look, two givers", atMost(3), 2, []way{look}},
		{"a limit", complete, 1, []way{parkFor}},
		{"two limits", complete, 1, []way{parkFor, parkFor}},
		{"a limit, two givers", atMost(2), 2, []way{parkFor}},
		{"a context", complete, 1, []way{parkContext}},
		{"a context and a limit", atMost(2), 1, []way{parkContext, parkFor}},
		{"a context, two givers", atMost(1), 2, []way{parkContext}},
		{"spurious wake-ups", spurious(complete), 2, nil},
		{"spurious wake-ups, a limit", spurious(atMost(2)), 1, []way{parkFor}},
		{"spurious wake-ups, a context", spurious(atMost(1)), 1, []way{parkContext}},
		{"two processors", spinning(complete), 1, nil},
		{"two processors, two givers", spinning(random), 2, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.bounds.Check(t, func(x *explore.Run) {
				notes := make([]explore.Var[bool], c.givers) // written before each permit is given
				gave := make([]bool, c.givers)
				taken := 0
				t := asThread(x, func() {
					for _, w := range c.ways {
						if w(x) {
							taken++
						}
					}
					if taken == 0 {
						untilGiven(x)
						taken++
					}
					before := slices.Clone(gave) // no step later
					for i := range notes {
						if before[i] || c.givers == 1 {
							x.Assert(notes[i].Load(), "what came before Unpark is not seen")
						}
					}
					x.Assert(c.givers > 1 || !look(x), "a second permit, and one was given")
				})
				for i := range c.givers {
					x.Go(func() {
						notes[i].Store(true)
						t.Unpark()
						if x.Exploring() {
							gave[i] = true // only one goroutine runs at a time
						}
					})
				}
				x.Wait()
				x.Assert(taken >= 1 && taken <= c.givers, "%d permits were taken, and %d given", taken, c.givers)
			})
		})
	}
}

// TestExploreParkTurns passes a number back and forth between two threads.
func TestExploreParkTurns(t *testing.T) {
	for _, c := range []struct {
		name   string
		bounds explore.Options
		rounds int
		way
	}{
		{"once", complete, 1, untilGiven},
		{"twice", atMost(2), 2, untilGiven},
		{"spurious wake-ups", spurious(atMost(1)), 1, untilGiven},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.bounds.Check(t, func(x *explore.Run) {
				var n explore.Var[int]
				var a, b *thread.Thread
				ready := make(chan bool)
				turn := func(other **thread.Thread, first bool) func() {
					return func() {
						<-ready
						for range c.rounds {
							if !first {
								c.way(x)
							}
							n.Store(n.Load() + 1)
							(*other).Unpark()
							if first {
								c.way(x)
							}
						}
					}
				}
				a = asThread(x, turn(&b, true))
				b = asThread(x, turn(&a, false))
				close(ready)
				x.Wait()
				x.Assert(n.Load() == 2*c.rounds, "%d turns, want %d", n.Load(), 2*c.rounds)
			})
		})
	}
}
