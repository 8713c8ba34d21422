// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks"
)

// A watched is a Cond, and what the holders of its lock know about its waiters.
type watched struct {
	*locks.Cond
	next    int   // the number of the next waiter
	waiting []int // waiters by number, which is their order of arrival
	// signals are those that no waiter has returned for, by the number of the waiter that each must wake. If some
	// waiters have limits, they may leave before they can tell the others: then each signal is for any waiter
	// up to that number.
	signals []int
	limited bool
	closed  explore.Var[bool]
}

// wait waits with the lock held, and checks that what has woken the caller was for it. The wait reports false if its
// limit has ended it.
func (c *watched) wait(x *explore.Run, wait func() bool) (woken bool) {
	me := c.next
	c.next++
	c.waiting = append(c.waiting, me)
	woken = wait()
	c.waiting = slices.DeleteFunc(c.waiting, func(n int) bool { return n == me })
	if woken && !c.closed.Load() {
		i := slices.IndexFunc(c.signals, func(n int) bool { return n == me || c.limited && n >= me })
		x.Assert(i >= 0, "waiter %d has returned, with the signals %v, and %v still waiting", me, c.signals, c.waiting)
		c.signals = slices.Delete(c.signals, i, i+1)
	}
	return woken
}

// signal wakes a waiter, with the lock held.
func (c *watched) signal() {
	if c.limited {
		c.signals = append(c.signals, c.next-1)
	} else if len(c.waiting) > 0 {
		c.signals = append(c.signals, c.waiting[0])
		c.waiting = c.waiting[1:]
	}
	c.Signal()
}

// close lets all waiters go.
func (c *watched) close() {
	c.L.Lock()
	c.closed.Store(true)
	c.Broadcast()
	c.L.Unlock()
}

// lockers are the two kinds of Locker: Broadcast moves the waiters to the queue of a Mutex.
var lockers = []struct {
	name string
	new  func() locks.Locker
}{
	{"Mutex", func() locks.Locker { return new(locks.Mutex) }},
	{"FairMutex", func() locks.Locker { return new(locks.FairMutex) }},
}

// exploreCond explores f with each kind of Locker. In the end nothing may be left behind.
func exploreCond(t *testing.T, o explore.Options, f func(x *explore.Run, c *watched)) {
	for _, l := range lockers {
		t.Run(l.name, func(t *testing.T) {
			o.Check(t, func(x *explore.Run) {
				c := &watched{Cond: locks.NewCond(l.new())}
				f(x, c)
				x.Wait()
				x.Assert(c.Waiting() == 0, "%d waiters are left behind", c.Waiting())
				mustBeIdle(x, c.L.(exclusive), 0)
			})
		})
	}
}

// TestExploreCondSignal shows that Wait does not return without a Signal, and that each Signal wakes the longest of
// those that waited before.
func TestExploreCondSignal(t *testing.T) {
	exploreCond(t, atMost(3), func(x *explore.Run, c *watched) {
		for range 2 {
			x.Go(func() {
				c.L.Lock()
				if !c.closed.Load() {
					c.wait(x, func() bool { c.Wait(); return true })
				}
				c.L.Unlock()
			})
		}
		x.Go(func() {
			c.L.Lock()
			c.signal()
			c.L.Unlock()
			c.close()
		})
	})
}

// TestExploreCondQueue passes two values through a queue of one, with a Cond for each end. A Signal that is lost, or
// goes to the wrong Cond, is a deadlock.
func TestExploreCondQueue(t *testing.T) {
	exploreCond(t, atMost(2), func(x *explore.Run, empty *watched) {
		full := locks.NewCond(empty.L)
		var queued explore.Var[bool]
		// move waits at from until queued is as given, changes it, and wakes a waiter of to.
		move := func(from, to *locks.Cond, is bool) {
			from.L.Lock()
			for queued.Load() != is {
				from.Wait()
			}
			queued.Store(!is)
			from.L.Unlock()
			to.Signal()
		}
		for range 2 {
			x.Go(func() { move(empty.Cond, full, false) })
			x.Go(func() { move(full, empty.Cond, true) })
		}
		x.Wait()
		x.Assert(full.Waiting() == 0, "%d waiters are left behind", full.Waiting())
	})
}

