// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// A timedLocker can stop waiting after a time.
type timedLocker interface {
	sync.Locker
	TryLockFor(d time.Duration) bool
}

// timedChecks returns the checks of a TryLockFor. split returns the side of a new lock
// that a holder uses and the side that has to wait for it: they differ for an RWMutex.
func timedChecks[L any](name string, split func(L) (holder sync.Locker, waiter timedLocker)) []check[L] {
	with := func(f func(e *env, holder sync.Locker, waiter timedLocker)) func(*env, func() L) {
		return func(e *env, make func() L) {
			holder, waiter := split(make())
			f(e, holder, waiter)
		}
	}
	return []check[L]{
		{name: name + "/Free", run: with(checkTimedFree)},
		{name: name + "/Held", run: with(checkTimedHeld)},
		{name: name + "/LongestTime", run: with(checkTimedLongest)},
		{name: name + "/Stress", run: with(checkTimedStress)},
		{name: name + "/Allocations", alone: true, run: with(func(e *env, _ sync.Locker, l timedLocker) {
			e.noAllocs("TryLockFor that need not wait", func() {
				if l.TryLockFor(time.Minute) {
					l.Unlock()
				}
			})
		})},
	}
}

// checkTimedFree takes a free lock: any time is enough.
func checkTimedFree(e *env, _ sync.Locker, l timedLocker) {
	for _, d := range []time.Duration{math.MinInt64, -1, 0, 1, time.Second, math.MaxInt64} {
		if !l.TryLockFor(d) {
			e.Errorf("TryLockFor(%d) of a free lock failed", d)
			continue
		}
		l.Unlock()
	}
}

// checkTimedHeld waits in vain. Without time to wait the lock is tried once.
func checkTimedHeld(e *env, holder sync.Locker, l timedLocker) {
	holder.Lock()
	e.worker("TryLockFor of a held lock", func() {
		for _, d := range []time.Duration{math.MinInt64, -1, 0, 1, time.Microsecond, 20 * time.Millisecond} {
			start := time.Now()
			if l.TryLockFor(d) {
				e.Errorf("TryLockFor(%d) took a lock that is held", d)
				l.Unlock()
			}
			e.took("TryLockFor", start, max(d, 0))
		}
	})
	holder.Unlock()
	checkTimedFree(e, holder, l) // the waits that gave up left nothing behind
}

// checkTimedLongest waits for the longest time there is, which must not overflow.
func checkTimedLongest(e *env, holder sync.Locker, l timedLocker) {
	c := e.crew()
	var came atomic.Int32
	holder.Lock()
	for _, d := range []time.Duration{math.MaxInt64, math.MaxInt64 - 1, math.MaxInt64 / 2} {
		c.start(func() {
			came.Add(1)
			if !l.TryLockFor(d) {
				e.Errorf("TryLockFor(%d) gave up", d)
				return
			}
			l.Unlock()
		})
	}
	e.eventually("workers on their way to the lock", func() bool { return came.Load() == 3 })
	time.Sleep(time.Millisecond) // so that most are asleep; nothing depends on it
	holder.Unlock()
	c.join("TryLockFor of the longest time")
}

// checkTimedStress lets time-outs and unlocks meet. Half of the workers wait without a limit: a
// wake-up that a time-out has used up would leave them asleep.
func checkTimedStress(e *env, holder sync.Locker, l timedLocker) {
	stressLimits(e, holder, l, l.TryLockFor)
	checkTimedFree(e, holder, l)
}

func stressLimits(e *env, holder, l sync.Locker, lockFor func(d time.Duration) bool) {
	const workers = 8
	rounds := e.times(500)
	r, c := new(room), e.crew()
	var wins atomic.Int64
	for i := range workers {
		random := e.rand(i)
		c.start(func() {
			visit := func() {
				wins.Add(1)
				r.visit(e, random.IntN(4) == 0)
			}
			for range e.rounds(rounds) {
				if i%2 == 0 {
					holder.Lock()
					visit()
					holder.Unlock()
				} else if lockFor(time.Duration(random.IntN(30_000))) {
					if l == holder { // and not the reading side of it
						visit()
					}
					l.Unlock()
				}
			}
		})
	}
	c.join("workers beside limits")
	r.visits(e, int(wins.Load()))
}
