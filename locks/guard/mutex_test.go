// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard_test

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/guard"
)

// The tests of this file are for Mutex and RWMutex alike.

// whenLock is a mutex made of conditional critical sections.
type whenLock struct{ monitor[bool] }

func free(locked *bool) bool { return !*locked }
func lock(locked *bool)      { *locked = true }

func (l whenLock) Lock()                                 { l.When(free, lock) }
func (l whenLock) TryLock() bool                         { return l.WhenFor(0, free, lock) }
func (l whenLock) TryLockFor(d time.Duration) bool       { return l.WhenFor(d, free, lock) }
func (l whenLock) LockContext(ctx context.Context) error { return l.WhenContext(ctx, free, lock) }

func (l whenLock) Unlock() {
	l.With(func(locked *bool) {
		if !*locked {
			panic("unlock of unlocked")
		}
		*locked = false
	})
}

func TestWhen(t *testing.T) {
	eachMonitor(t, func(t *testing.T, make func(bool) monitor[bool]) {
		locktest.Mutex(t, func() sync.Locker { return whenLock{make(false)} },
			locktest.Workers(pinned), locktest.Recoverable())
	})
}

// withLock is a mutex whose critical section is that of With: a goroutine stays inside until Unlock.
type withLock struct {
	monitor[int]
	leave chan chan struct{}
}

func (l withLock) inside(enter func(f func(*int)) error) error {
	entered := make(chan error)
	go func() {
		done := false
		err := enter(func(*int) {
			done = true
			entered <- nil
			close(<-l.leave)
		})
		if !done {
			entered <- err
		}
	}()
	return <-entered
}

var errTime = errors.New("the time is up")

func (l withLock) Lock() { l.inside(func(f func(*int)) error { l.With(f); return nil }) }

func (l withLock) TryLock() bool { return l.TryLockFor(0) }

func (l withLock) TryLockFor(d time.Duration) bool {
	return nil == l.inside(func(f func(*int)) error {
		if d == 0 && l.TryWith(f) || d != 0 && l.TryWithFor(d, f) {
			return nil
		}
		return errTime
	})
}

func (l withLock) LockContext(ctx context.Context) error {
	return l.inside(func(f func(*int)) error { return l.WithContext(ctx, f) })
}

func (l withLock) Unlock() {
	left := make(chan struct{})
	l.leave <- left
	<-left
}

// TestWith calls the forms of With and When while another goroutine is inside.
func TestWith(t *testing.T) {
	eachMonitor(t, func(t *testing.T, make_ func(int) monitor[int]) {
		l := withLock{make_(0), make(chan chan struct{})}
		yes := func(*int) bool { return true }
		fail := func(*int) { t.Error("two are inside") }
		l.Lock()
		if l.TryLock() || l.TryLockFor(-1) || l.TryLockFor(time.Millisecond) {
			t.Error("two are inside")
		}
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Millisecond, errTime)
		defer cancel()
		if err := l.LockContext(ctx); !errors.Is(err, errTime) {
			t.Errorf("WithContext = %v, want the cause", err)
		}
		if l.WhenFor(0, yes, fail) || l.WhenFor(-1, yes, fail) || l.WhenFor(time.Millisecond, yes, fail) {
			t.Error("WhenFor called f while another goroutine was inside")
		}
		if err := l.WhenContext(ctx, yes, fail); !errors.Is(err, errTime) {
			t.Errorf("WhenContext = %v, want the cause", err)
		}
		l.Unlock()
		locktest.Eventually(t, "the lock is free", l.TryLock)
		l.Unlock()
		if !l.WhenFor(math.MaxInt64, yes, func(*int) {}) || !l.TryWithFor(math.MaxInt64, func(*int) {}) {
			t.Error("With and When gave up a free lock within 292 years")
		}
		if l.WhenFor(0, func(*int) bool { return false }, fail) {
			t.Error("WhenFor called f, and the condition does not hold")
		}
		locktest.Eventually(t, "the lock is free, and no goroutine waits", func() bool { return l.State() == 0 && l.Waiting() == 0 })
	})
}

