// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"sync/atomic"

	"github.com/osync-go/osync/internal/race"
)

// A waits counts the threads that wait for a condition variable through one handle: its upper half
// counts those asleep, its lower half those that a Signal or Broadcast through the handle has
// woken, and that have not left yet.
//
// A condition variable may be destroyed once all waiters are woken; the library then waits for them to
// leave. So Destroy must not fail while woken threads are returning to Go.
//
// A Signal does not report which thread it woke. A thread that leaves counts as woken, if any is,
// unless its wait timed out. After a spurious wake-up a woken thread therefore counts as asleep until
// it leaves, or until the next Signal. A program that destroys the condition variable cannot rely on
// spurious wake-ups, so it has sent as many Signals as there were waits.
type waits struct{ asleepAndWoken atomic.Uint64 }

// begin counts one more thread asleep.
func (w *waits) begin() {
	w.change(func(asleep, woken uint32) (uint32, uint32) { return asleep + 1, woken })
}

// wake counts up to most of the threads asleep as woken.
func (w *waits) wake(most uint32) {
	w.change(func(asleep, woken uint32) (uint32, uint32) {
		n := min(most, asleep)
		return asleep - n, woken + n
	})
}

// end undoes begin, for a thread that was woken or whose wait has failed.
func (w *waits) end(wasWoken bool) {
	w.change(func(asleep, woken uint32) (uint32, uint32) {
		if woken > 0 && (wasWoken || asleep == 0) {
			return asleep, woken - 1
		}
		return asleep - 1, woken
	})
}

// asleep reports whether any thread is asleep.
func (w *waits) asleep() bool { return w.asleepAndWoken.Load()>>32 != 0 }

// change replaces the counts with the result of f. A condition variable by itself establishes no
// order, so the atomic operation is hidden from the race detector.
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
