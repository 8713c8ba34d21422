// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A tryLocker has TryLock.
type tryLocker interface {
	sync.Locker
	TryLock() bool
}

// Mutex checks a mutual exclusion lock. make returns a new unlocked one.
func Mutex(t *testing.T, make func() sync.Locker, options ...Option) {
	run(t, mutexChecks(make()), make, options)
}

// mutexChecks returns the checks that concern a lock with l's methods.
func mutexChecks(l sync.Locker) []check[sync.Locker] {
	checks := []check[sync.Locker]{
		{name: "Exclusion", run: checkExclusion},
		{name: "HappensBefore", run: checkHappensBefore},
		{name: "NoStarvation", run: checkNoStarvation},
		{name: "Shares", run: checkMutexShares},
		{name: "LeftOut", run: checkLeftOut},
		{name: "ManyWaiters", run: checkManyWaiters},
		{name: "Stress", run: checkExclusionDuringGC},
		{name: "OthersUnlock", run: checkOthersUnlock},
		{name: "Allocations", alone: true, run: checkMutexAllocations},
		{name: "Misuse", alone: true, run: checkMutexMisuse},
	}
	if _, ok := l.(tryLocker); ok {
		checks = append(checks, check[sync.Locker]{name: "TryLock", run: checkTryLock})
	}
	if _, ok := l.(timedLocker); ok {
		checks = append(checks, timedChecks("TryLockFor", func(l sync.Locker) (sync.Locker, timedLocker) {
			return l, l.(timedLocker)
		})...)
	}
	if _, ok := l.(contextLocker); ok {
		checks = append(checks, contextChecks("LockContext", func(l sync.Locker) (sync.Locker, contextLocker) {
			return l, l.(contextLocker)
		})...)
	}
	return checks
}

// pass locks and unlocks l.
func pass(l sync.Locker) {
	l.Lock()
	defer l.Unlock()
}

// A room is what a lock guards in these checks. It is written with atomics, so that two
// workers inside at once find each other by what they see, not by the race detector.
type room struct {
	inside atomic.Int32
	a, b   atomic.Int64 // equal when no worker is inside
}

// visit stays in the room for a while, and reports other visitors.
func (r *room) visit(e *env, dawdle bool) {
	if n := r.inside.Add(1); n != 1 {
		e.Errorf("%d are inside at once", n)
	}
	a, b := r.a.Load(), r.b.Load()
	if a != b {
		e.Errorf("found a half-made change: %d and %d", a, b)
	}
	r.a.Store(a + 1)
	if dawdle {
		runtime.Gosched() // let other workers try
	}
	r.b.Store(a + 1)
	r.inside.Add(-1)
}

// visits checks that there were n visits.
func (r *room) visits(e *env, n int) {
	e.Helper()
	if got := r.a.Load(); got != int64(n) {
		e.Errorf("counted %d visits, want %d", got, n)
	}
}

func checkExclusion(e *env, make func() sync.Locker) { exclusion(e, make, e.times(1000)) }

func exclusion(e *env, make func() sync.Locker, rounds int) {
	const workers = 8
	l, r, c := make(), new(room), e.crew()
	for range workers {
		c.start(func() {
			for i := range e.rounds(rounds) {
				l.Lock()
				r.visit(e, i%3 == 0)
				l.Unlock()
			}
		})
	}
	c.join("workers that lock and unlock")
	r.visits(e, workers*rounds)
}

// checkHappensBefore writes plain variables. The race detector proves that an unlock
// synchronizes before the next lock.
func checkHappensBefore(e *env, make func() sync.Locker) {
	const workers = 4
	rounds := e.times(1000)
	l, c := make(), e.crew()
	count, last := 0, [2]int{}
	for id := range workers {
		c.start(func() {
			for range e.rounds(rounds) {
				l.Lock()
				count++
				if last[0] != last[1] {
					e.Errorf("found a half-made change: %v", last)
				}
				last[0], last[1] = id, id
				l.Unlock()
			}
		})
	}
	c.join("workers that lock and unlock")
	l.Lock()
	if count != workers*rounds {
		e.Errorf("counted %d, want %d: an update was not seen", count, workers*rounds)
	}
	l.Unlock()
}