// TestWhenTimeWhileHeld ends a wait for a condition while another goroutine is inside.
func TestWhenTimeWhileHeld(t *testing.T) {
	eachMonitor(t, func(t *testing.T, make_ func(int) monitor[int]) {
		g := make_(0)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() {
			ended <- g.WhenContext(ctx, func(n *int) bool { return *n == 1 }, func(*int) {})
		}()
		locktest.Eventually(t, "a waiter", func() bool { return g.Waiting() == 1 })
		g.With(func(*int) {
			cancel()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("WhenContext = %v, want %v", err, context.Canceled)
			}
		})
	})
}

// TestWhenWaitsForTheLock finds each form of When asleep while another goroutine is inside, until that leaves.
func TestWhenWaitsForTheLock(t *testing.T) {
	eachMonitor(t, func(t *testing.T, make_ func(int) monitor[int]) {
		yes, nothing := func(*int) bool { return true }, func(*int) {}
		g := make_(0)
		for name, when := range map[string]func() bool{
			"When":        func() bool { g.When(yes, nothing); return true },
			"WhenFor":     func() bool { return g.WhenFor(time.Hour, yes, nothing) },
			"WhenContext": func() bool { return g.WhenContext(t.Context(), yes, nothing) == nil },
		} {
			called := make(chan bool, 1)
			g.With(func(*int) {
				go func() { called <- when() }()
				locktest.Eventually(t, name+" waits, or returns", func() bool { return g.Waiting() == 1 || len(called) == 1 })
			})
			if !<-called {
				t.Errorf("%s gave up before its time", name)
			}
		}
	})
}

// TestWhenPassesOn cancels a waiter that was woken to look, before it has the lock: the next waiter
// must look.
func TestWhenPassesOn(t *testing.T) {
	eachMonitor(t, func(t *testing.T, make_ func(int) monitor[int]) {
		locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
			for range locktest.Rounds(500) {
				g := make_(0)
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan struct{})
				c.StartWaiting(g, func() {
					g.WhenContext(ctx, func(n *int) bool { return *n < 0 }, func(*int) {})
					close(ended)
				})
				c.StartWaiting(g, func() {
					g.When(func(n *int) bool { return *n == 1 }, func(n *int) { *n = 2 })
				})
				g.With(func(n *int) { *n = 1; g.HandedOffNow() }) // so the first waiter is woken, and not handed the lock
				g.WhenFor(0, func(*int) bool {                    // makes no change
					cancel()
					<-ended
					return false
				}, func(*int) {})
				cancel()
				c.Join()
				c.Idle(g, 0)
			}
		})
	})
}

// TestWhenOrder adds one unit at a time, each time after all waiters have looked.
func TestWhenOrder(t *testing.T) {
	eachMonitor(t, func(t *testing.T, make func(int) monitor[int]) {
		locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
			const n = 10
			g := make(0)
			var order, want []int
			looks := 0
			for i := range n {
				want = append(want, i)
				c.StartWaiting(g, func() {
					g.When(
						func(units *int) bool { looks++; return *units > 0 },
						func(units *int) { *units--; order = append(order, i) })
				})
			}
			for i, all := 0, n; i < n; i++ {
				g.With(func(units *int) { *units++ })
				all += 1 + (n - 1 - i) // the waiter that is served, and all that see what it leaves
				lookedAgain(c, g, &looks, all)
			}
			c.Join()
			if !slices.Equal(order, want) {
				c.Errorf("served in the order %v, want %v", order, want)
			}
			c.Idle(g, 0)
		})
	})
}

// TestWhenLooks counts the looks of the waiters: one for each change, and no more.
func TestWhenLooks(t *testing.T) {
	eachMonitor(t, func(t *testing.T, make func(int) monitor[int]) {
		locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
			const n, changes = 10, 5
			g := make(0)
			looks := 0
			for range n {
				c.StartWaiting(g, func() {
					g.When(func(v *int) bool { looks++; return *v == changes }, func(*int) {})
				})
			}
			for i := range changes {
				g.With(func(v *int) { *v = i + 1 })
				if i+1 < changes {
					lookedAgain(c, g, &looks, n*(i+2))
				}
			}
			c.Join()
			c.Idle(g, 0)
		})
	})
}

// lookedAgain waits until there were so many looks. It makes no change, at which the waiters would look
// again.
func lookedAgain(c *locktest.Crew, g monitor[int], looks *int, want int) {
	c.Helper()
	locktest.Eventually(c.T, "all have looked and wait again", func() bool {
		done := false
		g.WhenFor(0, func(*int) bool {
			done = *looks == want
			if *looks > want {
				c.Fatalf("%d looks, want %d", *looks, want)
			}
			return false
		}, func(*int) {})
		return done
	})
}

