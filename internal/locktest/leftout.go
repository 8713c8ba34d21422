// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/internal/mono"
)

const (
	leftOutWorkers  = 4
	leftOutRounds   = 1000 // of as many turns as there are workers
	leftOutAttempts = 5

	// A wait may be longestTimes as long as the longest with package sync. With that it may be
	// leastLongest at least, since the scheduler may take the processor from a worker, and the system from a thread.
	longestTimes = 20
	leastLongest = 50 * time.Millisecond
)

// A crush is what happened when workers competed for a lock.
type crush struct {
	longest time.Duration // wait
	leftOut bool          // a worker had no turn in all the rounds
}

// fault returns what is wrong with c, where that of package sync was base, or "".
func (c crush) fault(base crush) string {
	most := longestTimes * max(base.longest, leastLongest)
	switch {
	case c.leftOut:
		return fmt.Sprintf("a waiter was left out of %d rounds", leftOutRounds)
	case c.longest > most:
		return fmt.Sprintf("a waiter has waited for %v, want at most %v", c.longest, most)
	}
	return ""
}

func checkLeftOut(e *env, make func() sync.Locker) {
	e.leftOut(func() Enter { return Locked(make()) }, func() Enter { return Locked(new(sync.Mutex)) })
}

func checkRWLeftOut(e *env, make func() RWLocker) {
	if e.unfair {
		return
	}
	shared := func(l RWLocker) Enter { return Shared(Locked(readLock{l}), Locked(l)) }
	e.leftOut(func() Enter { return shared(make()) }, func() Enter { return shared(new(sync.RWMutex)) })
}

// leftOut checks that the workers of a lock wait no longer than leftOutRounds, and not much longer than those of
// package sync. A busy machine may spoil an attempt, so the best of several counts.
func (e *env) leftOut(make, base func() Enter) {
	var faults []string
	for len(faults) < leftOutAttempts {
		reference, result := e.crush(base()), e.crush(make())
		e.Logf("%+v, with package sync %+v", result, reference)
		fault := result.fault(reference)
		if fault == "" {
			return
		}
		faults = append(faults, fault)
	}
	e.Errorf("in each of %d attempts: %q", leftOutAttempts, faults)
}

// crush lets workers compete until each had some turns, or one was left out.
func (e *env) crush(enter Enter) (result crush) {
	var had, last [leftOutWorkers]atomic.Int64 // how many turns each worker had, and the number of its last turn
	var total, longest atomic.Int64
	var leftOut, over atomic.Bool
	enough := int64(e.times(100))
	compete(func(n int, f func(worker int)) {
		c := e.crew()
		for worker := range n {
			c.start(func() { f(worker) })
		}
		c.join("workers that compete for a lock")
	}, leftOutWorkers, enter, func(worker int) {
		runtime.Gosched() // so that the others come
		for start := mono.Now(); mono.Now()-start < 20_000; {
		}
		had[worker].Add(1)
		last[worker].Store(total.Add(1))
	}, func(_ int, waited int64) bool {
		e.step()
		for old := longest.Load(); waited > old && !longest.CompareAndSwap(old, waited); old = longest.Load() {
		}
		all := true
		for worker := range had {
			all = all && had[worker].Load() >= enough
			if total.Load()-last[worker].Load() > leftOutRounds*leftOutWorkers {
				leftOut.Store(true)
			}
		}
		if all || leftOut.Load() {
			over.Store(true)
		}
		runtime.Gosched() // so that one that was woken gets as far as the lock
		return !over.Load()
	})
	return crush{time.Duration(longest.Load()), leftOut.Load()}
}
