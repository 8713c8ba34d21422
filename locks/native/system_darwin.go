// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"sync/atomic"

	"github.com/osync-go/osync/sys/darwin"
)

func supported() error { return nil }

// A systemLock is an os_unfair_lock. A thread that waits for it lends its priority to the holder.
type systemLock struct{ darwin.UnfairLock }

func (l *systemLock) tryLock() bool { return darwin.UnfairLockTrylock(&l.UnfairLock) }
func (l *systemLock) lock()         { darwin.UnfairLockLock(&l.UnfairLock) }
func (l *systemLock) unlock()       { darwin.UnfairLockUnlock(&l.UnfairLock) }

// requeue wakes all threads that sleep on word: macOS cannot move them to another word.
func requeue(word *atomic.Uint32, _ uint32, _ *rawMutex) bool {
	wakeAll(word)
	return true
}
