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

// An event is an Event or an AutoEvent. Its model is whether it is set.
type event interface {
	Set()
	Reset()
	Wait()
	WaitFor(time.Duration) bool
	WaitContext(context.Context) error
	Waiting() int
	State() uint64
}

// events makes an event of each kind.
var events = map[string]func() event{
	"Event":     func() event { return new(locks.Event) },
	"AutoEvent": func() event { return new(locks.AutoEvent) },
}

// exploreEvents explores programs for events, and checks that these are linearizable: Set, Reset, and the ends of
// waits behave as if they came one after the other. A successful wait leaves the event as rest says.
func exploreEvents(t *testing.T, newEvent func() event, rest bool) {
	type eventStep = step[event, bool]
	becomes := func(is bool) func(bool) (bool, bool) { return func(bool) (bool, bool) { return is, true } }
	waited := func(ok bool) func(bool) (bool, bool) {
		return func(set bool) (bool, bool) { return set && rest, set == ok }
	}
	set := eventStep{"Set", func(e event) func(bool) (bool, bool) { e.Set(); return becomes(true) }}
	reset := eventStep{"Reset", func(e event) func(bool) (bool, bool) { e.Reset(); return becomes(false) }}
	look := eventStep{"look", func(e event) func(bool) (bool, bool) { return waited(e.WaitFor(0)) }}
	waitFor := eventStep{"WaitFor", func(e event) func(bool) (bool, bool) { return waited(e.WaitFor(time.Second)) }}
	wait := eventStep{"Wait", func(e event) func(bool) (bool, bool) { e.Wait(); return waited(true) }}
	exploreHistories(t, newEvent, false, []program[event, bool]{
		{complete, [][]eventStep{{set, reset}, {look, look}}},
		{complete, [][]eventStep{{set, set}, {look, look}}},
		{complete, [][]eventStep{{set, reset}, {waitFor}}},
		{complete, [][]eventStep{{reset, set}, {wait}}},
		{complete, [][]eventStep{{set}, {reset, look}, {waitFor}}},
		{atMost(1), [][]eventStep{{set, reset}, {waitFor}, {waitFor}}},
		{atMost(1), [][]eventStep{{set, set}, {waitFor}, {waitFor}}},
	}, func(x *explore.Run, e event) {
		waiting, word := e.Waiting(), e.State()
		x.Assert(waiting == 0 && word <= 1, "%d waiters are left behind, and the word is %d", waiting, word)
	})
}

func TestExploreEventHistories(t *testing.T) {
	exploreEvents(t, func() event { return new(locks.Event) }, true)
}

func TestExploreAutoEventHistories(t *testing.T) {
	exploreEvents(t, func() event { return new(locks.AutoEvent) }, false)
}

// TestExploreEvent shows that Set releases all waiters, even if Reset follows, and that they see what came before.
func TestExploreEvent(t *testing.T) {
	for _, test := range []struct {
		name    string
		bounds  explore.Options
		waiters int
		wait    func(x *explore.Run, e *locks.Event) bool
	}{
		{"Wait", complete, 2, func(_ *explore.Run, e *locks.Event) bool { e.Wait(); return true }},
		{"WaitFor", complete, 1, func(_ *explore.Run, e *locks.Event) bool { return e.WaitFor(time.Second) }},
		{"WaitFor, two", atMost(1), 2, func(_ *explore.Run, e *locks.Event) bool { return e.WaitFor(time.Second) }},
		{"WaitContext", atMost(1), 2, func(x *explore.Run, e *locks.Event) bool { return e.WaitContext(soon(x)) == nil }},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.bounds.Check(t, func(x *explore.Run) {
				var e locks.Event
				var ready explore.Var[bool]
				for i := range 1 + test.waiters {
					x.Go(func() {
						switch {
						case i == 0:
							ready.Store(true)
							e.Set()
						case test.wait(x, &e):
							x.Assert(ready.Load(), "released without a Set")
						}
					})
				}
				x.Wait()
				mustBeIdle(x, &e, 1)
				e.Reset()
				x.Go(e.Wait)
				x.Go(func() { e.Set(); e.Reset(); e.Set() })
				x.Wait()
				mustBeIdle(x, &e, 1)
			})
		})
	}
}

// TestExploreAutoEvent shows that each of two Sets releases one waiter, though a third one gives up: that consumes
// no Set.
func TestExploreAutoEvent(t *testing.T) {
	for _, test := range []struct {
		name   string
		bounds explore.Options
		wait   func(x *explore.Run, e *locks.AutoEvent) bool
	}{
		{"WaitFor", complete, func(_ *explore.Run, e *locks.AutoEvent) bool { return e.WaitFor(time.Second) }},
		{"WaitContext", complete, func(x *explore.Run, e *locks.AutoEvent) bool { return e.WaitContext(soon(x)) == nil }},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.bounds.Check(t, func(x *explore.Run) {
				// The Set passes a token, which whoever is released passes on.
				var e locks.AutoEvent
				var token guarded
				pass := func() { token.add(1); e.Set() }
				x.Go(pass)
				x.Go(func() { e.Wait(); pass() })
				x.Go(func() {
					if test.wait(x, &e) {
						pass()
					}
				})
				x.Wait()
				e.Wait()
				x.Assert(token.n.Load() >= 2, "the token was passed %d times", token.n.Load())
				mustBeIdle(x, &e, 0)
			})
		})
	}
}

// TestExploreEventGivesUp lets a wait end while others set and reset the event, and sets it no more before the wait has
// ended.
func TestExploreEventGivesUp(t *testing.T) {
	for name, newEvent := range events {
		t.Run(name, func(t *testing.T) {
			complete.Check(t, func(x *explore.Run) {
				e := newEvent()
				x.Go(e.Set)
				x.Go(e.Reset)
				e.WaitContext(soon(x))
				x.Wait()
				e.Reset()
				mustBeIdle(x, e, 0)
			})
		})
	}
}

// TestExploreAutoEventGivesUp has a wait end at the moment of the Set: either this wait has the Set, or the next one.
func TestExploreAutoEventGivesUp(t *testing.T) {
	complete.Check(t, func(x *explore.Run) {
		var e locks.AutoEvent
		x.Go(e.Set)
		got := e.WaitContext(soon(x)) == nil
		x.Wait()
		x.Assert(e.WaitFor(0) != got, "the wait that may give up has the Set: %t; so has the next one", got)
		mustBeIdle(x, &e, 0)
	})
}

// TestExploreEventOrdersEarlierSets has two Sets come while a wait gives up, so that the one that has seen the waiter
// finds the other's Set in its place. A wait that finds the event set then sees what came before either.
func TestExploreEventOrdersEarlierSets(t *testing.T) {
	for name, newEvent := range events {
		t.Run(name, func(t *testing.T) {
			complete.Check(t, func(x *explore.Run) {
				e := newEvent()
				var news explore.Var[bool]
				isSet := false // no step, so that it orders nothing
				x.Go(e.Set)
				x.Go(func() {
					news.Store(true)
					e.Set()
					isSet = x.Exploring()
				})
				x.Go(func() {
					if e.WaitFor(0) && x.Exploring() && isSet {
						x.Assert(news.Load(), "the news are not seen")
					}
				})
				e.WaitContext(soon(x))
			})
		})
	}
}
