// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"math"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// A binarySemaphore is a mutex.
type binarySemaphore struct{ *locks.Semaphore }

func (s binarySemaphore) Lock()                                 { s.Acquire(1) }
func (s binarySemaphore) TryLock() bool                         { return s.TryAcquire(1) }
func (s binarySemaphore) TryLockFor(d time.Duration) bool       { return s.TryAcquireFor(1, d) }
func (s binarySemaphore) LockContext(ctx context.Context) error { return s.AcquireContext(ctx, 1) }
func (s binarySemaphore) Unlock()                               { s.Release(1) }

func TestSemaphoreAsMutex(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return binarySemaphore{locks.NewSemaphore(1)} },
		locktest.Workers(pinned))
}

// TestSemaphoreOrder releases units one by one, which serves waiters in FIFO order.
func TestSemaphoreOrder(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const capacity = 10
		s := locks.NewSemaphore(capacity)
		if !s.TryAcquire(capacity) {
			t.Fatal("a new semaphore lacks its units")
		}
		weights := []int64{3, 1, 0, 5, 1}
		var served atomic.Int32
		for _, n := range weights {
			c.StartWaiting(s, func() {
				if s.AcquireContext(t.Context(), n) == nil {
					served.Add(1)
				}
			})
		}
		for released, want := range []int{0, 0, 0, 1, 3, 3, 3, 3, 3, 4, 5} { // sums 3, 4, 4, 9, 10
			if released > 0 {
				s.Release(1)
			}
			locktest.Eventually(t, "served as many as can be", func() bool { return int(served.Load()) >= want })
			if got, waiting := int(served.Load()), s.Waiting(); got != want || waiting != len(weights)-want {
				t.Errorf("with %d units back %d are served and %d wait, want %d to be served", released, got, waiting, want)
			}
			if s.TryAcquire(0) && want < len(weights) {
				t.Errorf("with %d units back TryAcquire has overtaken waiters", released)
			}
		}
		c.Join()
		c.Idle(s, 0)
	})
}

// TestSemaphoreGivingUpServes lets a head give up, behind which waiters want less.
func TestSemaphoreGivingUpServes(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		s := locks.NewSemaphore(10)
		s.TryAcquire(8)
		ctx, cancel := context.WithCancel(t.Context())
		gaveUp := make(chan error, 1)
		var served atomic.Int32
		c.StartWaiting(s, func() { gaveUp <- s.AcquireContext(ctx, 5) })
		for _, n := range []int64{1, 1, 4, 1} {
			c.StartWaiting(s, func() {
				if s.AcquireContext(t.Context(), n) == nil {
					served.Add(1)
				}
			})
		}
		if served.Load() != 0 {
			t.Error("a waiter has overtaken the head")
		}
		cancel()
		if err := <-gaveUp; !errors.Is(err, context.Canceled) {
			t.Errorf("the head gave up with %v", err)
		}
		locktest.Eventually(t, "the next two are served", func() bool { return served.Load() == 2 })
		if n := s.Waiting(); n != 2 {
			t.Errorf("%d wait, want 2: the third does not fit and the fourth must not overtake", n)
		}
		s.Release(5)
		c.Join()
		c.Idle(s, 0)
	})
}

// TestSemaphoreStress acquires random weights with random limits, and counts the units.
func TestSemaphoreStress(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const capacity, workers = 10, 8
		s := locks.NewSemaphore(capacity)
		var held, served, gaveUp atomic.Int64
		for i := range workers {
			random := c.Random(i)
			c.Start(func() {
				for range c.Repeat(locktest.Rounds(4000)) {
					n, got := random.Int64N(capacity+1), false
					switch random.IntN(4) {
					case 0:
						got = s.Acquire(n) == nil
					case 1:
						got = s.TryAcquire(n)
					case 2:
						got = s.TryAcquireFor(n, time.Duration(random.IntN(50_000)))
					case 3:
						ctx, cancel := locktest.Briefly(random)
						got = s.AcquireContext(ctx, n) == nil
						cancel()
					}
					if !got {
						gaveUp.Add(1)
						continue
					}
					served.Add(1)
					if h := held.Add(n); h > capacity {
						t.Errorf("%d units are held, of %d", h, capacity)
					}
					if random.IntN(4) == 0 {
						runtime.Gosched()
					}
					held.Add(-n)
					s.Release(n)
				}
			})
		}
		c.Join()
		t.Logf("%d served, %d gave up", served.Load(), gaveUp.Load())
		c.Idle(s, capacity)
	})
}

// TestSemaphoreOrdersMemory writes plain variables: the race detector checks the order. With two
// units each Acquire may follow either Release, so all units are taken to look.
func TestSemaphoreOrdersMemory(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const workers = 4
		s := locks.NewSemaphore(workers)
		var counts [workers]int
		for i := range workers {
			c.Start(func() {
				for range c.Repeat(locktest.Rounds(1000)) {
					s.Acquire(1)
					counts[i]++
					s.Release(1)
					s.Acquire(workers)
					for j := range counts {
						counts[j]++
					}
					s.Release(workers)
				}
			})
		}
		c.Join()
		for i, n := range counts {
			if want := locktest.Rounds(1000) * (workers + 1); n != want {
				t.Errorf("count %d is %d, want %d", i, n, want)
			}
		}
	})
}

