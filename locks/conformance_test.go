// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/thread"
)

// pinned starts workers as pinned threads, which wait in the kernel.
var pinned = locktest.Start{Name: "pinned", Threads: true, Go: func(f func()) func() {
	h := thread.Spawn(func() error { f(); return nil })
	return func() {
		if err := h.Join(); err != nil {
			panic(err)
		}
	}
}}

func options() []locktest.Option {
	return []locktest.Option{
		locktest.Workers(pinned),
		locktest.Recoverable(),
		locktest.Waiters(locks.Waiting),
	}
}

func TestMutex(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return new(locks.Mutex) }, options()...)
}

func TestRWMutex(t *testing.T) {
	locktest.RWMutex(t, func() locktest.RWLocker { return new(locks.RWMutex) }, options()...)
}

func TestCond(t *testing.T) {
	locktest.Cond(t, func() (sync.Locker, locktest.Waiter) {
		m := new(locks.Mutex)
		return m, locks.NewCond(m)
	}, options()...)
}

// TestCondOtherLocker is for Broadcast where it cannot requeue.
func TestCondOtherLocker(t *testing.T) {
	locktest.Cond(t, func() (sync.Locker, locktest.Waiter) {
		m := new(sync.Mutex)
		return m, locks.NewCond(m)
	}, append(options(), locktest.Scrambles())...)
}

func TestWaitGroup(t *testing.T) {
	locktest.WaitGroup(t, func() locktest.Group { return new(locks.WaitGroup) }, options()...)
}

func TestOnce(t *testing.T) {
	locktest.Once(t, func() locktest.Doer { return new(locks.Once) }, options()...)
}
