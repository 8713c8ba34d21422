// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !windows

package native

import (
	"sync/atomic"
	"time"
)

// A rawRWMutex is a readers-writer lock on futex words. Its parts are those of Go's sync.RWMutex: a
// mutex for writers, a word with the state, and a semaphore for waiting readers. Unlike in
// sync.RWMutex, one word counts both the readers inside and those that wait, so that a writer can
// give up.
type rawRWMutex struct {
	state atomic.Uint64 // see the table below
	// grants is the number of readers that a writer has admitted and that have not noticed yet.
	// Readers sleep on it while it is 0.
	grants atomic.Uint32
	// turn is 1 when the last reader has made the waiting writer hold the lock. The
	// writer sleeps on it while it is 0.
	turn atomic.Uint32
	w    rawMutex // held by the writer, from before it waits for readers until it is done
}

// The word state of a rawRWMutex.
//
//	bits          meaning                            set by                     cleared by
//	0–30 Readers  readers inside, and those that     a reader: add 1; a writer  a reader: add -1
//	              were let in and still sleep        that lets Waiting in
//	31–61 Waiting readers that wait                  a reader: add 1            a reader that gives up: add -1;
//	                                                                            the writer that lets them in
//	62 Wants      a writer waits for Readers to      the writer                 the last reader, the writer
//	              become 0                                                      giving up
//	63 Holds      a writer is inside                 the writer; the last       Unlock
//	                                                 reader in its name
//
// Invariants
//  1. Wants and Holds belong to the holder of w: there is one writer at a time, and never both.
//  2. With Holds, Readers is 0. Without Wants and Holds, Waiting is 0.
//  3. A reader counts itself in Waiting only while Wants or Holds is set. The writer that clears
//     the bit, by unlocking or giving up, moves Waiting to Readers in the same step and then adds
//     as many grants. So each waiting reader gets a grant, or removes itself before.
//  4. A reader that takes a grant is inside. Grants are anonymous: a reader that arrived later may
//     take the grant of one that is still waking up, and the counts stay correct.
//  5. Readers that find Wants or Holds do not enter. So Readers falls while a writer wants the lock,
//     and the reader that brings it to 0 swaps Wants for Holds in the same step, then sets turn.
//  6. Only the writer clears turn, before it sets Wants.
const (
	rwReader  = 1
	rwWaiting = 1 << 31
	rwWants   = 1 << 62
	rwHolds   = 1 << 63

	rwReaders = rwWaiting - rwReader
	rwWriter  = rwWants | rwHolds
)

// reading returns how many readers are inside or were admitted.
func (rw *rawRWMutex) reading() uint32 { return uint32(rw.state.Load() & rwReaders) }

func (rw *rawRWMutex) tryRLock() bool {
	for {
		s := rw.state.Load()
		if s&rwWriter != 0 {
			return false
		}
		if rw.state.CompareAndSwap(s, s+rwReader) { // acquire
			return true
		}
	}
}

// rLock locks rw for reading and reports true, or false after limit. The zero limit is never
// reached.
func (rw *rawRWMutex) rLock(limit time.Time) bool {
	spinUntil(func() bool { return rw.state.Load()&rwWriter == 0 })
	if rw.tryRLockOrWait() {
		return true
	}
	return rw.takeGrant(limit) || !rw.stopWaiting() && rw.takeGrant(time.Time{})
}

// tryRLockOrWait locks rw for reading and reports true, or counts the caller in Waiting.
func (rw *rawRWMutex) tryRLockOrWait() bool {
	for {
		s := rw.state.Load()
		if s&rwWriter == 0 {
			if rw.state.CompareAndSwap(s, s+rwReader) { // acquire
				return true
			}
		} else if rw.state.CompareAndSwap(s, s+rwWaiting) { // by invariant 3
			return false
		}
	}
}

// takeGrant takes a grant and reports true, or false after limit.
func (rw *rawRWMutex) takeGrant(limit time.Time) bool {
	for {
		n := rw.grants.Load()
		if n != 0 {
			if rw.grants.CompareAndSwap(n, n-1) { // acquire
				return true
			}
		} else if !sleep(&rw.grants, 0, limit) {
			return false
		}
	}
}

// stopWaiting takes one reader out of Waiting. It reports false if there is none: the caller was
// admitted, and there is a grant or will be one soon.
func (rw *rawRWMutex) stopWaiting() bool {
	for {
		s := rw.state.Load()
		if s&^rwWriter < rwWaiting {
			return false
		}
		if rw.state.CompareAndSwap(s, s-rwWaiting) {
			return true
		}
	}
}

// rUnlock takes one reader out. It reports false if there is none.
func (rw *rawRWMutex) rUnlock() bool {
	for {
		s := rw.state.Load()
		if s&rwReaders == 0 {
			return false
		}
		after := s - rwReader
		last := after&(rwReaders|rwWants) == rwWants
		if last {
			after ^= rwWants | rwHolds // by invariant 5
		}
		if !rw.state.CompareAndSwap(s, after) { // release
			continue
		}
		if last {
			rw.turn.Store(1) // release
			wake(&rw.turn)
		}
		return true
	}
}

func (rw *rawRWMutex) tryLock() bool {
	if !rw.w.tryLock() {
		return false
	}
	if rw.state.CompareAndSwap(0, rwHolds) { // acquire
		return true
	}
	rw.w.unlock()
	return false
}

// lock locks rw for writing and reports true, or false after limit. The zero limit is never
// reached.
func (rw *rawRWMutex) lock(limit time.Time) bool {
	if !rw.w.lock(limit) {
		return false
	}
	if rw.holdOrWant() || rw.awaitTurn(limit) || !rw.endTurn(rwWants) && rw.awaitTurn(time.Time{}) {
		return true
	}
	rw.w.unlock()
	return false
}

// holdOrWant makes the writer hold rw and reports true; if there are readers, it makes it
// want rw.
func (rw *rawRWMutex) holdOrWant() bool {
	rw.turn.Store(0)
	for {
		s := rw.state.Load()
		if s == 0 {
			if rw.state.CompareAndSwap(0, rwHolds) { // acquire
				return true
			}
		} else if rw.state.CompareAndSwap(s, s|rwWants) {
			return false
		}
	}
}

// awaitTurn waits until the last reader has made the writer hold rw, and reports true, or
// false after limit.
func (rw *rawRWMutex) awaitTurn(limit time.Time) bool {
	holds := func() bool { return rw.turn.Load() != 0 } // acquire
	spinUntil(holds)
	for !holds() {
		if !sleep(&rw.turn, 0, limit) {
			return false
		}
	}
	return true
}

func (rw *rawRWMutex) unlock() {
	rw.endTurn(rwHolds)
	rw.w.unlock()
}

// endTurn clears the writer's bit, and admits the waiting readers. It reports false if the bit is
// not set: Wants has become Holds.
func (rw *rawRWMutex) endTurn(bit uint64) bool {
	for {
		s := rw.state.Load()
		if s&bit == 0 {
			return false
		}
		waiting := s &^ rwWriter / rwWaiting
		if !rw.state.CompareAndSwap(s, s&rwReaders+waiting) { // release; by invariant 3
			continue
		}
		if waiting != 0 {
			rw.grants.Add(uint32(waiting)) // release
			wakeAll(&rw.grants)
		}
		return true
	}
}
