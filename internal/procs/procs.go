// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package procs knows the number of processors of the Go scheduler, GOMAXPROCS. To ask the runtime
// takes the scheduler's lock, which a spinning goroutine must not do. So the answer is kept.
package procs

import (
	"runtime"
	"sync/atomic"

	"github.com/osync-go/osync/internal/cacheline"
	"github.com/osync-go/osync/internal/race"
)

// last is what every wait reads and hardly any writes.
var last struct {
	_         cacheline.Pad
	count     atomic.Int32 // GOMAXPROCS; 0 means never asked
	refreshed atomic.Int64 // when RefreshAt has asked
	_         cacheline.Pad
}

// Count returns GOMAXPROCS as Refresh last saw it.
func Count() int {
	if n := last.count.Load(); n != 0 {
		return int(n)
	}
	Refresh()
	return int(last.count.Load())
}

// Refresh asks the runtime for GOMAXPROCS again.
func Refresh() {
	n := runtime.GOMAXPROCS(0)
	race.Disable() // it would order the users of unrelated locks
	last.count.Store(int32(n))
	race.Enable()
}

// refreshNs is how old the answer of Count may become where RefreshAt is called.
const refreshNs = 10e6

// RefreshAt is Refresh, at most once in 10 ms. The time now is one of package mono. A wait calls it, so
// that a change at run time is seen.
func RefreshAt(now int64) {
	if before := last.refreshed.Load(); uint64(now-before) > refreshNs {
		race.Disable() // as in Refresh
		won := last.refreshed.CompareAndSwap(before, now)
		race.Enable()
		if won {
			Refresh()
		}
	}
}
