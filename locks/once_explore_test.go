// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
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

// TestExploreOnceFunc shows the same of OnceFunc and its forms, with and without a panic, which every call
// repeats.
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

// TestExploreOnceContext lets callers fail, give up and succeed, in each order. One f succeeds, those that succeed see it, and
// none is called after it, or beside another.
func TestExploreOnceContext(t *testing.T) {
	failed := errors.New("failed")
	for _, test := range []struct {
		name    string
		bounds  explore.Options
		callers string // s succeeds, f fails, g gives up, d calls Do
	}{
		{"succeed", complete, "sss"},
		{"one fails", complete, "fss"},
		{"two fail", complete, "ffs"},
		{"one gives up", atMost(2), "gss"},
		{"one gives up, one fails", atMost(2), "gfs"},
		{"Do", complete, "fsd"},
		{"Do, and one gives up", atMost(2), "gsd"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.bounds.Check(t, func(x *explore.Run) {
				var once locks.Once
				var attempts, successes guarded // without a lock: two at a time would be a data race
				for _, caller := range test.callers {
					ctx := context.Background()
					if caller == 'g' {
						ctx = soon(x)
					}
					x.Go(func() {
						if caller == 'd' {
							once.Do(func() { attempts.add(1); successes.add(1) })
							x.Assert(successes.n.Load() == 1, "%d successes after Do", successes.n.Load())
							return
						}
						err := once.DoContext(ctx, func(ctx context.Context) error {
							attempts.add(1)
							x.Assert(successes.n.Load() == 0, "f is called after a success")
							if caller == 'f' {
								return failed
							}
							if err := ctx.Err(); err != nil {
								return err
							}
							successes.add(1)
							return nil
						})
						switch {
						case err == nil:
							x.Assert(successes.n.Load() == 1, "%d successes", successes.n.Load())
						case err == failed:
							x.Assert(caller == 'f', "%c has got the error of another caller", caller)
						default:
							x.Assert(caller == 'g' && errors.Is(err, context.Canceled), "%c: %v", caller, err)
						}
					})
				}
				x.Wait()
				x.Assert(successes.n.Load() == 1 && attempts.n.Load() <= len(test.callers),
					"%d attempts, %d successes", attempts.n.Load(), successes.n.Load())
				x.Assert(once.Waiting() == 0, "%d waiters are left behind", once.Waiting())
			})
		})
	}
}
