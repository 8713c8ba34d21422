// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/park"
)

// sleepAny waits for the first of several batons, and returns its index.
func (s sleeper) sleepAny(x *explore.Run, batons ...*baton) (index int) {
	call := func() {
		var limit park.Limit
		if s.limit != nil {
			limit = s.limit(x)
		}
		var cases []park.Case
		for _, b := range batons {
			cases = append(cases, park.Case{Addr: &b.free, Enqueuer: (*batonQueue)(b), Kind: s.kind})
		}
		i, token, err := park.SleepAny(limit, cases)
		x.Assert((i < 0) == s.gaveUp(x, err), "SleepAny = %d, %v", i, err)
		x.Assert(i < 0 || token == hasIt, "SleepAny has returned the token %d", token)
		index = i
	}
	if s.pinned {
		onThread(call)
	} else {
		call()
	}
	return index
}

// TestExploreSleepAny shows that a goroutine that waits for several batons gets one of them or gives up, and that each
// baton goes on to the others, whatever became of the wait.
func TestExploreSleepAny(t *testing.T) {
	const a, b = 0, 1
	type any struct {
		sleeper
		of []int
	}
	for _, test := range []struct {
		name   string
		bounds explore.Options
		any    []any
		alone  []sleeper // they wait for b alone
		held   int       // so many batons are held at first
	}{
		{"one", complete, []any{{condition, []int{a, b}}}, nil, 2},
		{"the second is free", complete, []any{{condition, []int{a, b}}}, nil, 1},
		{"with a limit", complete, []any{{limited, []int{a, b}}}, nil, 2},
		{"with a context", complete, []any{{cancelled, []int{a, b}}}, nil, 2},
		{"a thread", complete, []any{{onKernel, []int{a, b}}}, nil, 2},
		{"a thread with a limit", complete, []any{{limitedOnK, []int{a, b}}}, nil, 2},
		{"twice the same", complete, []any{{limited, []int{b, a, b}}}, nil, 2},
		{"beside one", complete, []any{{condition, []int{a, b}}}, []sleeper{condition}, 2},
		{"beside one, with a limit", complete, []any{{limited, []int{a, b}}}, []sleeper{exclusion}, 2},
		{"beside one with a limit", complete, []any{{condition, []int{a, b}}}, []sleeper{limited}, 2},
		{"a thread beside one", complete, []any{{onKernel, []int{a, b}}}, []sleeper{condition}, 2},
		{"two", complete, []any{{condition, []int{a, b}}, {condition, []int{b, a}}}, nil, 2},
		{"two with limits", complete, []any{{limited, []int{a, b}}, {limited, []int{b, a}}}, nil, 2},
		{"two beside one", complete, []any{{condition, []int{a, b}}, {limited, []int{b, a}}}, []sleeper{condition}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.bounds.Check(t, func(x *explore.Run) {
				batons := []*baton{newBaton(x), newBaton(x)}
				var held [2]explore.Var[int] // the goroutine that has a baton
				pass := func(i, by int) {
					held[i].Store(by)
					batons[i].pass()
				}
				for i, b := range batons {
					if i < test.held {
						b.free.Store(0)
						x.Go(func() { pass(i, -1) })
					}
				}
				for n, who := range test.any {
					x.Go(func() {
						var of []*baton
						for _, i := range who.of {
							of = append(of, batons[i])
						}
						if i := who.sleepAny(x, of...); i >= 0 {
							pass(who.of[i], n)
						}
					})
				}
				for n, s := range test.alone {
					x.Go(func() {
						s.do(x, func(w *park.Waiter) {
							if batons[b].take(w, s) {
								pass(b, 10+n)
							}
						})
					})
				}
				x.Wait()
				for i, b := range batons {
					x.Assert(b.free.Load() == 1, "baton %d is lost", i)
					mustBeIdle(x, &b.free)
				}
			})
		})
	}
}

// TestExploreWaitAny shows that a wake of one word is not consumed by a goroutine that is woken by
// another word.
func TestExploreWaitAny(t *testing.T) {
	for _, test := range []struct {
		name   string
		bounds explore.Options
		any    sleeper
		move   bool // waiters on the first word are moved to a third one
	}{
		{"a goroutine", complete, condition, false},
		{"a limit", complete, limited, false},
		{"a thread", complete, onKernel, false},
		{"moved", complete, condition, true},
		{"a limit, moved", complete, limited, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.bounds.Check(t, func(x *explore.Run) {
				var a, b, c atomic.Uint32
				x.Go(func() {
					wait := func() {
						var limit park.Limit
						if test.any.limit != nil {
							limit = test.any.limit(x)
						}
						i, err := park.WaitAny(limit, park.Word{Addr: &a}, park.Word{Addr: &b})
						if test.any.gaveUp(x, err) {
							return
						}
						switch {
						case i == 1:
							x.Assert(b.Load() == 1, "woken without a reason")
							park.Wake(&b) // another goroutine may have waited for that
						case !test.move:
							x.Assert(a.Load() == 1, "woken without a reason")
						}
					}
					if test.any.pinned {
						onThread(wait)
					} else {
						wait()
					}
				})
				x.Go(func() {
					for b.Load() == 0 {
						park.Wait(&b, 0)
					}
				})
				x.Go(func() {
					if test.move {
						park.Requeue(&a, 0, 0, &c, 1)
					}
					a.Store(1)
					park.Wake(&a)
					park.Wake(&c)
				})
				x.Go(func() {
					b.Store(1)
					park.Wake(&b)
				})
				x.Wait()
				mustBeIdle(x, &a, &b, &c)
			})
		})
	}
}
