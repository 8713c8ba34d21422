// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks"
)

// TestEvent sets and resets an event, with waiters in each form.
func TestEvent(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		var e locks.Event
		for range 3 {
			if e.IsSet() || e.WaitFor(math.MinInt64) || e.WaitFor(0) || e.WaitFor(time.Millisecond) {
				t.Error("set before Set")
			}
			var through atomic.Int32
			pass := func(ok bool) {
				if ok {
					through.Add(1)
				}
			}
			c.StartWaiting(&e, func() { e.Wait(); pass(true) })
			c.StartWaiting(&e, func() { pass(e.WaitFor(math.MaxInt64)) })
			c.StartWaiting(&e, func() { pass(e.WaitContext(t.Context()) == nil) })
			e.Reset() // of what is not set: nothing
			if n := e.Waiting(); n != 3 {
				t.Errorf("%d wait after Reset, want 3", n)
			}
			e.Set()
			if !e.IsSet() {
				t.Error("not set after the Set that let others through")
			}
			e.Set()
			e.Wait()
			if !e.IsSet() || !e.WaitFor(-1) || e.WaitContext(t.Context()) != nil {
				t.Error("not set after Set")
			}
			c.Join()
			if n := through.Load(); n != 3 {
				t.Errorf("%d of 3 are through", n)
			}
			e.Reset()
		}
		c.Idle(&e, 0)
	})
}

// TestEventSetThenReset shows that Set releases all waiters even if a Reset follows at once, and no wait
// that begins after it, while others give up.
func TestEventSetThenReset(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const waiters = 4
		var e locks.Event
		for range locktest.Rounds(200) {
			ctx, cancel := context.WithCancel(t.Context())
			var through, ended atomic.Int32
			for range waiters {
				c.StartWaiting(&e, func() { e.Wait(); through.Add(1) })
			}
			for range 2 {
				c.StartWaiting(&e, func() { e.WaitContext(ctx); ended.Add(1) })
			}
			c.Start(cancel)
			e.Set()
			e.Reset()
			if e.IsSet() || e.WaitFor(0) {
				t.Fatal("set after Reset")
			}
			c.Join()
			if through.Load() != waiters || ended.Load() != 2 {
				t.Fatalf("%d and %d are through, want %d and 2", through.Load(), ended.Load(), waiters)
			}
			c.Idle(&e, 0)
		}
	})
}

// TestEventResetIsKept calls Reset between a Set and another wait: that Set must not end the wait, however
// late it runs.
func TestEventResetIsKept(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		for range locktest.Rounds(500) {
			var e locks.Event
			c.StartWaiting(&e, e.Wait)
			c.Start(e.Set)
			locktest.Eventually(t, "it is set", e.IsSet)
			e.Reset()
			if e.WaitFor(20 * time.Microsecond) {
				t.Fatal("a wait after Reset was let through")
			}
			c.Join()
			c.Idle(&e, 0)
		}
	})
}

// TestEventOrdersMemory shows that every Set orders what was before it, even one that finds the
// event set. The race detector checks it, so it must not see the atomic that says that all Sets are
// done.
func TestEventOrdersMemory(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const setters = 3
		for range locktest.Rounds(500) {
			var e locks.Event
			var a locks.AutoEvent
			var news [setters]int
			var done atomic.Int32
			for i := range setters {
				c.Start(func() {
					news[i] = i + 1
					e.Set()
					a.Set()
					race.Disable()
					done.Add(1)
					race.Enable()
				})
			}
			look := func(wait func()) {
				c.Start(func() {
					race.Disable()
					for done.Load() != setters {
						runtime.Gosched()
					}
					race.Enable()
					wait()
					for i, n := range news {
						if n != i+1 {
							t.Errorf("the news of Set %d are not seen", i)
						}
					}
				})
			}
			look(e.Wait)
			look(a.Wait)
			c.Join()
		}
	})
}

// TestEventsOrderMemoryAtOnce lets several Sets look at the word before one of them changes it. Each orders what was before
// it, before the last of the waits that they let through, and before those that come later.
func TestEventsOrderMemoryAtOnce(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const setters = 3
		for range locktest.Rounds(200) {
			var news [2][setters]int
			var e locks.Event
			var a locks.AutoEvent
			see := func(news *[setters]int) {
				for i, n := range news {
					if n != i+1 {
						c.Errorf("the news of Set %d are not seen", i)
					}
				}
			}
			c.StartWaiting(&e, e.Wait)
			for range setters - 1 {
				c.StartWaiting(&a, a.Wait)
			}
			c.StartWaiting(&a, func() { a.Wait(); see(&news[1]) })
			var done atomic.Int32
			c.Start(func() {
				race.Disable()
				for done.Load() != setters {
					runtime.Gosched()
				}
				race.Enable()
				e.Wait()
				see(&news[0])
			})
			for i, l := range []interface {
				Hold() (release func())
				Set()
			}{&e, &a} {
				release := l.Hold()
				for j := range setters {
					c.Start(func() {
						news[i][j] = j + 1
						l.Set()
						if i == 0 {
							race.Disable()
							done.Add(1)
							race.Enable()
						}
					})
				}
				runtime.Gosched()
				locktest.Spend(20_000)
				release()
			}
			c.Join()
		}
	})
}

