// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"runtime"
	"sync/atomic"

	"github.com/osync-go/osync/internal/cacheline"
	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/locks/internal/pin"
	"github.com/osync-go/osync/locks/park"
)

const (
	// After a yield that took about a time slice of the scheduler, which is 10 ms, no goroutine yields
	// for yieldPause times as long. So such yields cost no more than a twentieth of the time.
	yieldTooLongNs = 9e6
	yieldPause     = 20
)

// yielding is read by every hand-off of a FairMutex.
var yielding struct {
	_         cacheline.Pad
	notBefore atomic.Int64 // the time, by mono.Now, before which no goroutine yields
	_         cacheline.Pad
}

// wakeAndYield wakes w, which was handed a lock that is idle until w runs, and yields to the
// goroutine of w: the scheduler first runs the goroutine that became runnable last.
//
// While other goroutines keep the processors busy, the caller waits until all of them have had their
// time slices. So after one such wait no goroutine yields for a while. A pinned goroutine does not
// yield, and no goroutine yields to a pinned one, which the kernel runs.
func wakeAndYield(w *park.Waiter, token uint32) {
	pinned := w.Pinned() || pin.Here()
	w.Wake(token)
	if pinned {
		return
	}
	start := mono.Now()
	if start < yielding.notBefore.Load() {
		return
	}
	runtime.Gosched()
	if took := mono.Now() - start; took > yieldTooLongNs {
		yielding.notBefore.Store(start + yieldPause*took)
	}
}
