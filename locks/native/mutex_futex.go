// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !darwin && !windows

package native

import (
	"sync/atomic"
	"time"
)

// A rawMutex is the futex lock of three states: Ulrich Drepper, "Futexes Are Tricky", 2004,
// mutex2; Mara Bos, "Rust Atomics and Locks", 2023, chapter 9. It adds a short spin before
// each sleep, and a limit.
type rawMutex struct {
	state atomic.Uint32 // see the table below
}

// The word of a rawMutex.
//
//	value        lock   who leaves this state, and how
//	0 unlocked   free   tryLock, a spinning waiter: CAS to 1; another waiter: swap to 2
//	1 locked     held   the holder: swap to 0; a waiter, before it sleeps: swap to 2
//	2 contended  held   the holder: swap to 0, then wake one
//
// Invariants
//  1. A waiter sleeps only on the value 2.
//  2. A waiter that has slept locks with 2, not 1: it cannot know that it was the last.
//  3. If the word is not 2 while a waiter sleeps, a waiter that is awake is about to write 2.
//     So a woken waiter writes 2 first, and gives up only after that.
//  4. 2 with no sleeper is legal. It costs one idle wake.
const (
	rawUnlocked = iota
	rawLocked
	rawContended
)

func (m *rawMutex) tryLock() bool {
	return m.state.CompareAndSwap(rawUnlocked, rawLocked) // acquire
}

// lock locks m and reports true, or false after limit. The zero limit is never reached.
func (m *rawMutex) lock(limit time.Time) bool {
	spinUntil(m.notLocked)
	return m.tryLock() || m.lockContended(limit)
}

// lockContended is lock for a thread that has slept, or is about to.
func (m *rawMutex) lockContended(limit time.Time) bool {
	for m.state.Swap(rawContended) != rawUnlocked { // acquire; by invariants 2 and 3
		if !sleep(&m.state, rawContended, limit) {
			return m.tryLock() // an unlock may have chosen another waiter
		}
		spinUntil(m.notLocked)
	}
	return true
}

// lockAfterWait locks m for a thread that has waited for a condition. A broadcast may have moved
// other threads to m, which sleep on it, so m is locked with 2, by invariant 2.
func (m *rawMutex) lockAfterWait() { m.lockContended(time.Time{}) }

// notLocked reports whether a spin is over. The value 2 ends it, too, since a waiter behind a
// sleeper should sleep.
func (m *rawMutex) notLocked() bool { return m.state.Load() != rawLocked } // relaxed would suffice

// unlock unlocks m, which must be locked.
func (m *rawMutex) unlock() {
	if m.state.Swap(rawUnlocked) == rawContended { // release
		wake(&m.state)
	}
}
