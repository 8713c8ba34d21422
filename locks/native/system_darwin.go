// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"time"

	"github.com/osync-go/osync/sys/darwin"
)

// A rawMutex is an os_unfair_lock, and a place to wait with a limit, which os_unfair_lock
// does not have. A thread that waits for the former lends its priority to the holder; one that waits
// in the latter does not.
type rawMutex struct {
	lk      darwin.UnfairLock
	limited limited
}

func (m *rawMutex) tryLock() bool { return darwin.UnfairLockTrylock(&m.lk) }

// lock locks m and reports true, or false after limit. The zero limit never comes.
func (m *rawMutex) lock(limit time.Time) bool {
	if !limit.IsZero() {
		return m.limited.wait(m.tryLock, limit)
	}
	darwin.UnfairLockLock(&m.lk)
	return true
}

// unlock unlocks m, which the calling thread must have locked.
func (m *rawMutex) unlock() {
	darwin.UnfairLockUnlock(&m.lk)
	m.limited.released(wake)
}
