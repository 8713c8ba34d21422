// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"context"
	"errors"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A Waiter is a condition variable: it has the methods of *sync.Cond.
type Waiter interface {
	Wait()
	Signal()
	Broadcast()
}

type timedWaiter interface {
	Waiter
	WaitFor(d time.Duration) bool
}

type contextWaiter interface {
	Waiter
	WaitContext(ctx context.Context) error
}

// A condition is a condition variable and its lock.
type condition struct {
	sync.Locker
	Waiter
	waiting int // how many are in Wait, and not yet meant to return; guarded by the lock
}

// Cond checks a condition variable. make returns a new one, and the lock that it was
// given. As with package sync, Wait returns only after a Signal or a Broadcast that was
// meant for it, and Signal wakes the longest waiter, unless it is [Spurious].
func Cond(t *testing.T, make func() (sync.Locker, Waiter), options ...Option) {
	run(t, condChecks(make), func() *condition {
		l, w := make()
		return &condition{Locker: l, Waiter: w}
	}, options)
}

func condChecks(make func() (sync.Locker, Waiter)) []check[*condition] {
	checks := []check[*condition]{
		{name: "SignalWakesOne", run: checkSignalWakesOne},
		{name: "SignalWakesTheFirst", run: checkSignalWakesTheFirst},
		{name: "BroadcastWakesAll", run: checkBroadcastWakesAll},
		{name: "BroadcastWithoutLock", run: checkBroadcastWithoutLock},
		{name: "SignalShares", run: checkSignalShares},
		{name: "BroadcastShares", run: checkBroadcastShares},
		{name: "PingPong", run: checkCondPingPong},
		{name: "Stress", run: checkCondStress},
	}
	_, w := make()
	if _, ok := w.(timedWaiter); ok {
		checks = append(checks, check[*condition]{name: "WaitFor", run: checkWaitFor},
			check[*condition]{name: "WaitFor/EatsNoSignal", run: checkTimeoutEatsNoSignal})
	}
	if _, ok := w.(contextWaiter); ok {
		checks = append(checks, check[*condition]{name: "WaitContext", run: checkWaitContext},
			check[*condition]{name: "WaitContext/EatsNoSignal", run: checkCancelEatsNoSignal})
	}
	return checks
}

// sleepers starts n workers that wait once. They are in the queue when it returns: each
// has counted itself with the lock held, and Wait has released the lock since.
func (c *condition) sleepers(e *env, n int, woken func(i int)) *crew {
	e.Helper()
	crew := e.crew()
	for i := range n {
		c.Lock()
		before := c.waiting
		c.Unlock()
		crew.start(func() {
			c.Lock()
			c.waiting++
			c.Wait()
			woken(i)
			c.Unlock()
		})
		e.eventually("a worker on its way to Wait", func() bool {
			c.Lock()
			defer c.Unlock()
			return c.waiting > before
		})
	}
	return crew
}

func checkSignalWakesOne(e *env, make func() *condition) {
	const sleepers, signals = 8, 5
	c := make()
	c.Signal() // without a waiter: it is forgotten
	c.Broadcast()
	woken, released := 0, false
	crew := c.sleepers(e, sleepers, func(int) {
		if woken++; woken > signals && !released && !e.spurious {
			e.Errorf("%d returned from Wait after %d signals", woken, signals)
		}
	})
	for i := range signals {
		c.Lock()
		c.Signal()
		c.Unlock()
		e.eventually("a Signal has to wake one", func() bool {
			c.Lock()
			defer c.Unlock()
			return woken > i
		})
	}
	c.Lock()
	released = true
	c.Broadcast()
	c.Unlock()
	crew.join("workers after a Broadcast")
}

func checkSignalWakesTheFirst(e *env, make func() *condition) {
	if e.spurious {
		return
	}
	const sleepers = 20
	c := make()
	var order []int
	crew := c.sleepers(e, sleepers, func(i int) { order = append(order, i) })
	for i := range sleepers {
		c.Signal() // without the lock, which is legal
		e.eventually("a Signal has to wake one", func() bool {
			c.Lock()
			defer c.Unlock()
			return len(order) > i
		})
	}
	crew.join("workers after a Signal for each")
	for i, id := range order {
		if i != id {
			e.Errorf("woken in the order %v, want the order in which they began to wait", order)
			break
		}
	}
}

