// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"testing"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks"
)

// TestExploreFairMutex shows mutual exclusion in FIFO order, that no wake-up is lost, and that nothing is left
// behind.
func TestExploreFairMutex(t *testing.T) {
	exploreLock(t, func() exclusive { return new(locks.FairMutex) }, []contest{
		{"Lock", complete, [][]attempt{{lock, lock, lock}, {lock, lock}}},
		{"Lock, three", complete, [][]attempt{{lock}, {lock}, {lock}}},
		{"Lock, three, twice", atMost(3), [][]attempt{{lock, lock}, {lock, lock}, {lock, lock}}},
		{"Lock, four", atMost(2), [][]attempt{{lock}, {lock}, {lock}, {lock}}},
		{"TryLock of a free lock", complete, [][]attempt{{try}}},
		{"TryLock alone", complete, [][]attempt{{try}, {try}}},
		{"TryLock", complete, [][]attempt{{lock}, {lock}, {try}}},
		{"TryLockFor", complete, [][]attempt{{lock}, {tryFor}, {tryFor}}},
		{"TryLockFor, four", atMost(1), [][]attempt{{lock}, {lock}, {tryFor}, {tryFor}}},
		{"LockContext", complete, [][]attempt{{lock, lock}, {lockContext}}},
		{"LockContext, three", atMost(2), [][]attempt{{lock}, {lockContext}, {lockContext}}},
		{"all", atMost(1), [][]attempt{{lock}, {try}, {tryFor}, {lockContext}}},
	})
}

// TestExploreFairMutexGivesUp lets a wait end while another goroutine unlocks the lock, and a third one locks it before the
// waiter is in the queue, and keeps it: the wait must give up then.
func TestExploreFairMutexGivesUp(t *testing.T) {
	complete.Check(t, func(x *explore.Run) {
		var m locks.FairMutex
		m.Lock()
		kept := false
		x.Go(m.Unlock)
		x.Go(func() { kept = m.TryLock() })
		if m.LockContext(soon(x)) == nil {
			m.Unlock()
		}
		x.Wait()
		if kept {
			m.Unlock()
		}
		mustBeIdle(x, &m, 0)
		mustPanic(x, m.Unlock)
	})
}

// TestExploreFairMutexOtherUnlocks has a goroutine unlock the lock as soon as it sees that another one has locked it.
func TestExploreFairMutexOtherUnlocks(t *testing.T) {
	complete.Check(t, func(x *explore.Run) {
		var m locks.FairMutex
		x.Go(m.Lock)
		before := m.TryLock()
		m.Unlock()
		x.Wait()
		if before {
			m.Unlock()
		}
		mustBeIdle(x, &m, 0)
	})
}
