// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native_test

import (
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/native"
)

// TestUnlockWakesTimedLocks lets readers and writers wait with a distant limit for a writer to unlock,
// then for a reader.
func TestUnlockWakesTimedLocks(t *testing.T) {
	g := locktest.NewCrew(t, locktest.Goroutines)
	var rw native.RWMutex
	for _, held := range []struct{ lock, unlock func() }{{rw.Lock, rw.Unlock}, {rw.RLock, rw.RUnlock}} {
		for range locktest.Rounds(200) {
			held.lock()
			for range 3 {
				g.Start(func() {
					if !rw.TryLockFor(time.Hour) {
						t.Error("TryLockFor gave up")
						return
					}
					rw.Unlock()
				})
			}
			locktest.Eventually(t, "writers wait with a limit", func() bool { return rw.Limited() == 3 })
			g.Start(func() {
				if !rw.TryRLockFor(time.Hour) {
					t.Error("TryRLockFor gave up")
					return
				}
				rw.RUnlock()
			})
			held.unlock()
			g.Join()
			if !rw.Idle() {
				t.Error("a lock is not idle at the end")
			}
		}
	}
}
