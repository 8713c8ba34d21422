// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin_test

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/spin"
)

func TestTicketLock(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return new(spin.TicketLock) }, locktest.Workers(pinned), locktest.Recoverable())
}

// A queuingLock is a spin lock that knows how many goroutines hold it or wait.
type queuingLock interface {
	sync.Locker
	TryLock() bool
	Inside() int
}

// checkOrder lets waiters come one after the other, and checks that they are served in that order.
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
			locktest.Eventually(c.T, "one more waiter", func() bool { return l.Inside() == 2+i })
		}
		if l.TryLock() {
			c.Error("TryLock has overtaken the waiters")
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

// TestTicketLockOverflow lets the words overflow while goroutines wait.
func TestTicketLockOverflow(t *testing.T) {
	var l spin.TicketLock
	l.Overflow()
	checkOrder(t, &l)
}

// TestTicketLockUnlocksAtOnce unlocks a held lock in two goroutines at once: one of them must panic.
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
			if looks%50_000 == 0 { // rarely, so that both go on at the same time
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

// TestTicketLockFarBehind shows that a waiter does not pause for each of the many before it: it yields.
func TestTicketLockFarBehind(t *testing.T) {
	const many = 1 << 26
	for range 5 {
		var l spin.TicketLock
		l.Line(many)
		locked := make(chan struct{})
		go func() { l.Lock(); close(locked) }()
		for l.Inside() != many+1 {
			runtime.Gosched()
		}
		locktest.Spend(1_000_000) // on the other processor, while the waiter looks
		l.Call()
		begin := time.Now()
		<-locked
		if took := time.Since(begin); took > time.Second {
			t.Fatalf("a waiter saw after %v that it was called", took)
		}
	}
}