// TestExploreCondLimits shows that a wait that gives up consumes no Signal: of two waiters, one with a limit, one is
// woken by a Signal, and a second Signal is sent only if that was the limited one.
func TestExploreCondLimits(t *testing.T) {
	for _, way := range []struct {
		name string
		wait func(x *explore.Run, c *watched) bool
	}{
		{"WaitFor", func(_ *explore.Run, c *watched) bool { return c.WaitFor(time.Second) }},
		{"WaitContext", func(x *explore.Run, c *watched) bool { return c.WaitContext(soon(x)) == nil }},
	} {
		t.Run(way.name, func(t *testing.T) {
			exploreCond(t, atMost(2), func(x *explore.Run, c *watched) {
				c.limited = true
				x.Go(func() {
					c.L.Lock()
					if c.wait(x, func() bool { return way.wait(x, c) }) {
						c.signal()
					}
					c.L.Unlock()
				})
				x.Go(func() {
					c.L.Lock()
					x.Go(func() { c.L.Lock(); c.signal(); c.L.Unlock() }) // when this one waits
					c.wait(x, func() bool { c.Wait(); return true })
					c.L.Unlock()
				})
			})
		})
	}
}

// TestExploreCondBroadcast shows that Broadcast wakes all waiters and no other goroutine, that limits that end after
// it do not end their waits, and that those moved to the queue of the Mutex get it beside others that lock it.
func TestExploreCondBroadcast(t *testing.T) {
	for _, test := range []struct {
		name   string
		bounds explore.Options
		wait   func(ctx context.Context, c *watched) bool
		exact  bool // no wait ends before the Broadcast
	}{
		{"Wait", atMost(3), func(_ context.Context, c *watched) bool { c.Wait(); return true }, true},
		{"hand-off", handingOff(atMost(2)), func(_ context.Context, c *watched) bool { c.Wait(); return true }, true},
		{"WaitFor", atMost(1), func(_ context.Context, c *watched) bool { return c.WaitFor(time.Second) }, false},
		{"WaitContext", atMost(3), func(ctx context.Context, c *watched) bool { return c.WaitContext(ctx) == nil }, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			exploreCond(t, test.bounds, func(x *explore.Run, c *watched) {
				ctx, cancel := context.WithCancel(context.Background())
				woken := 0
				for range 2 {
					x.Go(func() {
						c.L.Lock()
						if !c.closed.Load() && c.wait(x, func() bool { return test.wait(ctx, c) }) {
							woken++
							x.Assert(c.closed.Load(), "woken without a Broadcast")
						}
						c.L.Unlock()
					})
				}
				c.L.Lock()
				c.closed.Store(true)
				waiting := c.Waiting()
				c.Broadcast()
				x.Go(cancel)
				c.L.Unlock()
				x.Wait()
				x.Assert(woken == waiting || !test.exact && woken < waiting,
					"%d waited at the Broadcast, and %d were woken", waiting, woken)
			})
		})
	}
}

// TestExploreCondBroadcastAfterUnlock broadcasts without the lock, while another goroutine locks and unlocks it. If
// the Mutex is free when the waiters are moved to its queue, Broadcast itself must wake the first of them.
func TestExploreCondBroadcastAfterUnlock(t *testing.T) {
	exploreCond(t, atMost(2), func(x *explore.Run, c *watched) {
		for range 2 {
			x.Go(func() {
				c.L.Lock()
				for !c.closed.Load() {
					c.Wait()
				}
				c.L.Unlock()
			})
		}
		x.Go(func() {
			c.L.Lock()
			c.L.Unlock() //lint:ignore SA2001 it is what the moved waiters meet
		})
		c.L.Lock()
		c.closed.Store(true)
		c.L.Unlock()
		c.Broadcast()
	})
}

// TestExploreCondBroadcastOnce lets a waiter wait again after a Broadcast, perhaps before that has returned. The Broadcast
// does not end the second wait.
func TestExploreCondBroadcastOnce(t *testing.T) {
	exploreCond(t, atMost(3), func(x *explore.Run, c *watched) {
		x.Go(func() {
			c.L.Lock()
			x.Go(func() {
				c.L.Lock() // when the other waits
				c.L.Unlock()
				c.Broadcast()
				c.L.Lock()
				c.closed.Store(true)
				c.Signal()
				c.L.Unlock()
			})
			c.Wait()
			if !c.closed.Load() {
				c.Wait()
				x.Assert(c.closed.Load(), "one Broadcast has ended two waits")
			}
			c.L.Unlock()
		})
	})
}
