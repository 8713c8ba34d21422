// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"sync/atomic"
	"time"
)

// timedWaiters are the threads that wait with a limit for a lock that has no wait with a limit.
// They sleep until the lock is released, and then try again, along with threads that have just
// arrived.
//
// Invariants
//  1. A waiter counts itself, then reads releases, then tries, and only then sleeps, on the value
//     that it has read.
//  2. A holder reads count after it has released the lock. If that is 0, a waiter that arrives
//     later finds the lock released; if not, the holder changes releases.
//  3. A waiter that is woken and gives up has tried after it was woken. If that failed, there is a
//     new holder, which obeys invariant 2.
type timedWaiters struct {
	count    atomic.Uint32 // threads between the first step of wait and the last
	releases atomic.Uint32 // number of releases that found a waiter, modulo 2³²
}

// wait tries until it succeeds, and reports true, or false after limit.
func (w *timedWaiters) wait(try func() bool, limit time.Time) bool {
	w.count.Add(1)
	defer w.count.Add(^uint32(0))
	for {
		releases := w.releases.Load()
		if try() {
			return true
		}
		if !sleep(&w.releases, releases, limit) {
			return try()
		}
	}
}

// released wakes waiters after a release of the lock. wake wakes one of them if one can use the
// lock, and otherwise all.
func (w *timedWaiters) released(wake func(word *atomic.Uint32)) {
	// This is an addition and not a load, since the system's unlock may be only a release, which a
	// load could overtake.
	if w.count.Add(0) != 0 {
		w.releases.Add(1)
		wake(&w.releases)
	}
}