func TestSemaphoreLimits(t *testing.T) {
	const capacity = 1<<62 - 1
	s := locks.NewSemaphore(math.MaxInt64) // counts as the largest capacity
	if n := s.Capacity(); n != capacity {
		t.Errorf("capacity %#x, want %#x", n, int64(capacity))
	}
	for _, n := range []int64{capacity + 1, math.MaxInt64} {
		if err := s.Acquire(n); err != locks.ErrTooLarge || s.TryAcquire(n) {
			t.Errorf("Acquire(%#x) = %v, want ErrTooLarge, or TryAcquire has them", n, err)
		}
	}
	for _, d := range []time.Duration{math.MinInt64, -1, 0, 1, math.MaxInt64} {
		if !s.TryAcquireFor(capacity, d) {
			t.Errorf("TryAcquireFor(%d) of free units failed", d)
			continue
		}
		s.Release(capacity)
	}
	s.TryAcquire(capacity)
	for _, d := range []time.Duration{math.MinInt64, -1, 0, 1, time.Millisecond} {
		begin := time.Now()
		if s.TryAcquireFor(1, d) {
			t.Errorf("TryAcquireFor(%d) has units that are taken", d)
		}
		if took := time.Since(begin); took < d {
			t.Errorf("TryAcquireFor(%v) gave up after %v", d, took)
		}
	}
	if s.Waiting() != 0 || s.State() != 0 {
		t.Errorf("%d wait, word %#x, after all have given up", s.Waiting(), s.State())
	}
	c := locktest.NewCrew(t, locktest.Goroutines)
	c.StartWaiting(s, func() {
		if !s.TryAcquireFor(1, math.MaxInt64) {
			t.Error("the longest time is over")
		}
	})
	s.Release(1)
	c.Join()
	s.Release(capacity)

	s = locks.NewSemaphore(2)
	if err := s.Acquire(3); err != locks.ErrTooLarge {
		t.Errorf("Acquire of 3 units of 2 = %v, want ErrTooLarge", err)
	}
	if err := s.AcquireLimit(park.For(0), 3); err != locks.ErrTooLarge {
		t.Errorf("AcquireLimit of 3 units of 2 = %v, want ErrTooLarge", err)
	}
	if s.TryAcquire(3) || s.TryAcquireFor(3, time.Hour) {
		t.Error("3 units of 2 were acquired")
	}
	if none := locks.NewSemaphore(0); !none.TryAcquire(0) || none.TryAcquire(1) {
		t.Error("a semaphore of no units has some, or less")
	}
	if s.State() != 2 {
		t.Errorf("word %#x, want 2 free", s.State())
	}
}

func TestSemaphoreMisuse(t *testing.T) {
	ctx := context.Background()
	s := locks.NewSemaphore(2)
	locktest.Panics(t, "a negative capacity", "locks: negative semaphore capacity", func() { locks.NewSemaphore(-1) })
	const negative = "locks: negative semaphore weight"
	locktest.Panics(t, "Acquire(-1)", negative, func() { s.Acquire(-1) })
	locktest.Panics(t, "AcquireLimit(-1)", negative, func() { s.AcquireLimit(park.For(0), -1) })
	locktest.Panics(t, "AcquireContext(-1)", negative, func() { s.AcquireContext(ctx, -1) })
	locktest.Panics(t, "TryAcquire(-1)", negative, func() { s.TryAcquire(math.MinInt64) })
	locktest.Panics(t, "TryAcquireFor(-1)", negative, func() { s.TryAcquireFor(-1, 0) })
	locktest.Panics(t, "Release(-1)", negative, func() { s.Release(-1) })
	const more = "locks: semaphore released more than held"
	locktest.Panics(t, "Release of nothing", more, func() { s.Release(1) })
	s.TryAcquire(1)
	locktest.Panics(t, "Release of too much", more, func() { s.Release(2) })
	locktest.Panics(t, "Release of the largest number", more, func() { s.Release(math.MaxInt64) })
	var none context.Context
	locktest.Panics(t, "a nil context", "locks: nil context", func() { s.AcquireContext(none, 1) })
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.AcquireContext(ended, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("Acquire with a context that has ended = %v", err)
	}
	locktest.Panics(t, "AcquireContext(-1) with a context that has ended", negative, func() { s.AcquireContext(ended, -1) })
	if s.State() != 1 {
		t.Errorf("misuse has left the word %#x, want 1 free", s.State())
	}
}

// TestSemaphoreLimit acquires with limits that have passed, and with limits that end the wait.
func TestSemaphoreLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := locks.NewSemaphore(2)
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		for _, limit := range []park.Limit{{}, park.For(-1), park.For(time.Second), park.Context(ended)} {
			if err := s.AcquireLimit(limit, 2); err != nil {
				t.Fatalf("units are free: %v", err)
			}
			s.Release(2)
		}
		s.Acquire(1)
		begin, limit := time.Now(), park.For(time.Second)
		for range 2 { // the limit does not move
			if err := s.AcquireLimit(limit, 2); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begin) != time.Second {
				t.Errorf("one unit is held: %v after %v, want %v after 1s", err, time.Since(begin), os.ErrDeadlineExceeded)
			}
		}
		if err := s.AcquireLimit(park.Context(ended), 2); !errors.Is(err, context.Canceled) {
			t.Errorf("one unit is held: %v, want %v", err, context.Canceled)
		}
		go func() { time.Sleep(time.Second); s.Release(1) }()
		if err := s.AcquireLimit(park.For(time.Minute), 2); err != nil {
			t.Errorf("both units are free: %v", err)
		}
		if s.State() != 0 || s.Waiting() != 0 {
			t.Errorf("word %#x, %d wait, want none free, none waiting", s.State(), s.Waiting())
		}
	})
}
