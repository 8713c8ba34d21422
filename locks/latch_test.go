// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"math"
	"math/bits"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// TestLatch opens a latch in several steps, with waiters in each form.
func TestLatch(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		l := locks.NewLatch(4)
		var through atomic.Int32
		pass := func(ok bool) {
			if ok {
				through.Add(1)
			}
		}
		c.StartWaiting(l, func() { l.Wait(); pass(true) })
		c.StartWaiting(l, func() { pass(l.WaitFor(math.MaxInt64)) })
		c.StartWaiting(l, func() { pass(l.WaitContext(t.Context()) == nil) })
		l.Arrive(0)
		l.Arrive(1)
		l.Arrive(2)
		if through.Load() != 0 || l.WaitFor(math.MinInt64) || l.WaitFor(0) || l.WaitFor(time.Millisecond) {
			t.Error("open before it was counted down")
		}
		c.Start(func() { l.ArriveAndWait(); pass(true) })
		c.Join()
		if n := through.Load(); n != 4 {
			t.Errorf("%d of 4 are through", n)
		}
		l.Wait() // stays open
		if !l.WaitFor(0) || l.WaitContext(t.Context()) != nil {
			t.Error("no longer open")
		}
		c.Idle(l, 0)
	})
}

// TestLatchOrdersMemory writes plain variables before the latch, and reads them behind it.
func TestLatchOrdersMemory(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const workers = 6
		for range locktest.Rounds(500) {
			l := locks.NewLatch(workers)
			var came [workers]int
			for i := range workers {
				c.Start(func() {
					came[i] = i + 1
					if i%2 == 0 {
						l.Arrive(1)
						for !l.WaitFor(time.Microsecond) {
						}
					} else {
						l.ArriveAndWait()
					}
					for j, n := range came {
						if n != j+1 {
							t.Errorf("the write of number %d is not seen", j)
						}
					}
				})
			}
			c.Join()
		}
	})
}

// TestLatchStress counts down while waiters come and give up. All those without a limit must get through.
func TestLatchStress(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const workers = 4
		random := c.Random(0)
		for range locktest.Rounds(1000) {
			l := locks.NewLatch(workers)
			var through atomic.Int32
			for i := range workers {
				limited, after := random.IntN(2) == 0, random.IntN(20)
				ctx, cancel := locktest.Briefly(random)
				c.Start(func() {
					defer cancel()
					if limited {
						l.WaitContext(ctx)
					}
					locktest.Spend(after)
					l.Arrive(1)
					if i%2 == 0 {
						l.Wait()
						through.Add(1)
					}
				})
			}
			c.Join()
			if n := through.Load(); n != workers/2 {
				t.Fatalf("%d of %d are through", n, workers/2)
			}
			c.Idle(l, 0)
		}
	})
}

// TestLatchGivingUp shows that a waiter that gives up leaves the others in the queue.
func TestLatchGivingUp(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		l := locks.NewLatch(1)
		ctx, cancel := context.WithCancel(t.Context())
		gaveUp := make(chan error, 1)
		c.StartWaiting(l, func() { gaveUp <- l.WaitContext(ctx) })
		c.StartWaiting(l, l.Wait)
		cancel()
		if err := <-gaveUp; !errors.Is(err, context.Canceled) {
			t.Errorf("gave up with %v", err)
		}
		if n := l.Waiting(); n != 1 {
			t.Errorf("%d wait, want 1", n)
		}
		l.Arrive(1)
		c.Join()
		c.Idle(l, 0)

		l = locks.NewLatch(1)
		l.WaitFor(time.Microsecond)
		c.Idle(l, 1) // without the bit for waiters
	})
}

func TestLatchMisuse(t *testing.T) {
	const negative = "locks: negative Latch counter"
	locktest.Panics(t, "a negative count", negative, func() { locks.NewLatch(-1) })
	if bits.UintSize == 64 {
		tooLarge := math.MaxInt32
		tooLarge++
		locktest.Panics(t, "a large count", "locks: Latch counter too large", func() { locks.NewLatch(tooLarge) })
		l := locks.NewLatch(1)
		locktest.Panics(t, "Arrive of a large number", negative, func() { l.Arrive(math.MaxInt) })
	}
	largest := locks.NewLatch(math.MaxInt32)
	if largest.Arrive(math.MaxInt32); !largest.WaitFor(0) {
		t.Error("a Latch is closed after its count")
	}
	l := locks.NewLatch(2)
	locktest.Panics(t, "Arrive(-1)", "locks: negative count for a Latch", func() { l.Arrive(-1) })
	locktest.Panics(t, "Arrive of more", negative, func() { l.Arrive(3) })
	var none context.Context
	locktest.Panics(t, "a nil context", "locks: nil context", func() { l.WaitContext(none) })
	if l.State() != 2 {
		t.Errorf("misuse has left the count %d, want 2", l.State())
	}
	c := locktest.NewCrew(t, locktest.Goroutines)
	c.StartWaiting(l, l.Wait)
	locktest.Panics(t, "Arrive of more, with a waiter", negative, func() { l.Arrive(3) })
	l.Arrive(2)
	c.Join()
	locktest.Panics(t, "Arrive at an open latch", negative, func() { l.Arrive(1) })
	locktest.Panics(t, "Arrive at the zero value", negative, func() { new(locks.Latch).Arrive(1) })
	new(locks.Latch).Wait()
}
