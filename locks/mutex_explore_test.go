// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"testing"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks"
)

// TestExploreMutex shows mutual exclusion, that no wake-up is lost, and that nothing is left behind, whichever
// way the goroutines try to lock.
func TestExploreMutex(t *testing.T) {
	exploreLock(t, func() exclusive { return new(locks.Mutex) }, []contest{
		{"Lock", complete, [][]attempt{{lock, lock, lock}, {lock, lock}}},
		{"Lock, three", complete, [][]attempt{{lock}, {lock}, {lock}}},
		{"Lock, three, twice", atMost(3), [][]attempt{{lock, lock}, {lock, lock}, {lock, lock}}},
		{"Lock, four", atMost(3), [][]attempt{{lock}, {lock}, {lock}, {lock}}},
		{"TryLock alone", complete, [][]attempt{{try}, {try}}},
		{"TryLock", complete, [][]attempt{{lock}, {lock}, {try}}},
		{"TryLock, twice", atMost(4), [][]attempt{{lock, lock}, {lock}, {try}}},
		{"TryLockFor", complete, [][]attempt{{lock, lock}, {tryFor, tryFor}}},
		{"TryLockFor, three", atMost(2), [][]attempt{{lock}, {tryFor}, {tryFor}}},
		{"TryLockFor, four", atMost(1), [][]attempt{{lock}, {lock}, {tryFor}, {tryFor}}},
		{"LockContext", complete, [][]attempt{{lock, lock}, {lockContext}}},
		{"LockContext, three", atMost(2), [][]attempt{{lock}, {lockContext}, {lockContext}}},
		{"all", atMost(1), [][]attempt{{lock}, {try}, {tryFor}, {lockContext}}},
		{"hand-off", handingOff(complete), [][]attempt{{lock, lock}, {lock, lock}}},
		{"hand-off, three", handingOff(complete), [][]attempt{{lock}, {lock}, {lock}}},
		{"hand-off, three, twice", handingOff(atMost(2)), [][]attempt{{lock, lock}, {lock, lock}, {lock, lock}}},
		{"hand-off, TryLock", handingOff(atMost(3)), [][]attempt{{lock, lock}, {lock}, {try}}},
		{"hand-off, TryLockFor", handingOff(complete), [][]attempt{{lock, lock}, {tryFor}}},
		{"hand-off, TryLockFor, three", handingOff(atMost(2)), [][]attempt{{lock, lock}, {lock}, {tryFor}}},
		{"hand-off, LockContext", handingOff(atMost(2)), [][]attempt{{lock, lock}, {lock}, {lockContext}}},
		{"spinning", spinning(complete), [][]attempt{{lock, lock}, {lock, lock}}},
		{"spinning, three", spinning(atMost(1)), [][]attempt{{lock}, {lock}, {lock}}},
		{"spinning, TryLock", spinning(atMost(2)), [][]attempt{{lock, lock}, {lock}, {try}}},
		{"spinning, TryLockFor", spinning(complete), [][]attempt{{lock, lock}, {tryFor}}},
		{"spinning, hand-off", spinning(handingOff(complete)), [][]attempt{{lock, lock}, {lock, lock}}},
		{"spinning, hand-off, three", spinning(handingOff(atMost(1))), [][]attempt{{lock}, {lock}, {lock}}},
	})
}

// TestExploreMutexTryLockReturns holds the mutex until a TryLock has returned, which does not block.
func TestExploreMutexTryLockReturns(t *testing.T) {
	complete.Check(t, func(x *explore.Run) {
		var m locks.Mutex
		returned := make(chan struct{})
		x.Go(func() {
			if m.TryLock() {
				m.Unlock()
			}
			close(returned)
		})
		m.Lock()
		m.Unlock() //lint:ignore SA2001 the next Lock may overtake TryLock
		m.Lock()
		<-returned
		m.Unlock()
		x.Wait()
		mustBeIdle(x, &m, 0)
	})
}

// TestExploreMutexUnlockReturns hands the mutex over, or is about to, while another goroutine locks it and holds it until
// the Unlock has returned, which does not block.
func TestExploreMutexUnlockReturns(t *testing.T) {
	handingOff(atMost(3)).Check(t, func(x *explore.Run) {
		var m locks.Mutex
		returned := make(chan struct{})
		m.Lock()
		x.Go(func() { m.Lock(); m.Unlock() }) //lint:ignore SA2001 it waits, and is handed the mutex
		x.Go(func() {
			if m.TryLock() {
				<-returned
				m.Unlock()
			}
		})
		m.Unlock()
		close(returned)
		x.Wait()
		mustBeIdle(x, &m, 0)
	})
}
