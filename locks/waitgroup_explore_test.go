// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks"
)

// A finish is a wait for some goroutines to finish, which may end early and then reports false.
type finish[L any] func(x *explore.Run, l L) bool

// A results is what each of two goroutines has done, before it tells that it has finished.
type results [2]explore.Var[bool]

func (r *results) done() bool { return r[0].Load() && r[1].Load() }

// exploreFinish explores goroutines that wait until two others have finished. Those that wait successfully see what
// these have done.
func exploreFinish[L interface {
	Waiting() int
	State() uint64
}](t *testing.T, newLock func() L, finished func(L), contests []struct {
	name    string
	bounds  explore.Options
	waiters []finish[L]
},
) {
	for _, c := range contests {
		t.Run(c.name, func(t *testing.T) {
			c.bounds.Check(t, func(x *explore.Run) {
				l := newLock()
				var r results
				for i := range r {
					x.Go(func() { r[i].Store(true); finished(l) })
				}
				for _, w := range c.waiters {
					x.Go(func() {
						if w(x, l) {
							x.Assert(r.done(), "the wait has returned before both have finished")
						}
					})
				}
				x.Wait()
				mustBeIdle(x, l, 0)
			})
		})
	}
}

// TestExploreWaitGroup shows that Wait returns when all tasks have finished, and sees what they have done.
func TestExploreWaitGroup(t *testing.T) {
	type wg = *locks.WaitGroup
	wait := func(_ *explore.Run, l wg) bool { l.Wait(); return true }
	waitFor := func(_ *explore.Run, l wg) bool { return l.WaitFor(time.Second) }
	waitContext := func(x *explore.Run, l wg) bool { return l.WaitContext(soon(x)) == nil }
	exploreFinish(t, func() wg { l := new(locks.WaitGroup); l.Add(2); return l }, wg.Done, []struct {
		name    string
		bounds  explore.Options
		waiters []finish[wg]
	}{
		{"Wait", complete, []finish[wg]{wait}},
		{"Wait, two", complete, []finish[wg]{wait, wait}},
		{"WaitFor", atMost(2), []finish[wg]{wait, waitFor}},
		{"WaitContext", complete, []finish[wg]{waitContext}},
		{"WaitContext, two", atMost(1), []finish[wg]{wait, waitContext}},
		{"all", atMost(1), []finish[wg]{waitFor, waitContext}},
	})
}

// TestExploreWaitGroupGo uses a WaitGroup for two sets of tasks.
func TestExploreWaitGroupGo(t *testing.T) {
	complete.Check(t, func(x *explore.Run) {
		var wg locks.WaitGroup
		for range 2 {
			var r results
			for i := range r {
				wg.Go(func() { r[i].Store(true) })
			}
			wg.Wait()
			x.Assert(r.done(), "Wait has returned before both have finished")
		}
		x.Wait()
		mustBeIdle(x, &wg, 0)
	})
}

// TestExploreWaitGroupGivesUp adds a task when a wait for another has given up, perhaps while the Done of that
// is about to wake it: a new set of tasks begins then, and its waiter must not be woken by that Done.
func TestExploreWaitGroupGivesUp(t *testing.T) {
	complete.Check(t, func(x *explore.Run) {
		var wg locks.WaitGroup
		var r results
		finish := func(i int) { r[i].Store(true); wg.Done() }
		wg.Add(1)
		x.Go(func() { finish(0) })
		if wg.WaitContext(soon(x)) == nil {
			x.Assert(r[0].Load(), "the wait has returned before the task has finished")
		}
		wg.Add(1)
		x.Go(func() { finish(1) })
		wg.Wait()
		x.Assert(r.done(), "Wait has returned before both have finished")
		x.Wait()
		mustBeIdle(x, &wg, 0)
	})
}

// TestExploreWaitGroupEndsAlone ends a wait by its limit while a task has not finished, and another one may finish at
// any moment.
func TestExploreWaitGroupEndsAlone(t *testing.T) {
	complete.Check(t, func(x *explore.Run) {
		var wg locks.WaitGroup
		wg.Add(2)
		x.Go(wg.Done)
		x.Assert(wg.WaitContext(soon(x)) != nil, "the wait has returned before the second task has finished")
		wg.Done()
		x.Wait()
		mustBeIdle(x, &wg, 0)
	})
}
