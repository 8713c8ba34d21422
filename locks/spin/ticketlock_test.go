// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin_test

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/spin"
)

func TestTicketLock(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return new(spin.TicketLock) }, locktest.Workers(pinned), locktest.Recoverable())
}

// A queuingLock is a spin lock that can say how many hold it or wait.
type queuingLock interface {
	sync.Locker
	TryLock() bool
	Inside() int
}

// checkOrder lets some wait, one after the other, and looks at who has the lock when.
func checkOrder(t *testing.T, l queuingLock) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const n = 8
		var order, want []int
		l.Lock()
		for i := range n {
			want = append(want, i)
			c.Start(func() {
				l.Lock()
				order = append(order, i)
				l.Unlock()
			})
			locktest.Eventually(c.T, "one more waits", func() bool { return l.Inside() == 2+i })
		}
		if l.TryLock() {
			c.Error("TryLock has overtaken those that wait")
		}
		l.Unlock()
		c.Join()
		if !slices.Equal(order, want) {
			c.Errorf("served in the order %v, want %v", order, want)
		}
		if l.Inside() != 0 {
			c.Errorf("%d hold the lock or wait at the end", l.Inside())
		}
	})
}

func TestTicketLockOrder(t *testing.T) { checkOrder(t, new(spin.TicketLock)) }

// TestTicketLockOverflow is for words that overflow while some wait.
func TestTicketLockOverflow(t *testing.T) {
	var l spin.TicketLock
	l.Overflow()
	checkOrder(t, &l)
}

// TestTicketLockUnlocksAtOnce unlocks a held lock by two goroutines at once: one of them is wrong, and
// has to panic.
func TestTicketLockUnlocksAtOnce(t *testing.T) {
	var l spin.TicketLock
	var ready, unlocks atomic.Int32
	unlock := func() {
		defer func() {
			if recover() == nil {
				unlocks.Add(1)
			}
		}()
		ready.Add(1)
		for looks := 1; ready.Load() < 2; looks++ {
			if looks%50_000 == 0 { // seldom, so that both go on at the same time
				runtime.Gosched()
			}
		}
		l.Unlock()
	}
	for round := range 20_000 {
		l.Lock()
		ready.Store(0)
		unlocks.Store(0)
		var g sync.WaitGroup
		g.Go(unlock)
		g.Go(unlock)
		g.Wait()
		if n := unlocks.Load(); n != 1 {
			t.Fatalf("round %d: %d of two Unlocks of one Lock did not panic", round, n)
		}
	}
}
