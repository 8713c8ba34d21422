// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin_test

import (
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/spin"
)

func TestMCSLock(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return new(spin.MCSLock) }, locktest.Workers(pinned), locktest.Recoverable())
}

func TestMCSLockOrder(t *testing.T) { checkOrder(t, new(spin.MCSLock)) }

// TestMCSLockLateArrival stops a waiter after it has swapped tail, and before it stores its node.
func TestMCSLockLateArrival(t *testing.T) {
	for range locktest.Rounds(100) {
		var l spin.MCSLock
		store := l.LeaveBefore()
		time.Sleep(100 * time.Microsecond) // a correct holder waits for longer
		if !store() {
			t.Fatal("a holder has not waited for a waiter that came, or has given its node away")
		}
	}
}

// TestMCSLockLateArrivalYields has one processor for the holder and the waiter that it waits for.
func TestMCSLockLateArrivalYields(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const rounds = 200
	begin := time.Now()
	for range rounds {
		var l spin.MCSLock
		store := l.LeaveBefore()
		runtime.Gosched() // the holder looks, and yields
		if !store() {
			t.Fatal("the holder has not waited, or has given its node away")
		}
	}
	if took := time.Since(begin); took > rounds*10*time.Millisecond/2 {
		t.Errorf("%d holders waited for %v", rounds, took)
	}
}

// TestMCSLockManyLocks takes several locks at a time, so that nodes go from lock to lock.
func TestMCSLockManyLocks(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		var all [4]spin.MCSLock
		var counts [4]int
		n := locktest.Rounds(4000)
		for i := range 4 {
			random := c.Random(i)
			c.Start(func() {
				for range c.Repeat(n) {
					first := random.IntN(4)
					second := first + random.IntN(4-first)
					all[first].Lock()
					if second != first { // always in this order
						all[second].Lock()
						counts[second]++
						all[second].Unlock()
					}
					counts[first]++
					all[first].Unlock()
					if i == 0 && all[second].TryLock() {
						counts[second] += 4
						counts[second] -= 4
						all[second].Unlock()
					}
				}
			})
		}
		c.Join()
		total := 0
		for i := range all {
			total += counts[i]
			if all[i].Inside() != 0 {
				c.Errorf("lock %d is not free at the end", i)
			}
		}
		if total < 4*n {
			c.Errorf("counted %d, want at least %d: an update was lost", total, 4*n)
		}
	})
}

// TestMCSLockAllocations shows that a node goes back to the pool.
func TestMCSLockAllocations(t *testing.T) {
	if race.Enabled {
		t.Skip("under the race detector pools forget at random")
	}
	var l spin.MCSLock
	if n := allocs.PerRun(t, 100, func() { l.LockSlow(); l.Unlock() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
