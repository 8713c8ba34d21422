// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest_test

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/locktest"
)

func TestMain(m *testing.M) { locktest.Main(m) }

// The suites pass over package sync, whose contract they check, and over package locks.

func TestMutex(t *testing.T) {
	t.Run("sync", func(t *testing.T) { locktest.Mutex(t, func() sync.Locker { return new(sync.Mutex) }) })
	t.Run("locks", func(t *testing.T) {
		locktest.Mutex(t, func() sync.Locker { return new(locks.Mutex) }, locktest.Recoverable())
	})
}

func TestRWMutex(t *testing.T) {
	t.Run("sync", func(t *testing.T) { locktest.RWMutex(t, func() locktest.RWLocker { return new(sync.RWMutex) }) })
	t.Run("locks", func(t *testing.T) {
		locktest.RWMutex(t, func() locktest.RWLocker { return new(locks.RWMutex) }, locktest.Recoverable())
	})
}

func TestCond(t *testing.T) {
	t.Run("sync", func(t *testing.T) {
		locktest.Cond(t, func() (sync.Locker, locktest.Waiter) { m := new(sync.Mutex); return m, sync.NewCond(m) }, locktest.Scrambles())
	})
	t.Run("locks", func(t *testing.T) {
		locktest.Cond(t, func() (sync.Locker, locktest.Waiter) { m := new(locks.Mutex); return m, locks.NewCond(m) })
	})
}

func TestOnce(t *testing.T) {
	t.Run("sync", func(t *testing.T) { locktest.Once(t, func() locktest.Doer { return new(sync.Once) }) })
	t.Run("locks", func(t *testing.T) { locktest.Once(t, func() locktest.Doer { return new(locks.Once) }) })
}

func TestWaitGroup(t *testing.T) {
	t.Run("sync", func(t *testing.T) { locktest.WaitGroup(t, func() locktest.Group { return new(sync.WaitGroup) }) })
	t.Run("locks", func(t *testing.T) { locktest.WaitGroup(t, func() locktest.Group { return new(locks.WaitGroup) }) })
}
