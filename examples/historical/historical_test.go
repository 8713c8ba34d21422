// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package historical

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/park"
)

var complete = explore.Options{Complete: true}

// mustFind fails t if an exploration does not come to a failure of this kind.
func mustFind(t *testing.T, kind string, f func(*explore.Run)) {
	t.Helper()
	if found := explore.Find(t, f); found == nil || found.Kind != kind {
		t.Errorf("found %v, want a failure of the kind %q", found, kind)
	}
}

// A locker is a mutex whose Lock returns how often it has looked.
type locker interface {
	Lock() (looks int)
	Unlock()
}

// livelock has two wait for a lock that is held, and released once.
func livelock(m locker) func(x *explore.Run) {
	return func(x *explore.Run) {
		m.Lock()
		for range 2 {
			x.Go(func() {
				looks := m.Lock()
				m.Unlock()
				x.Assert(looks <= 8, "it has looked %d times until it had the lock", looks)
			})
		}
		m.Unlock()
	}
}

// TestExploreDrepper1Livelock finds that two waiters keep each other awake: each changes the word that the other is
// about to sleep on.
func TestExploreDrepper1Livelock(t *testing.T) {
	mustFind(t, "assertion", func(x *explore.Run) { livelock(new(drepper1))(x) })
}

// TestExploreDrepper1Overflow finds that two hold the lock at the same time, when so many have looked at it that the
// word comes round.
func TestExploreDrepper1Overflow(t *testing.T) {
	mustFind(t, "data race", func(x *explore.Run) {
		var m drepper1
		var n explore.Var[int]      // guarded by m
		m.val.Store(math.MaxUint32) // a thread holds it, and others have looked until now
		for range 2 {
			x.Go(func() {
				m.Lock()
				n.Store(n.Load() + 1)
				m.Unlock()
			})
		}
		n.Store(n.Load() + 1)
		m.Unlock()
	})
}

// TestExploreDrepper2 proves that the second take has neither bug.
func TestExploreDrepper2(t *testing.T) {
	explore.Options{Complete: true, Preemptions: 3}.Check(t, func(x *explore.Run) { livelock(new(drepper2))(x) })
}

// TestExploreDrepper2Exclusion proves exclusion, and that no waiter sleeps on.
func TestExploreDrepper2Exclusion(t *testing.T) {
	explore.Options{Complete: true, Preemptions: 3}.Check(t, func(x *explore.Run) {
		var m drepper2
		var n explore.Var[int] // guarded by m
		for range 3 {
			x.Go(func() {
				m.Lock()
				n.Store(n.Load() + 1)
				m.Unlock()
			})
		}
		x.Wait()
		sum := n.Load()
		x.Assert(sum == 3, "counted %d, want 3", sum)
	})
}

// oneSignal has two wait, and signals once. One Wait must end, and then all may.
func oneSignal(c cond) func(x *explore.Run) {
	return func(x *explore.Run) {
		var (
			l       sync.Mutex
			waiting atomic.Int32
			woken   int  // guarded by l
			all     bool // guarded by l
		)
		for range 2 {
			x.Go(func() {
				l.Lock()
				waiting.Add(1)
				c.Wait(&l)
				woken++
				x.Assert(woken == 1 || all, "one signal has ended two waits")
				l.Unlock()
			})
		}
		for waiting.Load() < 2 {
			runtime.Gosched()
		}
		l.Lock() // both have unlocked it, in Wait
		l.Unlock()
		c.Signal()
		l.Lock()
		all = true
		l.Unlock()
		c.Signal()
	}
}

// TestExploreSequenceCondWakesTwo finds that one signal ends two waits.
func TestExploreSequenceCondWakesTwo(t *testing.T) {
	mustFind(t, "assertion", func(x *explore.Run) { oneSignal(new(sequenceCond))(x) })
}

// thief has one wait, and another that signals and then waits for an answer. The signal is the first one's.
func thief(c cond) func(x *explore.Run) {
	return func(x *explore.Run) {
		var l sync.Mutex
		var waiting atomic.Bool
		x.Go(func() {
			l.Lock()
			waiting.Store(true)
			c.Wait(&l)
			c.Signal() // the answer
			l.Unlock()
		})
		for !waiting.Load() {
			runtime.Gosched()
		}
		l.Lock()
		c.Signal()
		c.Wait(&l)
		l.Unlock()
	}
}

// TestExploreSemaphoreCondThief finds that the one that signals takes its own signal, so that the waiter sleeps for
// ever.
func TestExploreSemaphoreCondThief(t *testing.T) {
	mustFind(t, "deadlock", func(x *explore.Run) { thief(new(semaphoreCond))(x) })
}

// TestExploreQueueCond proves that a queue of waiters has neither bug.
func TestExploreQueueCond(t *testing.T) {
	t.Run("one signal", func(t *testing.T) {
		complete.Check(t, func(x *explore.Run) { oneSignal(new(queueCond))(x) })
	})
	t.Run("thief", func(t *testing.T) {
		complete.Check(t, func(x *explore.Run) { thief(new(queueCond))(x) })
	})
}

// givingUp has one wait whose time may be over at any moment, and another behind it.
func givingUp(giveUp func(*timed, *waiter) bool) func(x *explore.Run) {
	return func(x *explore.Run) {
		s := &timed{}
		ctx, cancel := context.WithCancel(context.Background())
		x.Go(func() {
			if s.acquire(park.Context(ctx), func(w *waiter) bool { return giveUp(s, w) }) {
				s.release()
			}
		})
		x.Go(cancel)
		s.release()
		s.acquire(park.Limit{}, nil)
	}
}

// TestExploreTimedWaiterEatsWake finds that a unit is lost on a waiter whose time is over, and the next one sleeps
// forever.
func TestExploreTimedWaiterEatsWake(t *testing.T) {
	mustFind(t, "deadlock", givingUp((*timed).eat))
}

// TestExploreTimedWaiter proves that no unit is lost on a waiter that looks whether it was given one.
func TestExploreTimedWaiter(t *testing.T) {
	complete.Check(t, givingUp((*timed).leave))
}
