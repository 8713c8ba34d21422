// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks"
)

// The model of an Event, and of an AutoEvent, is whether it is set.

// TestExploreEventHistories shows that Events are linearizable: Set, Reset, IsSet and waits that end behave as if they
// came one after the other.
func TestExploreEventHistories(t *testing.T) {
	type event = *locks.Event
	set := step[event, bool]{"Set", func(_ *explore.Run, e event) func(bool) (bool, bool) {
		e.Set()
		return func(bool) (bool, bool) { return true, true }
	}}
	reset := step[event, bool]{"Reset", func(_ *explore.Run, e event) func(bool) (bool, bool) {
		e.Reset()
		return func(bool) (bool, bool) { return false, true }
	}}
	isSet := step[event, bool]{"IsSet", func(_ *explore.Run, e event) func(bool) (bool, bool) {
		is := e.IsSet()
		return func(set bool) (bool, bool) { return set, set == is }
	}}
	waitFor := step[event, bool]{"WaitFor", func(_ *explore.Run, e event) func(bool) (bool, bool) {
		ok := e.WaitFor(time.Second)
		return func(set bool) (bool, bool) { return set, set == ok }
	}}
	newEvent := func() event { return new(locks.Event) }
	exploreHistories(t, newEvent, false, []program[event, bool]{
		{complete, [][]step[event, bool]{{set, reset}, {isSet, isSet}}},
		{complete, [][]step[event, bool]{{set, reset}, {waitFor}}},
		{complete, [][]step[event, bool]{{set}, {reset, isSet}, {waitFor}}},
		{atMost(1), [][]step[event, bool]{{set, reset}, {waitFor}, {waitFor}}},
	})
}

// TestExploreAutoEventHistories shows the same of AutoEvents: each Set releases one wait at most.
func TestExploreAutoEventHistories(t *testing.T) {
	type event = *locks.AutoEvent
	set := step[event, bool]{"Set", func(_ *explore.Run, e event) func(bool) (bool, bool) {
		e.Set()
		return func(bool) (bool, bool) { return true, true }
	}}
	reset := step[event, bool]{"Reset", func(_ *explore.Run, e event) func(bool) (bool, bool) {
		e.Reset()
		return func(bool) (bool, bool) { return false, true }
	}}
	try := step[event, bool]{"try", func(_ *explore.Run, e event) func(bool) (bool, bool) {
		ok := e.WaitFor(0)
		return func(set bool) (bool, bool) { return false, set == ok }
	}}
	waitFor := step[event, bool]{"WaitFor", func(_ *explore.Run, e event) func(bool) (bool, bool) {
		ok := e.WaitFor(time.Second)
		return func(set bool) (bool, bool) { return false, set == ok }
	}}
	newEvent := func() event { return new(locks.AutoEvent) }
	exploreHistories(t, newEvent, false, []program[event, bool]{
		{complete, [][]step[event, bool]{{set, set}, {try, try}}},
		{complete, [][]step[event, bool]{{set, reset}, {waitFor}}},
		{atMost(2), [][]step[event, bool]{{set}, {waitFor, try}, {set}}},
		{atMost(1), [][]step[event, bool]{{set, set}, {waitFor}, {waitFor}}},
	})
}

// TestExploreEvent shows that Set releases all that wait, even if Reset follows, and that they see what came before.
func TestExploreEvent(t *testing.T) {
	for _, test := range []struct {
		name    string
		bounds  explore.Options
		waiters int
		wait    func(x *explore.Run, e *locks.Event) bool
	}{
		{"Wait", complete, 2, func(_ *explore.Run, e *locks.Event) bool { e.Wait(); return true }},
		{"WaitFor", complete, 1, func(_ *explore.Run, e *locks.Event) bool { return e.WaitFor(time.Second) }},
		{"WaitFor, two", atMost(2), 2, func(_ *explore.Run, e *locks.Event) bool { return e.WaitFor(time.Second) }},
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

// TestExploreAutoEvent shows that each of two Sets releases one waiter, though a third one gives up: that uses up no
// Set.
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
