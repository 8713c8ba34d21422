// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/thread"
)

// pinned starts workers as pinned threads, which wait in the kernel.
var pinned = locktest.Pinned(thread.Spawn)

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

// collide runs leave and then enter in workers, each of which comes as far as the queue of l,
// and lets them go on together. Which is first is open, but leave has the better chance.
func collide(c *locktest.Crew, l locktest.Watched, leave, enter func()) {
	release := locks.Hold(l)
	var begun atomic.Int32
	for i, f := range []func(){leave, enter} {
		c.Start(func() { begun.Add(1); f() })
		for int(begun.Load()) <= i {
			runtime.Gosched()
		}
		locktest.Spend(20_000)
	}
	release()
}
