// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin || windows

package native

import (
	"sync/atomic"
	"time"
)

// A limited is where threads wait with a limit for a lock that has none. They sleep until the
// lock is released, and then try again, along with newcomers.
//
// Invariants
//  1. A waiter counts itself, then reads turn, then tries, and only then sleeps, on that turn.
//  2. A holder reads count after it has released the lock. If that is 0, a waiter that comes
//     later finds the lock released; if not, the holder changes turn.
//  3. A waiter that is woken and gives up has tried after it was woken. If that failed there is
//     a new holder, which does what 2 says.
type limited struct {
	count atomic.Uint32 // threads between the first step of wait and the last
	turn  atomic.Uint32 // number of releases that found some, modulo 2³²
}

// wait tries until it succeeds, and reports true, or false after limit.
func (w *limited) wait(try func() bool, limit time.Time) bool {
	w.count.Add(1)
	defer w.count.Add(^uint32(0))
	for {
		turn := w.turn.Load()
		if try() {
			return true
		}
		if !sleep(&w.turn, turn, limit) {
			return try()
		}
	}
}

// released tells those who wait that the lock was let go of. If one of them is enough, wake
// wakes one, else all.
func (w *limited) released(wake func(word *atomic.Uint32)) {
	// An addition, as a load might pass the release, which need not be more than that.
	if w.count.Add(0) != 0 {
		w.turn.Add(1)
		wake(&w.turn)
	}
}
