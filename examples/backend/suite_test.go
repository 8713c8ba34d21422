// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package backend

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/locktest"
	"github.com/osync-go/osync/locks/park"
)

func TestMain(m *testing.M) { locktest.Main(m) }

// TestLockSuite runs osync's own suite over the lock of a [Queue]. The lock promises no order: a newcomer may be
// faster than a waiter.
func TestLockSuite(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return new(lock) }, locktest.Uneven())
}

// TestSemaphoreSuite runs it over a semaphore of one unit, which is a mutex.
func TestSemaphoreSuite(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return unit{NewSemaphore(1)} })
}

// A unit is a semaphore of one unit as a lock. The suite finds its other methods by their names.
type unit struct{ *Semaphore }

func (u unit) Lock()         { u.Acquire(0, park.Limit{}) }
func (u unit) Unlock()       { u.Release() }
func (u unit) TryLock() bool { return u.TryAcquire() }

func (u unit) TryLockFor(d time.Duration) bool {
	return u.TryAcquire() || d > 0 && u.Acquire(0, park.For(d)) == nil
}

func (u unit) LockContext(ctx context.Context) error {
	limit := park.Context(ctx)
	if err := limit.Err(); err != nil {
		return err
	}
	return u.Acquire(0, limit)
}
