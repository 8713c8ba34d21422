// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/guard"
	"github.com/osync-go/osync/locks/park"
)

// A valued is what Mutex and RWMutex have for values.
type valued interface {
	monitor[int]
	guard.Monitor[int]
	Load() int
	Store(int)
	Swap(int) int
	WithLimit(park.Limit, func(*int)) error
	WhenLimit(park.Limit, func(*int) bool, func(*int)) error
}

func eachValued(t *testing.T, test func(t *testing.T, g valued)) {
	t.Run("Mutex", func(t *testing.T) { test(t, guard.NewMutex(7)) })
	t.Run("RWMutex", func(t *testing.T) { test(t, guard.NewRWMutex(7)) })
}

func isNine(n *int) bool { return *n == 9 }

// next returns the value before it adds one.
func next(n *int) int { *n++; return *n - 1 }

// TestValues looks at what the functions and methods return that have a result.
func TestValues(t *testing.T) {
	eachValued(t, func(t *testing.T, g valued) {
		ctx := t.Context()
		check := func(what string, got, want, after int) {
			t.Helper()
			if now := g.Load(); got != want || now != after {
				t.Errorf("%s = %d, and the value is %d, want %d and %d", what, got, now, want, after)
			}
			if g.State() != 0 {
				t.Errorf("%s has left the words %#x", what, g.State())
			}
		}
		check("With", guard.With(g, next), 7, 8)
		check("Swap", g.Swap(9), 8, 9)
		check("When", guard.When(g, isNine, next), 9, 10)
		g.Store(9)
		check("Load", g.Load(), 9, 9)
		r, err := guard.WithContext(ctx, g, next)
		if err != nil {
			t.Errorf("WithContext: %v", err)
		}
		check("WithContext", r, 9, 10)
		g.Store(9)
		if r, err = guard.WhenContext(ctx, g, isNine, next); err != nil {
			t.Errorf("WhenContext: %v", err)
		}
		check("WhenContext", r, 9, 10)

		ended, cancel := context.WithCancel(ctx)
		cancel()
		r, err = guard.WithContext(ended, g, next)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("WithContext, ended: %v", err)
		}
		check("WithContext, ended", r, 0, 10)
		r, err = guard.WhenContext(ended, g, isNine, next)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("WhenContext, ended: %v", err)
		}
		check("WhenContext, ended", r, 0, 10)

		bad := func(*int) int { panic("bad") }
		locktest.Panics(t, "With", "bad", func() { guard.With(g, bad) })
		locktest.Panics(t, "WithContext", "bad", func() { guard.WithContext(ctx, g, bad) })
		g.Store(9)
		locktest.Panics(t, "When", "bad", func() { guard.When(g, isNine, bad) })
		locktest.Panics(t, "WhenContext", "bad", func() { guard.WhenContext(ctx, g, isNine, bad) })
		var none context.Context
		locktest.Panics(t, "WithContext", "guard: nil context", func() { guard.WithContext(none, g, next) })
		locktest.Panics(t, "WhenContext", "guard: nil context", func() { guard.WhenContext(none, g, isNine, next) })
		check("all that panics", 0, 0, 9)
	})
}

// TestValuesRead reads beside a reader.
func TestValuesRead(t *testing.T) {
	g := guard.NewRWMutex(7)
	double := func(n int) int { return 2 * n }
	g.Read(func(int) {
		r, err := guard.ReadContext(t.Context(), g, double)
		if n := guard.Read(g, double); n != 14 || r != 14 || err != nil || g.Load() != 7 {
			t.Errorf("Read = %d, ReadContext = %d, %v, Load = %d", n, r, err, g.Load())
		}
		if err := g.ReadLimit(park.For(0), func(n int) { r = n }); err != nil || r != 7 {
			t.Errorf("ReadLimit has read %d, %v", r, err)
		}
	})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := guard.ReadContext(ended, g, double); r != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("ReadContext, ended = %d, %v", r, err)
	}
	bad := func(int) int { panic("bad") }
	locktest.Panics(t, "Read", "bad", func() { guard.Read(g, bad) })
	locktest.Panics(t, "ReadContext", "bad", func() { guard.ReadContext(t.Context(), g, bad) })
	locktest.Panics(t, "ReadLimit", "bad", func() { g.ReadLimit(park.Limit{}, func(int) { panic("bad") }) })
	g.With(func(*int) {
		if err := g.ReadLimit(park.For(0), func(int) { t.Error("read beside a writer") }); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("ReadLimit beside a writer: %v", err)
		}
	})
	if g.State() != 0 {
		t.Errorf("the words are %#x", g.State())
	}
}

