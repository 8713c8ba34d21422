// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

func TestFairMutex(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return new(locks.FairMutex) },
		locktest.Workers(pinned), locktest.Recoverable())
}

// TestFairMutexOrder lets every third waiter give up. The others lock in FIFO order.
func TestFairMutexOrder(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const n = 12
		var m locks.FairMutex
		var order, want []int
		ctx, cancel := context.WithCancel(t.Context())
		gone := make(chan struct{}, n)
		m.Lock()
		for i := range n {
			if i%3 == 1 {
				c.StartWaiting(&m, func() {
					if m.LockContext(ctx) == nil {
						t.Errorf("number %d has the lock though it was cancelled", i)
					}
					gone <- struct{}{}
				})
				continue
			}
			want = append(want, i)
			c.StartWaiting(&m, func() {
				m.Lock()
				order = append(order, i)
				m.Unlock()
			})
		}
		cancel()
		for range n - len(want) {
			<-gone
		}
		if m.Waiting() != len(want) {
			t.Errorf("%d wait after the others have given up, want %d", m.Waiting(), len(want))
		}
		m.Unlock()
		c.Join()
		if !slices.Equal(order, want) {
			t.Errorf("served in the order %v, want %v", order, want)
		}
		c.Idle(&m, 0)
	})
}

// TestFairMutexHandsOver shows that Unlock hands the lock to a waiter without freeing it in between.
func TestFairMutexHandsOver(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		for range locktest.Rounds(500) {
			var m locks.FairMutex
			m.Lock()
			stay := make(chan struct{})
			c.StartWaiting(&m, func() {
				m.Lock()
				<-stay
				m.Unlock()
			})
			m.Unlock()
			if m.TryLock() || m.TryLockFor(-1) {
				t.Fatal("TryLock has overtaken a waiter")
			}
			c.Idle(&m, 1) // locked, without the bit for waiters
			close(stay)
			c.Join()
			c.Idle(&m, 0)
		}
	})
}

// TestFairMutexLastGivesUp cancels the only wait at the moment of the Unlock.
func TestFairMutexLastGivesUp(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		for range locktest.Rounds(500) {
			var m locks.FairMutex
			ctx, cancel := context.WithCancel(t.Context())
			m.Lock()
			c.StartWaiting(&m, func() {
				if m.LockContext(ctx) == nil {
					m.Unlock()
				}
			})
			collide(c, &m, cancel, m.Unlock)
			c.Join()
			c.Idle(&m, 0)
		}
	})
}

// TestFairMutexGivesUpAlone shows that the last waiter clears the bit for waiters when it gives up.
func TestFairMutexGivesUpAlone(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		var m locks.FairMutex
		m.Lock()
		c.Start(func() { m.TryLockFor(time.Microsecond) })
		c.Join()
		c.Idle(&m, 1)
		m.Unlock()
		c.Idle(&m, 0)
	})
}