// TestEventsOrderMemoryAlone relies on the events alone: a ring of two passes a plain counter on.
func TestEventsOrderMemoryAlone(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		var there, back locks.Event
		var auto [2]locks.AutoEvent
		n, m := 0, 0
		c.Start(func() {
			for range locktest.Rounds(2000) {
				there.Wait()
				there.Reset()
				n++
				back.Set()
				auto[0].Wait()
				m++
				auto[1].Set()
			}
		})
		for range locktest.Rounds(2000) {
			n++
			there.Set()
			back.Wait()
			back.Reset()
			m++
			auto[0].Set()
			auto[1].Wait()
		}
		c.Join()
		if want := 2 * locktest.Rounds(2000); n != want || m != want {
			t.Errorf("counted %d and %d, want %d", n, m, want)
		}
	})
}

// An autoMutex is an AutoEvent that is set while the mutex is free.
type autoMutex struct{ locks.AutoEvent }

func (m *autoMutex) Lock()                                 { m.Wait() }
func (m *autoMutex) TryLock() bool                         { return m.WaitFor(0) }
func (m *autoMutex) TryLockFor(d time.Duration) bool       { return m.WaitFor(d) }
func (m *autoMutex) LockContext(ctx context.Context) error { return m.WaitContext(ctx) }
func (m *autoMutex) Unlock()                               { m.Set() }

func TestAutoEventAsMutex(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker {
		m := new(autoMutex)
		m.Set()
		return m
	}, locktest.Workers(pinned))
}

// TestAutoEventOrder releases waiters in FIFO order, of which one in the middle has given up.
func TestAutoEventOrder(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		var e locks.AutoEvent
		through := make(chan int, 3)
		gaveUp := make(chan error, 1)
		ctx, cancel := context.WithCancel(t.Context())
		c.StartWaiting(&e, func() { e.Wait(); through <- 0 })
		c.StartWaiting(&e, func() { gaveUp <- e.WaitContext(ctx) })
		c.StartWaiting(&e, func() { through <- map[bool]int{true: 1, false: -1}[e.WaitFor(math.MaxInt64)] })
		c.StartWaiting(&e, func() { e.Wait(); through <- 2 })
		cancel()
		if err := <-gaveUp; !errors.Is(err, context.Canceled) {
			t.Errorf("gave up with %v", err)
		}
		var order []int
		for i := range 3 {
			e.Set()
			order = append(order, <-through)
			if n := e.Waiting(); n != 2-i {
				t.Errorf("%d wait after %d Sets, want %d", n, i+1, 2-i)
			}
		}
		if !slices.Equal(order, []int{0, 1, 2}) {
			t.Errorf("let through in the order %v", order)
		}
		c.Join()
		c.Idle(&e, 0)
	})
}

func TestAutoEventKeepsOneSet(t *testing.T) {
	var e locks.AutoEvent
	if e.WaitFor(0) || e.WaitFor(time.Microsecond) {
		t.Error("set before Set")
	}
	e.Set()
	e.Set()
	e.Wait()
	if e.WaitFor(math.MinInt64) {
		t.Error("two Sets have added up")
	}
	e.Set()
	e.Reset()
	if e.WaitFor(0) {
		t.Error("set after Reset")
	}
	e.Set()
	if e.WaitContext(t.Context()) != nil || e.State() != 0 {
		t.Error("WaitContext has not used up the Set")
	}
}

// TestAutoEventStress counts: each Set follows when the one before has released a waiter, so each must
// release exactly one, while others give up all the time.
func TestAutoEventStress(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const workers = 6
		var e locks.AutoEvent
		var passed, gaveUp atomic.Int64
		var stop atomic.Bool
		for i := range workers {
			random := c.Random(i)
			c.Start(func() {
				for !stop.Load() {
					got := false
					switch random.IntN(3) {
					case 0:
						got = e.WaitFor(time.Duration(random.IntN(50_000)))
					case 1:
						ctx, cancel := locktest.Briefly(random)
						got = e.WaitContext(ctx) == nil
						cancel()
					case 2:
						got = e.WaitFor(5 * time.Millisecond)
					}
					if got {
						passed.Add(1)
					} else {
						gaveUp.Add(1)
					}
				}
			})
		}
		n := int64(locktest.Rounds(2000))
		for i := range n {
			e.Set()
			locktest.Eventually(t, "a Set lets one through", func() bool { return passed.Load() > i })
		}
		stop.Store(true)
		c.Join()
		t.Logf("%d passed, %d gave up", passed.Load(), gaveUp.Load())
		if passed.Load() != n {
			t.Errorf("%d passed after %d Sets", passed.Load(), n)
		}
		c.Idle(&e, 0)
	})
}

// TestAutoEventLastGivesUp cancels the only wait at the moment of a Set. Either that wait or the next one
// gets the Set.
func TestAutoEventLastGivesUp(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		for range locktest.Rounds(500) {
			var e locks.AutoEvent
			ctx, cancel := context.WithCancel(t.Context())
			var got atomic.Bool
			c.StartWaiting(&e, func() { got.Store(e.WaitContext(ctx) == nil) })
			collide(c, &e, cancel, e.Set)
			c.Join()
			if left := e.WaitFor(0); left == got.Load() {
				t.Fatalf("the one that was cancelled has the Set: %v; the next one has it: %v", got.Load(), left)
			}
			c.Idle(&e, 0)
		}
	})
}

func TestEventMisuse(t *testing.T) {
	var none context.Context
	locktest.Panics(t, "Event.WaitContext(nil)", "locks: nil context", func() { new(locks.Event).WaitContext(none) })
	locktest.Panics(t, "AutoEvent.WaitContext(nil)", "locks: nil context", func() { new(locks.AutoEvent).WaitContext(none) })
}