// checkNoStarvation lets one worker lock again as soon as it has unlocked. Others must still
// get the lock. If it promises no order, the worker is outside of it for half of the time: with one processor
// it would almost always hold the lock when another comes to look.
func checkNoStarvation(e *env, make func() sync.Locker) {
	l := make()
	spend := func() {
		for start := time.Now(); time.Since(start) < 20*time.Microsecond; {
		}
	}
	e.besides(1, func() {
		l.Lock()
		spend()
		l.Unlock()
		if e.uneven {
			spend()
		}
	}, func() {
		for range e.rounds(e.times(50)) {
			pass(l)
		}
	})
}

func checkManyWaiters(e *env, make func() sync.Locker) {
	n := e.many()
	l, r, c := make(), new(room), e.crew()
	var came atomic.Int32
	l.Lock()
	for range n {
		c.start(func() {
			came.Add(1)
			l.Lock()
			r.visit(e, false)
			l.Unlock()
		})
	}
	e.eventually("workers on their way to the lock", func() bool { return int(came.Load()) == n })
	r.visits(e, 0)
	l.Unlock()
	c.join("many waiters")
	r.visits(e, n)
}

func checkExclusionDuringGC(e *env, make func() sync.Locker) {
	e.duringGC(func() { exclusion(e, make, e.times(200)) }) // each round meets collections
}

func checkOthersUnlock(e *env, make func() sync.Locker) {
	if e.ownedByTaker {
		return
	}
	l, r := make(), new(room)
	for range e.times(100) {
		l.Lock()
		c := e.crew()
		c.start(func() {
			l.Lock()
			r.visit(e, true)
			l.Unlock()
		})
		c.start(l.Unlock)
		c.join("a lock that another one releases")
	}
	r.visits(e, e.times(100))
}

func checkMutexAllocations(e *env, make func() sync.Locker) {
	l := make()
	e.noAllocs("Lock and Unlock", func() { pass(l) })
	if l, ok := l.(tryLocker); ok {
		e.noAllocs("TryLock and Unlock", func() {
			if l.TryLock() {
				l.Unlock()
			}
		})
	}
}

func checkMutexMisuse(e *env, make func() sync.Locker) {
	if !e.recoverable {
		return
	}
	for _, before := range []func(l sync.Locker){func(sync.Locker) {}, pass} {
		l := make()
		before(l)
		for range 2 {
			e.panicsWith("unlock of unlocked", l.Unlock)
		}
		exclusion(e, func() sync.Locker { return l }, e.times(100)) // the lock is as it was
	}
}

func checkTryLock(e *env, make func() sync.Locker) {
	l := make().(tryLocker)
	if !l.TryLock() {
		e.Fatalf("TryLock of an unlocked lock failed")
	}
	e.worker("TryLock of a locked lock", func() {
		if l.TryLock() {
			e.Errorf("TryLock of a locked lock succeeded")
		}
	})
	l.Unlock()
	e.worker("TryLock after Unlock", func() {
		if !l.TryLock() {
			e.Errorf("TryLock after Unlock failed")
			return
		}
		l.Unlock()
	})

	const workers = 4
	rounds := e.times(2000)
	var wins atomic.Int64
	r, c := new(room), e.crew()
	for range workers {
		c.start(func() {
			for i := range e.rounds(rounds) {
				if i%2 == 0 {
					l.Lock()
				} else if !l.TryLock() {
					continue
				}
				wins.Add(1)
				r.visit(e, i%8 == 0)
				l.Unlock()
			}
		})
	}
	c.join("workers that lock and try")
	r.visits(e, int(wins.Load()))
}
