// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"testing"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// TestExploreKeyed shows mutual exclusion for one key that comes and goes, that no wake-up is lost, and that nothing is kept of it.
func TestExploreKeyed(t *testing.T) {
	exploreLock(t, func() exclusive { return locks.KeyLock{K: new(locks.KeyedRW[int]), Key: 1} }, []contest{
		{"Lock", atMost(5), [][]attempt{{lock, lock}, {lock, lock}}},
		{"Lock, three", atMost(3), [][]attempt{{lock}, {lock}, {lock}}},
		{"TryLock", atMost(3), [][]attempt{{lock}, {lock}, {try}}},
		{"TryLockFor", atMost(5), [][]attempt{{lock}, {tryFor}}},
		{"TryLockFor, three", atMost(2), [][]attempt{{lock}, {tryFor}, {lock}}},
		{"LockContext", atMost(3), [][]attempt{{lock, lock}, {lockContext}}},
		{"hand-off", handingOff(atMost(4)), [][]attempt{{lock, lock}, {lock}}},
	})
}

// TestExploreKeyedReaders has readers and writers share a key that comes and goes.
func TestExploreKeyedReaders(t *testing.T) {
	atMost(3).Check(t, func(x *explore.Run) {
		l := locks.KeyLock{K: new(locks.KeyedRW[int]), Key: 1}
		var count guarded
		x.Go(func() { l.Lock(); count.add(1); l.Unlock() })
		x.Go(func() { l.RLock(); count.n.Load(); l.RUnlock() })
		x.Go(func() { l.Lock(); count.add(1); l.Downgrade(); count.n.Load(); l.RUnlock() })
		x.Wait()
		x.Assert(count.n.Load() == 2, "%d have written", count.n.Load())
		mustBeIdle(x, l, 0)
	})
}

// TestExploreKeyedReused has the entry of one key serve another one while waiters of the first give up, and come.
func TestExploreKeyedReused(t *testing.T) {
	atMost(5).Check(t, func(x *explore.Run) {
		k := new(locks.KeyedRW[int])
		a, b := locks.KeyLock{K: k, Key: 1}, locks.KeyLock{K: k, Key: 2}
		var underA, underB guarded
		x.Go(func() {
			a.Lock()
			underA.add(1)
			a.Unlock()
			b.Lock()
			underB.add(1)
			b.Unlock()
		})
		x.Go(func() {
			if tryFor(x, a) {
				underA.add(1)
				a.Unlock()
			}
			b.Lock()
			underB.add(1)
			b.Unlock()
		})
		x.Wait()
		x.Assert(underB.n.Load() == 2, "%d have counted", underB.n.Load())
		mustBeIdle(x, a, 0)
	})
}

// TestExploreKeyedAll has goroutines lock the same two keys in one call, given in opposite orders: keys that have an order,
// and keys with the same hash, which have none.
func TestExploreKeyedAll(t *testing.T) {
	for name, hash := range map[string]uint64{"order": 1, "ties": 0} {
		t.Run(name, func(t *testing.T) {
			atMost(6).Check(t, func(x *explore.Run) {
				k := new(locks.KeyedRW[int])
				a, b := locks.KeyLock{K: k, Key: 1}, locks.KeyLock{K: k, Key: 2, Hash: hash}
				var count guarded
				x.Go(func() { a.LockBoth(b, park.Limit{}); count.add(1); a.Unlock(); b.Unlock() })
				x.Go(func() { b.LockBoth(a, park.Limit{}); count.add(1); b.Unlock(); a.Unlock() })
				x.Wait()
				x.Assert(count.n.Load() == 2, "%d have counted", count.n.Load())
				mustBeIdle(x, a, 0)
			})
		})
	}
}