func checkBroadcastWakesAll(e *env, make func() *condition) {
	c := make()
	for range e.times(20) {
		const sleepers = 20
		woken := 0
		c.waiting = 0
		crew := c.sleepers(e, sleepers, func(int) { woken++ })
		c.Lock()
		if woken != 0 && !e.spurious {
			e.Errorf("%d returned from Wait without a wake-up", woken)
		}
		c.Broadcast()
		c.Unlock()
		crew.join("workers after a Broadcast")
		if woken != sleepers {
			e.Errorf("Broadcast woke %d, want %d", woken, sleepers)
		}
	}
}

// checkBroadcastWithoutLock calls Broadcast while the lock is free, and then while another
// worker holds it.
func checkBroadcastWithoutLock(e *env, make func() *condition) {
	c := make()
	for i := range e.times(200) {
		c.waiting = 0
		crew := c.sleepers(e, 3, func(int) {})
		other := e.crew()
		if i%2 == 0 {
			other.start(func() { pass(c.Locker) })
		}
		c.Broadcast()
		crew.join("workers after a Broadcast without the lock")
		other.join("a worker that only locks")
	}
}

// checkCondPingPong passes a turn to and fro. A lost signal would stop it.
func checkCondPingPong(e *env, make func() *condition) {
	rounds := e.times(1000)
	l, crew := make(), e.crew()
	turn := 0
	for id := range 2 {
		crew.start(func() {
			for range e.rounds(rounds) {
				l.Lock()
				for turn%2 != id {
					l.Wait()
				}
				turn++
				l.Signal()
				l.Unlock()
			}
		})
	}
	crew.join("two workers that take turns")
	if turn != 2*rounds {
		e.Errorf("%d turns, want %d", turn, 2*rounds)
	}
}

// checkCondStress counts: each Signal, given while a worker waits for one, is one return.
func checkCondStress(e *env, make func() *condition) {
	const workers = 6
	rounds := e.times(500)
	c, crew := make(), e.crew()
	returned, signalled, left := 0, 0, workers
	for range workers {
		crew.start(func() {
			for range e.rounds(rounds) {
				c.Lock()
				c.waiting++
				c.Wait()
				if returned++; returned > signalled && !e.spurious {
					e.Errorf("%d returned from Wait after %d signals", returned, signalled)
				}
				c.Unlock()
			}
			c.Lock()
			left--
			c.Unlock()
		})
	}
	random := e.rand(0)
	e.worker("a signal for each waiter", func() {
		for silent := e.silence(); !silent(); {
			c.Lock()
			done := left == 0
			switch {
			case c.waiting > 0 && random.IntN(5) == 0:
				signalled += c.waiting
				c.waiting = 0
				c.Broadcast()
			case c.waiting > 0:
				c.waiting--
				signalled++
				c.Signal()
			}
			c.Unlock()
			if done {
				return
			}
			Preempt()
		}
		e.Errorf("a Signal has woken no waiter")
	})
	crew.join("workers that wait and are signalled")
	if returned != signalled && !e.spurious {
		e.Errorf("%d returned from Wait after %d signals", returned, signalled)
	}
}

// held checks that the lock is held on return from a wait.
func (c *condition) held(e *env, what string) {
	e.Helper()
	l, ok := c.Locker.(tryLocker)
	if !ok {
		return
	}
	e.worker("TryLock after "+what, func() {
		if l.TryLock() {
			e.Errorf("%s returned without the lock", what)
			l.Unlock()
		}
	})
}