// TestWhenHandsOff undoes a change at once. The waiter has seen it: the lock was handed off to it, as it is once
// in a millisecond.
func TestWhenHandsOff(t *testing.T) {
	eachMonitor(t, func(t *testing.T, make func(int) monitor[int]) {
		locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
			for range locktest.Rounds(200) {
				g := make(0) // never handed off until now
				c.StartWaiting(g, func() {
					g.When(func(n *int) bool { return *n == 1 }, func(n *int) { *n = 2 })
				})
				g.With(func(n *int) { *n = 1 })
				g.With(func(n *int) {
					if *n != 2 {
						c.Errorf("found %d: no waiter has looked at the change", *n)
					}
					*n = 1 // undo what the waiter did
				})
				c.Join()
				c.Idle(g, 0)
			}
		})
	})
}

// TestWhenPanics lets f and cond panic, before a wait and after it.
func TestWhenPanics(t *testing.T) {
	eachMonitor(t, func(t *testing.T, make_ func(int) monitor[int]) {
		g := make_(0)
		locktest.Panics(t, "With", "f", func() { g.With(func(n *int) { *n = 1; panic("f") }) })
		locktest.Panics(t, "TryWith", "f", func() { g.TryWith(func(*int) { panic("f") }) })
		locktest.Panics(t, "WithContext", "f", func() { g.WithContext(t.Context(), func(*int) { panic("f") }) })
		locktest.Panics(t, "When", "cond", func() { g.When(func(*int) bool { panic("cond") }, func(*int) {}) })
		locktest.Panics(t, "When", "f", func() { g.When(func(n *int) bool { return *n == 1 }, func(*int) { panic("f") }) })

		panicked := make(chan any)
		served := make(chan int)
		n := g.Waiting()
		go func() {
			defer func() { panicked <- recover() }()
			g.When(func(n *int) bool {
				if *n == 2 {
					panic("cond")
				}
				return false
			}, func(*int) {})
		}()
		locktest.Eventually(t, "one more waiter", func() bool { return g.Waiting() == n+1 })
		go g.When(func(n *int) bool { return *n == 2 }, func(n *int) { served <- *n })
		locktest.Eventually(t, "one more waiter", func() bool { return g.Waiting() == n+2 })
		g.With(func(n *int) { *n = 2 })
		if p := <-panicked; p != "cond" {
			t.Errorf("panic with %v", p)
		}
		if got := <-served; got != 2 { // though the waiter before it has panicked
			t.Errorf("the next waiter sees %d, want 2", got)
		}

		exited := make(chan struct{})
		go func() {
			defer close(exited)
			g.With(func(*int) { runtime.Goexit() })
		}()
		<-exited
		g.With(func(*int) {})
		locktest.Eventually(t, "the lock is free, and no goroutine waits", func() bool { return g.State() == 0 })
	})
}

// TestStressWhen moves units through a small buffer, with waits of all forms, and counts them.
func TestStressWhen(t *testing.T) {
	type buffer struct{ units, put, taken int }
	eachMonitor(t, func(t *testing.T, make func(buffer) monitor[buffer]) {
		locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
			const capacity = 3
			g := make(buffer{})
			n := locktest.Rounds(2000)
			var put, taken atomic.Int64
			notFull := func(b *buffer) bool { return b.units < capacity }
			notEmpty := func(b *buffer) bool { return b.units > 0 }
			doPut := func(b *buffer) { b.units++; b.put++; put.Add(1) }
			doTake := func(b *buffer) { b.units--; b.taken++; taken.Add(1) }
			// Half of the workers wait without a limit: a waiter that gave up and did not pass a change on
			// would leave them asleep.
			for i := range 8 {
				random := c.Random(i)
				cond, f := notFull, doPut
				if i%2 == 1 {
					cond, f = notEmpty, doTake
				}
				c.Start(func() {
					for range c.Repeat(n) {
						if i < 4 {
							g.When(cond, f)
							continue
						}
						for done := false; !done; {
							if random.IntN(2) == 0 {
								done = g.WhenFor(time.Duration(random.IntN(50_000)), cond, f)
							} else {
								ctx, cancel := locktest.Briefly(random)
								done = g.WhenContext(ctx, cond, f) == nil
								cancel()
							}
						}
					}
				})
			}
			c.Join()
			g.With(func(b *buffer) {
				if b.units != 0 || b.put != 4*n || b.taken != 4*n || put.Load() != taken.Load() {
					c.Errorf("%+v at the end, want %d put and taken", *b, 4*n)
				}
			})
			c.Idle(g, 0)
		})
	})
}

