// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package spin is the waiting that keeps the processor: a few pauses before a
// caller goes to sleep, and the question whether they can pay at all.
package spin

import (
	"runtime"
	"sync/atomic"
)

// procs is the last known value of GOMAXPROCS; 0 means never asked.
var procs atomic.Int32

// Procs returns GOMAXPROCS as Refresh last saw it. Asking the runtime takes the
// scheduler's lock, which a spinning goroutine must not do.
func Procs() int {
	if n := procs.Load(); n != 0 {
		return int(n)
	}
	Refresh()
	return int(procs.Load())
}

// Refresh asks the runtime for GOMAXPROCS again. Those who go to sleep call it now
// and then, so that a change at run time is seen.
func Refresh() { procs.Store(int32(runtime.GOMAXPROCS(0))) }

// refreshNs is how old the answer of Procs may become where RefreshAt is called.
const refreshNs = 10e6

var refreshed atomic.Int64

// RefreshAt is Refresh, at most once in 10 ms; now is a monotonic time in nanoseconds.
func RefreshAt(now int64) {
	if last := refreshed.Load(); uint64(now-last) > refreshNs && refreshed.CompareAndSwap(last, now) {
		Refresh()
	}
}

// Worthwhile reports whether another processor can run whoever the caller waits for.
// With one processor a spin only delays it.
func Worthwhile() bool { return Procs() > 1 && runtime.NumCPU() > 1 }