func checkWaitFor(e *env, make func() *condition) {
	c := make()
	w := c.Waiter.(timedWaiter)
	for _, d := range []time.Duration{math.MinInt64, -1, 0, 1, 20 * time.Millisecond} {
		c.Lock()
		start := time.Now()
		if w.WaitFor(d) && !e.spurious {
			e.Errorf("WaitFor(%d) reported a wake-up that there was not", d)
		}
		e.took("WaitFor", start, max(d, 0))
		c.held(e, "WaitFor")
		c.Unlock()
	}
	for _, d := range []time.Duration{time.Hour, math.MaxInt64 - 1, math.MaxInt64} {
		var waiting atomic.Bool
		crew := e.crew()
		crew.start(func() {
			c.Lock()
			waiting.Store(true)
			if !w.WaitFor(d) {
				e.Errorf("WaitFor(%d) gave up", d)
			}
			c.held(e, "WaitFor")
			c.Unlock()
		})
		e.eventually("a worker on its way to WaitFor", waiting.Load)
		c.Lock()
		c.Signal()
		c.Unlock()
		crew.join("WaitFor after a Signal")
	}
}

func checkWaitContext(e *env, make func() *condition) {
	c := make()
	w := c.Waiter.(contextWaiter)
	c.Lock()
	if err := w.WaitContext(cancelled()); !errors.Is(err, errCause) {
		e.Errorf("WaitContext of an ended context returned %v, want its cause", err)
	}
	c.held(e, "WaitContext")
	const d = 20 * time.Millisecond
	start := time.Now()
	ctx, cancel := context.WithTimeoutCause(context.Background(), d, errCause)
	defer cancel()
	if err := w.WaitContext(ctx); !errors.Is(err, errCause) {
		e.Errorf("WaitContext until a deadline returned %v, want the context's cause", err)
	}
	e.took("WaitContext", start, d)
	c.held(e, "WaitContext")
	c.Unlock()

	var waiting atomic.Bool
	crew := e.crew()
	crew.start(func() {
		c.Lock()
		waiting.Store(true)
		if err := w.WaitContext(context.Background()); err != nil {
			e.Errorf("WaitContext after a Signal: %v", err)
		}
		c.Unlock()
	})
	e.eventually("a worker on its way to WaitContext", waiting.Load)
	c.Lock()
	c.Signal()
	c.Unlock()
	crew.join("WaitContext after a Signal")

	unused := make() // it may be left locked
	unused.Lock()
	//lint:ignore SA1012 a nil context is what this is about
	e.panicsWith("nil context", func() { _ = unused.Waiter.(contextWaiter).WaitContext(nil) })
}

func checkTimeoutEatsNoSignal(e *env, make func() *condition) {
	random := e.rand(0)
	eatsNoSignal(e, make, func(c *condition) bool {
		return c.Waiter.(timedWaiter).WaitFor(time.Duration(random.IntN(100_000)))
	})
}

func checkCancelEatsNoSignal(e *env, make func() *condition) {
	random := e.rand(0)
	eatsNoSignal(e, make, func(c *condition) bool {
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(random.IntN(100_000)))
		defer cancel()
		return c.Waiter.(contextWaiter).WaitContext(ctx) == nil
	})
}

// eatsNoSignal sends one Signal while one waiter may give up and another does not. It must
// wake exactly one of them.
func eatsNoSignal(e *env, make func() *condition, wait func(c *condition) (signalled bool)) {
	random := e.rand(1)
	for range e.times(1000) {
		c, crew := make(), e.crew()
		var impatient, patient bool // which of them was woken; guarded by the lock
		crew.start(func() {
			c.Lock()
			c.waiting++
			impatient = wait(c)
			c.Unlock()
		})
		e.eventually("a worker on its way to its wait", func() bool {
			c.Lock()
			defer c.Unlock()
			return c.waiting == 1
		})
		patients := c.sleepers(e, 1, func(int) { patient = true })
		for start, d := time.Now(), time.Duration(random.IntN(100_000)); time.Since(start) < d; {
			runtime.Gosched()
		}
		c.Lock()
		c.Signal()
		c.Unlock()
		crew.join("a wait that may give up")
		if impatient {
			c.Lock()
			if patient && !e.spurious {
				e.Errorf("one Signal woke two")
			}
			c.Signal()
			c.Unlock()
		}
		patients.join("a Signal that a waiter has used up by giving up")
	}
}
