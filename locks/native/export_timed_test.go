// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"sync"
	"time"
)

// A SystemMutex is the rawMutex of Windows and macOS with a sync.Mutex for the lock of the system.
type SystemMutex struct {
	lk    sync.Mutex
	timed timedWaiters
}

// Lock locks m.
func (m *SystemMutex) Lock() { m.lk.Lock() }

// TryLock tries to lock m.
func (m *SystemMutex) TryLock() bool { return m.lk.TryLock() }

// TryLockFor locks m, and reports true, or false after d.
func (m *SystemMutex) TryLockFor(d time.Duration) bool {
	return m.WaitUntil(m.TryLock, time.Now().Add(d))
}

// WaitUntil waits as TryLockFor does until try succeeds, and reports true, or false after limit; the zero limit
// is never reached.
func (m *SystemMutex) WaitUntil(try func() bool, limit time.Time) bool {
	return m.timed.wait(try, limit)
}

// Unlock unlocks m.
func (m *SystemMutex) Unlock() {
	m.lk.Unlock()
	m.Released()
}

// Released is what Unlock does after it has unlocked the lock of the system.
func (m *SystemMutex) Released() { m.timed.released(wake) }

// Idle reports whether no goroutine holds m or waits for it with a limit.
func (m *SystemMutex) Idle() bool {
	free := m.lk.TryLock()
	if free {
		m.lk.Unlock()
	}
	return free && m.timed.count.Load() == 0
}
