// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin || windows

package native

import "time"

// A rawMutex is the system's own lock, which has no wait with a limit, and a place for the
// threads that wait with one.
type rawMutex struct {
	lk    systemLock
	timed timedWaiters
}

func (m *rawMutex) tryLock() bool { return m.lk.tryLock() }

// lock locks m and reports true, or false after limit. The zero limit is never reached.
func (m *rawMutex) lock(limit time.Time) bool {
	if !limit.IsZero() {
		return m.timed.wait(m.tryLock, limit)
	}
	m.lk.lock()
	return true
}

// lockAfterWait locks m for a thread that has waited for a condition.
func (m *rawMutex) lockAfterWait() { m.lk.lock() }

// unlock unlocks m, which the calling thread must have locked.
func (m *rawMutex) unlock() {
	m.lk.unlock()
	m.timed.released(wake)
}
