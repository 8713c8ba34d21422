// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/sys/windows"
)

// A rawCond is a CONDITION_VARIABLE with a lock and a count of its own. It could not let go
// of the mutex by itself, since threads that wait for that with a limit must be told.
//
//	field    meaning                                   changed by
//	seq      number of signals and broadcasts that     signal, broadcast: add 1
//	         found somebody waiting, modulo 2³²
//	waiters  those between the first step of wait      wait: add 1, later add -1
//	         and the locking of the mutex
//
// Invariants
//  1. A waiter counts itself, then acquires inner, then unlocks the mutex, and lets go of inner
//     by falling asleep. So whoever has locked the mutex since finds waiters above 0, and with
//     inner acquired finds the waiter asleep.
//  2. seq is read and written with inner held. A sleep that ends with seq as it was ended for
//     no reason, or by its limit.
//  3. A wait that reports its limit has seen no signal since it began, so it has used up none,
//     even if the system chose it for a wake at the last moment.
//
// A waiter that does not get to run while exactly 2³² signals are given would miss them all.
type rawCond struct {
	cv      windows.ConditionVariable
	inner   windows.SRWLock
	seq     uint32
	waiters atomic.Uint32
}

// wait unlocks m, waits for a signal, a broadcast or limit, and locks m again. It reports
// false if it was limit; the zero limit never comes.
func (c *rawCond) wait(m *rawMutex, limit time.Time) bool {
	c.waiters.Add(1)
	_ = windows.AcquireSRWLockExclusive(&c.inner)
	seq := c.seq
	m.unlock()
	clock := newCountdown(limit)
	for c.seq == seq && clock.left() > 0 {
		_ = windows.SleepConditionVariableSRW(&c.cv, &c.inner, clock.milliseconds(), 0)
	}
	woken := c.seq != seq // by invariant 3
	_ = windows.ReleaseSRWLockExclusive(&c.inner)
	c.waiters.Add(^uint32(0))
	m.lock(time.Time{})
	return woken
}

func (c *rawCond) signal() {
	if c.announce() {
		_ = windows.WakeConditionVariable(&c.cv)
	}
}

// broadcast ends all waits; their mutex does not matter here.
func (c *rawCond) broadcast(*rawMutex) {
	if c.announce() {
		_ = windows.WakeAllConditionVariable(&c.cv)
	}
}

// announce counts a signal or broadcast, and reports whether somebody waits for one.
func (c *rawCond) announce() bool {
	if c.waiters.Load() == 0 { // by invariant 1
		return false
	}
	_ = windows.AcquireSRWLockExclusive(&c.inner)
	c.seq++
	_ = windows.ReleaseSRWLockExclusive(&c.inner)
	return true
}
