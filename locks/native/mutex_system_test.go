// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin || windows

package native_test

import (
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/native"
)

// TestCondWaitWakesTimedLock lets a thread wait for a mutex with a distant limit, while the holder
// unlocks it in a Wait.
func TestCondWaitWakesTimedLock(t *testing.T) {
	g := locktest.NewCrew(t, locktest.Goroutines)
	for range locktest.Rounds(200) {
		var m native.Mutex
		c := native.NewCond(&m)
		m.Lock()
		locked := false
		g.Start(func() {
			if !m.TryLockFor(time.Hour) {
				t.Error("TryLockFor gave up")
				return
			}
			locked = true
			c.Signal()
			m.Unlock()
		})
		locktest.Eventually(t, "a thread waits with a limit", func() bool { return m.Limited() == 1 })
		for !locked {
			c.Wait()
		}
		m.Unlock()
		g.Join()
		if !m.Idle() || c.Waiters() != 0 {
			t.Error("a lock is not idle at the end")
		}
	}
}

// TestLockWaitsInTheSystem checks that a thread in Lock waits in the system's lock, which may lend its
// priority to the holder, and not as threads with a limit do.
func TestLockWaitsInTheSystem(t *testing.T) {
	g := locktest.NewCrew(t, locktest.Goroutines)
	var m native.Mutex
	m.Lock()
	g.Start(func() {
		m.Lock()
		m.Unlock()
	})
	for end := time.Now().Add(50 * time.Millisecond); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if m.Limited() != 0 {
			t.Error("Lock waits as TryLockFor does")
			break
		}
	}
	m.Unlock()
	g.Join()
}
