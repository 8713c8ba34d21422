// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"time"

	"github.com/osync-go/osync/sys/windows"
)

// A rawMutex is an SRWLOCK, and a place to wait with a limit, which SRWLOCK does not have.
type rawMutex struct {
	lk      windows.SRWLock
	limited limited
}

func (m *rawMutex) tryLock() bool {
	ok, _ := windows.TryAcquireSRWLockExclusive(&m.lk)
	return ok
}

// lock locks m and reports true, or false after limit. The zero limit never comes.
func (m *rawMutex) lock(limit time.Time) bool {
	if !limit.IsZero() {
		return m.limited.wait(m.tryLock, limit)
	}
	_ = windows.AcquireSRWLockExclusive(&m.lk) // Supported has seen it work
	return true
}

// unlock unlocks m, which the calling thread must have locked.
func (m *rawMutex) unlock() {
	_ = windows.ReleaseSRWLockExclusive(&m.lk)
	m.limited.released(wake)
}
