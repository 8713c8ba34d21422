// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"math"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/sys/windows"
)

// A rawCond is a CONDITION_VARIABLE with a lock and a count of its own. The system cannot unlock
// the mutex for it, since that must also wake the threads that wait for the mutex with a limit.
//
//	field    meaning                                   changed by
//	seq      number of signals and broadcasts that     signal, broadcast: add 1
//	         found a waiter, modulo 2³²
//	waiters  threads between the first step of wait      wait: add 1, later add -1
//	         and the locking of the mutex
//
// Invariants
//  1. A waiter counts itself, then acquires inner, then unlocks the mutex, and releases inner
//     by falling asleep. So a thread that has locked the mutex since then finds waiters above 0,
//     and with inner acquired finds the waiter asleep.
//  2. seq is read and written with inner held. A sleep that leaves seq as it was has
//     ended spuriously, or by its limit.
//  3. A wait that reports its limit has seen no signal since it began, so it has consumed none,
//     even if the system chose it for a wake at the last moment.
//
// A waiter that does not run while exactly 2³² signals are given would miss them all.
type rawCond struct {
	cv      windows.ConditionVariable
	inner   windows.SRWLock
	seq     uint32
	waiters atomic.Uint32
}

// wait unlocks m, waits for a signal, a broadcast or limit, and locks m again. It reports false if
// limit ended the wait; the zero limit is never reached.
func (c *rawCond) wait(m *rawMutex, limit time.Time) bool {
	c.waiters.Add(1)
	_ = windows.AcquireSRWLockExclusive(&c.inner)
	seq := c.seq
	m.unlock()
	timer := newCountdown(limit)
	for c.seq == seq && timer.remaining() > 0 {
		_ = windows.SleepConditionVariableSRW(&c.cv, &c.inner, timer.milliseconds(), 0)
	}
	woken := c.seq != seq // by invariant 3
	_ = windows.ReleaseSRWLockExclusive(&c.inner)
	c.waiters.Add(^uint32(0))
	m.lockAfterWait()
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

// announce counts a signal or broadcast, and reports whether a thread waits for one.
func (c *rawCond) announce() bool {
	if c.waiters.Load() == 0 { // by invariant 1
		return false
	}
	_ = windows.AcquireSRWLockExclusive(&c.inner)
	c.seq++
	_ = windows.ReleaseSRWLockExclusive(&c.inner)
	return true
}

// A countdown counts down to a limit, by the clock of the system's own timeouts. Go's clock is
// unsuitable, since it stands still in a synctest bubble.
type countdown struct {
	length time.Duration // unlimited if there is no limit
	begin  uint64        // in units of 100 ns
}

const unlimited time.Duration = math.MaxInt64

// newCountdown starts a countdown. The zero limit is never reached.
func newCountdown(limit time.Time) countdown {
	if limit.IsZero() {
		return countdown{length: unlimited}
	}
	length := time.Until(limit)
	now, _ := windows.QueryUnbiasedInterruptTime() // after the line above, so that the countdown does not end early
	return countdown{length, now}
}

// remaining returns the time that remains, which may be less than zero.
func (c countdown) remaining() time.Duration {
	if c.length == unlimited {
		return unlimited
	}
	now, _ := windows.QueryUnbiasedInterruptTime()
	return c.length - time.Duration(now-c.begin)*100
}

// milliseconds returns the time that remains as a timeout, which may be shorter if it is long.
func (c countdown) milliseconds() uint32 {
	if c.length == unlimited {
		return windows.INFINITE
	}
	return windows.Milliseconds(c.remaining())
}