func TestEndedContext(t *testing.T) {
	eachMonitor(t, func(t *testing.T, make func(int) monitor[int]) {
		g := make(0)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		fail := func(*int) { t.Error("f is called") }
		yes := func(*int) bool { return true }
		if err := g.WithContext(ctx, fail); !errors.Is(err, context.Canceled) {
			t.Errorf("WithContext = %v", err)
		}
		if err := g.WhenContext(ctx, yes, fail); !errors.Is(err, context.Canceled) {
			t.Errorf("WhenContext = %v", err)
		}
		var none context.Context
		locktest.Panics(t, "WithContext(nil)", "guard: nil context", func() { g.WithContext(none, fail) })
		locktest.Panics(t, "WhenContext(nil)", "guard: nil context", func() { g.WhenContext(none, yes, fail) })
		if g.State() != 0 {
			t.Error("a call that had to fail has changed the lock")
		}
	})
	locktest.Panics(t, "ReadContext(nil)", "guard: nil context", func() {
		var none context.Context
		guard.NewRWMutex(0).ReadContext(none, func(int) {})
	})
}

func TestSizesAndAllocations(t *testing.T) {
	if got := unsafe.Sizeof(guard.Mutex[uint32]{}); got != 16+4 {
		t.Errorf("Mutex[uint32] is %d bytes long, want 20", got)
	}
	if got := unsafe.Sizeof(guard.RWMutex[uint32]{}); got != 20+4 {
		t.Errorf("RWMutex[uint32] is %d bytes long, want 24", got)
	}
	ctx := t.Context()
	rw := guard.NewRWMutex(0)
	g := guard.NewMutex(0)
	step, sum := 2, 0
	for name, op := range map[string]func(){
		"With":                func() { g.With(func(n *int) { *n += step }) },
		"TryWithFor":          func() { g.TryWithFor(time.Second, func(n *int) { *n += step }) },
		"WithContext":         func() { g.WithContext(ctx, func(n *int) { *n += step }) },
		"When":                func() { g.When(func(n *int) bool { return *n > step }, func(n *int) { *n += step }) },
		"WhenFor":             func() { g.WhenFor(time.Second, func(n *int) bool { return *n > step }, func(n *int) { *n += step }) },
		"WhenContext":         func() { g.WhenContext(ctx, func(n *int) bool { return *n > step }, func(n *int) { *n += step }) },
		"RWMutex.With":        func() { rw.With(func(n *int) { *n += step }) },
		"RWMutex.When":        func() { rw.When(func(n *int) bool { return *n >= 0 }, func(n *int) { *n += step }) },
		"RWMutex.Read":        func() { rw.Read(func(n int) { sum += n }) },
		"RWMutex.TryReadFor":  func() { rw.TryReadFor(time.Second, func(n int) { sum += n }) },
		"RWMutex.ReadContext": func() { rw.ReadContext(ctx, func(n int) { sum += n }) },
	} {
		g.With(func(n *int) { *n = 10 })
		if n := allocs.PerRun(t, 100, op); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// TestWhenInBubble waits for the time of a bubble, which goes on only if a waiter for a condition is durably
// blocked.
func TestWhenInBubble(t *testing.T) {
	eachMonitor(t, func(t *testing.T, make func(bool) monitor[bool]) {
		synctest.Test(t, func(t *testing.T) {
			g := make(false)
			open := func(open *bool) bool { return *open }
			served := false
			go g.When(open, func(*bool) { served = true })
			synctest.Wait()
			start := time.Now()
			if g.WhenFor(time.Hour, open, func(*bool) {}) {
				t.Error("WhenFor called f, and the condition does not hold")
			}
			if d := time.Since(start); d != time.Hour {
				t.Errorf("WhenFor took %v, want an hour", d)
			}
			g.With(func(open *bool) { *open = true })
			synctest.Wait()
			if !served {
				t.Error("the waiter was not served")
			}
		})
	})
}
