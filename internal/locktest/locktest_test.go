// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest_test

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
)

func TestSyncMutex(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return new(sync.Mutex) })
}

func TestSyncRWMutex(t *testing.T) {
	locktest.RWMutex(t, func() locktest.RWLocker { return new(sync.RWMutex) })
}

func TestSyncCond(t *testing.T) {
	locktest.Cond(t, func() (sync.Locker, locktest.Waiter) {
		m := new(sync.Mutex)
		return m, sync.NewCond(m)
	}, locktest.Scrambles())
}

func TestSyncWaitGroup(t *testing.T) {
	locktest.WaitGroup(t, func() locktest.Group { return new(sync.WaitGroup) })
}

func TestSyncOnce(t *testing.T) {
	locktest.Once(t, func() locktest.Doer { return new(sync.Once) })
}
