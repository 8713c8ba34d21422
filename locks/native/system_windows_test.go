// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native_test

import (
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/native"
)

// The system's locks have the size of a pointer; words of four bytes follow, and what the
// pointer's alignment adds.
const (
	word        = unsafe.Sizeof(uintptr(0))
	mutexSize   = 24 // on 32-bit systems, too
	rwMutexSize = (word+4+8+7)/8*8 + 8
	condSize    = 2*word + 8
)

// systemOptions are none: an SRWLOCK promises no turns, and does not say who waits.
var systemOptions []locktest.Option

// TestLimitMeetsWait lets a thread wait for a mutex with a limit far away, while the holder
// lets go of it in a Wait, which the system does by itself.
func TestLimitMeetsWait(t *testing.T) {
	for range rounds(200) {
		var m native.Mutex
		c := native.NewCond(&m)
		var g sync.WaitGroup
		m.Lock()
		locked := false
		g.Go(func() {
			if !m.TryLockFor(time.Hour) {
				t.Error("TryLockFor gave up")
				return
			}
			locked = true
			c.Signal()
			m.Unlock()
		})
		eventually(t, "a thread that waits with a limit", func() bool { return m.Limited() == 1 })
		for !locked {
			c.Wait()
		}
		m.Unlock()
		finish(t, "a thread that waited with a limit", &g)
		if !m.Idle() || c.Waiters() != 0 {
			t.Error("something is left of them")
		}
	}
}

// TestLimitsOfRWMutex lets readers and writers wait with a limit far away for a writer, then for
// a reader, to leave.
func TestLimitsOfRWMutex(t *testing.T) {
	var rw native.RWMutex
	for _, held := range []struct{ lock, unlock func() }{{rw.Lock, rw.Unlock}, {rw.RLock, rw.RUnlock}} {
		for range rounds(200) {
			var g sync.WaitGroup
			held.lock()
			for range 3 {
				g.Go(func() {
					if !rw.TryLockFor(time.Hour) {
						t.Error("TryLockFor gave up")
						return
					}
					rw.Unlock()
				})
			}
			eventually(t, "writers with a limit", func() bool { return rw.Limited() == 3 })
			g.Go(func() {
				if !rw.TryRLockFor(time.Hour) {
					t.Error("TryRLockFor gave up")
					return
				}
				rw.RUnlock()
			})
			held.unlock()
			finish(t, "those who waited with a limit", &g)
			if !rw.Idle() {
				t.Error("something is left of them")
			}
		}
	}
}
