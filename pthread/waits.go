// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"sync/atomic"

	"github.com/osync-go/osync/internal/race"
)

// A waits counts the threads that are in the waits of a condition variable, through one handle:
// those asleep in its upper half, in its lower half those that a Signal or Broadcast through the
// handle has woken, and that have not left yet.
//
// A condition variable may be destroyed once all are woken; the library then waits for them to
// leave. So Destroy must not refuse while woken ones are on their way back into Go.
//
// Who wakes does not know whom. Somebody who leaves was one of the woken, if there are any, unless its
// time was up. If a wait ends without a reason, a woken one is taken for one asleep
// until it leaves or the next Signal: a program that destroys cannot count on that to
// happen, so it has sent as many Signals as there were waits.
type waits struct{ asleepAndWoken atomic.Uint64 }

// begin counts one more asleep.
func (w *waits) begin() {
	w.change(func(asleep, woken uint32) (uint32, uint32) { return asleep + 1, woken })
}

// wake makes some of those asleep woken, up to most.
func (w *waits) wake(most uint32) {
	w.change(func(asleep, woken uint32) (uint32, uint32) {
		n := min(most, asleep)
		return asleep - n, woken + n
	})
}

// end undoes begin, for one that was woken or whose wait has failed.
func (w *waits) end(wasWoken bool) {
	w.change(func(asleep, woken uint32) (uint32, uint32) {
		if woken > 0 && (wasWoken || asleep == 0) {
			return asleep, woken - 1
		}
		return asleep - 1, woken
	})
}

// asleep reports whether some are.
func (w *waits) asleep() bool { return w.asleepAndWoken.Load()>>32 != 0 }

// change replaces the counts by what f makes of them. A condition variable orders nothing by itself,
// so the race detector is not told that its count is atomic.
func (w *waits) change(f func(asleep, woken uint32) (uint32, uint32)) {
	race.Disable()
	defer race.Enable()
	for {
		old := w.asleepAndWoken.Load()
		asleep, woken := f(uint32(old>>32), uint32(old))
		if w.asleepAndWoken.CompareAndSwap(old, uint64(asleep)<<32|uint64(woken)) {
			return
		}
	}
}