// TestStoreIsAChange waits for the effect of Store and Swap. A Load wakes no waiter.
func TestStoreIsAChange(t *testing.T) {
	eachValued(t, func(t *testing.T, g valued) {
		for _, set := range []func(){func() { g.Store(9) }, func() { g.Swap(9) }} {
			c := locktest.NewCrew(t, locktest.Goroutines)
			c.StartWaiting(g, func() {
				if n := guard.When(g, isNine, next); n != 9 {
					t.Errorf("When = %d, want 9", n)
				}
			})
			g.Load()
			if g.Waiting() != 1 {
				t.Errorf("%d wait after Load, want 1", g.Waiting())
			}
			set()
			c.Join()
		}
	})
}

// TestValuesLimit waits with one limit again and again, for the lock and for a condition.
func TestValuesLimit(t *testing.T) {
	for name, newValued := range map[string]func() valued{
		"Mutex":   func() valued { return guard.NewMutex(7) },
		"RWMutex": func() valued { return guard.NewRWMutex(7) },
	} {
		synctest.Test(t, func(t *testing.T) {
			g := newValued()
			never, nothing := func(*int) { t.Errorf("%s: f was called", name) }, func(*int) {}
			over := park.For(0)
			if err := errors.Join(g.WithLimit(over, nothing), g.WhenLimit(over, func(*int) bool { return true }, nothing)); err != nil {
				t.Errorf("%s, free: %v", name, err)
			}
			begin, limit := time.Now(), park.Until(time.Now().Add(time.Second))
			for range 2 {
				if err := g.WhenLimit(limit, isNine, never); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begin) != time.Second {
					t.Errorf("%s, WhenLimit: %v after %v", name, err, time.Since(begin))
				}
			}
			begin, limit = time.Now(), park.For(time.Second)
			g.With(func(*int) {
				for _, wait := range []func() error{
					func() error { return g.WithLimit(limit, never) },
					func() error { return g.WhenLimit(limit, isNine, never) },
				} {
					result := make(chan error)
					go func() { result <- wait() }()
					if err := <-result; !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begin) != time.Second {
						t.Errorf("%s, locked: %v after %v", name, err, time.Since(begin))
					}
				}
			})
			go func() { time.Sleep(time.Second); g.Store(9) }()
			if err := g.WhenLimit(park.For(time.Hour), isNine, nothing); err != nil || time.Since(begin) != 2*time.Second {
				t.Errorf("%s, WhenLimit: %v after %v", name, err, time.Since(begin))
			}
			if g.State() != 0 || g.Waiting() != 0 {
				t.Errorf("%s: the words are %#x, %d wait", name, g.State(), g.Waiting())
			}
		})
	}
}

func TestValueAllocations(t *testing.T) {
	ctx := t.Context()
	g, rw, sum := guard.NewMutex(9), guard.NewRWMutex(9), 0
	same := func(n *int) int { return *n }
	is := func(n int) int { return n }
	for name, op := range map[string]func(){
		"With":                func() { sum += guard.With(g, same) },
		"With, RWMutex":       func() { sum += guard.With(rw, same) },
		"WithContext":         func() { guard.WithContext(ctx, g, same) },
		"When":                func() { sum += guard.When(g, isNine, same) },
		"When, RWMutex":       func() { sum += guard.When(rw, isNine, same) },
		"WhenContext":         func() { guard.WhenContext(ctx, g, isNine, same) },
		"Read":                func() { sum += guard.Read(rw, is) },
		"ReadContext":         func() { guard.ReadContext(ctx, rw, is) },
		"Mutex.Load":          func() { sum += g.Load() },
		"Mutex.Swap":          func() { sum += g.Swap(9) },
		"RWMutex.Store":       func() { rw.Store(9) },
		"Mutex.WithLimit":     func() { g.WithLimit(park.Limit{}, func(*int) {}) },
		"RWMutex.ReadLimit":   func() { rw.ReadLimit(park.Limit{}, func(n int) { sum += n }) },
		"Mutex.WhenLimit":     func() { g.WhenLimit(park.Limit{}, isNine, func(n *int) { sum += *n }) },
		"With, of a function": func() { step := sum; sum += guard.With(g, func(n *int) int { return *n + step }) },
	} {
		if n := allocs.PerRun(t, 100, op); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
