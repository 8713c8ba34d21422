// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"testing"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks"
)

// TestExploreOnce shows that f runs once, and that what it does comes before the return of every call.
func TestExploreOnce(t *testing.T) {
	complete.Check(t, func(x *explore.Run) {
		var once locks.Once
		var calls guarded
		for range 3 {
			x.Go(func() {
				once.Do(func() { calls.add(1) })
				x.Assert(calls.n.Load() == 1, "%d calls of f", calls.n.Load())
			})
		}
		x.Wait()
		x.Assert(once.Waiting() == 0, "%d waiters are left behind", once.Waiting())
	})
}

// TestExploreOnceFunc shows the same of OnceFunc and its kin, with and without a panic, which every call repeats.
func TestExploreOnceFunc(t *testing.T) {
	for _, test := range []struct {
		name string
		once func(f func()) func()
	}{
		{"OnceFunc", locks.OnceFunc},
		{"OnceValue", func(f func()) func() {
			once := locks.OnceValue(func() int { f(); return 1 })
			return func() {
				if once() != 1 {
					panic("another value")
				}
			}
		}},
		{"OnceValues", func(f func()) func() {
			once := locks.OnceValues(func() (int, int) { f(); return 1, 2 })
			return func() {
				if a, b := once(); a != 1 || b != 2 {
					panic("other values")
				}
			}
		}},
	} {
		for name, problem := range map[string]any{"": nil, " panics": "problem"} {
			t.Run(test.name+name, func(t *testing.T) {
				complete.Check(t, func(x *explore.Run) {
					var calls guarded
					once := test.once(func() {
						calls.add(1)
						if problem != nil {
							panic(problem)
						}
					})
					for range 3 {
						x.Go(func() {
							defer func() {
								p := recover()
								x.Assert(p == problem, "the call panics with %v, want %v", p, problem)
								x.Assert(calls.n.Load() == 1, "%d calls of f", calls.n.Load())
							}()
							once()
						})
					}
				})
			})
		}
	}
}
