// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"math"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// TestSemaphoreResize changes the capacity between every two others, with each number of units in use.
func TestSemaphoreResize(t *testing.T) {
	sizes := []int64{0, 1, 2, 5, 1<<62 - 1}
	for _, from := range sizes {
		for _, to := range sizes {
			for _, inUse := range sizes {
				if inUse > from {
					continue
				}
				s := locks.NewSemaphore(from)
				s.Acquire(inUse)
				s.Resize(to)
				if c, a := s.Capacity(), s.Available(); c != to || a != to-inUse {
					t.Errorf("from %d to %d, %d in use: capacity %d, %d free, want %d", from, to, inUse, c, a, to-inUse)
				}
				if err := s.Acquire(to + 1); err != locks.ErrTooLarge {
					t.Errorf("from %d to %d: Acquire of one more = %v, want ErrTooLarge", from, to, err)
				}
				locktest.Panics(t, "Release of one more", "locks: semaphore released more than held", func() { s.Release(inUse + 1) })
				if fits := to >= inUse; s.TryAcquire(max(0, to-inUse)) != fits {
					t.Errorf("from %d to %d, %d in use: TryAcquire of what is free reports %v", from, to, inUse, !fits)
				} else if s.TryAcquire(1) {
					t.Errorf("from %d to %d, %d in use: TryAcquire has a unit more than there is", from, to, inUse)
				}
				s.Release(max(to, inUse))
				if a := s.Available(); a != to || !s.TryAcquire(to) {
					t.Errorf("from %d to %d, %d in use: %d free at the end", from, to, inUse, a)
				}
			}
		}
	}
}

// TestSemaphoreSwallows releases units, of which there are more than the capacity, one by one.
func TestSemaphoreSwallows(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		s := locks.NewSemaphore(5)
		s.Acquire(5)
		s.Resize(2)
		var served atomic.Int32
		for _, n := range []int64{0, 1, 1} {
			c.StartWaiting(s, func() {
				if s.Acquire(n) == nil {
					served.Add(1)
				}
			})
		}
		for released, want := range []int{0, 0, 0, 1, 2, 3} {
			if released > 0 {
				s.Release(1)
			}
			locktest.Eventually(t, "served as many as can be", func() bool { return int(served.Load()) >= want })
			if got := s.Waiting(); got != 3-want {
				t.Errorf("with %d units back %d wait, want %d", released, got, 3-want)
			}
			if want < 3 && s.TryAcquire(0) {
				t.Errorf("with %d units back TryAcquire has overtaken waiters", released)
			}
		}
		c.Join()
		c.Idle(s, 0)
	})
}

// TestSemaphoreResizeRefuses shrinks the capacity below requests that wait at the head, in the middle and at the end,
// and shows that the others keep their order, and that a head that is refused lets those behind it proceed.
func TestSemaphoreResizeRefuses(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		s := locks.NewSemaphore(8)
		s.Acquire(6)
		results := make(map[int64]chan error)
		for _, n := range []int64{8, 3, 7, 2, 1, 5} { // one of each, so that they are told apart
			result := make(chan error, 1)
			results[n] = result
			c.StartWaiting(s, func() { result <- s.Acquire(n) })
		}
		check := func(n int64, want error) {
			t.Helper()
			if err := <-results[n]; err != want {
				t.Errorf("the request of %d units has ended with %v, want %v", n, err, want)
			}
		}
		s.Resize(7) // one is free; 8 is refused, and 3 is the head
		check(8, locks.ErrTooLarge)
		s.Resize(4) // -2 are free
		check(7, locks.ErrTooLarge)
		check(5, locks.ErrTooLarge)
		if n, free := s.Waiting(), s.Available(); n != 3 || free != -2 {
			t.Errorf("%d wait, %d are free, want 3 and -2", n, free)
		}
		s.Release(4) // 2 are free, too few for the head
		if n := s.Waiting(); n != 3 {
			t.Errorf("%d wait, want 3: none overtakes the head", n)
		}
		s.Resize(2) // 0 are free; the head is refused
		check(3, locks.ErrTooLarge)
		if n := s.Waiting(); n != 2 {
			t.Errorf("%d wait, want 2", n)
		}
		s.Release(2)
		check(2, nil)
		s.Resize(3)
		check(1, nil)
		c.Join()
		c.Idle(s, 0)
		s.Release(3)

		s.Acquire(1)
		blocked := make(chan error, 1)
		c.StartWaiting(s, func() { blocked <- s.Acquire(3) })
		c.StartWaiting(s, func() { s.Acquire(1) })
		s.Resize(2) // refuses the head, and serves the next one with what is free
		if err := <-blocked; err != locks.ErrTooLarge {
			t.Errorf("the head has ended with %v, want ErrTooLarge", err)
		}
		c.Join()
		c.Idle(s, 0)
	})
}

// TestSemaphoreResizeServes grows the capacity under waiters.
func TestSemaphoreResizeServes(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		s := locks.NewSemaphore(3)
		s.Acquire(3)
		for _, n := range []int64{1, 2, 3} {
			c.StartWaiting(s, func() { s.Acquire(n) })
		}
		for _, step := range []struct {
			capacity int64
			waiting  int
		}{{4, 2}, {5, 2}, {6, 1}, {8, 1}, {9, 0}} {
			s.Resize(step.capacity)
			if n := s.Waiting(); n != step.waiting {
				t.Errorf("with a capacity of %d, %d wait, want %d", step.capacity, n, step.waiting)
			}
		}
		c.Join()
		c.Idle(s, 0)
	})
}

// TestSemaphoreResizeStress changes the capacity while units come and go, and counts them.
func TestSemaphoreResizeStress(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const most, workers = 10, 6
		s := locks.NewSemaphore(most)
		var held, refused atomic.Int64
		for i := range workers {
			random := c.Random(i)
			c.Start(func() {
				for range c.Repeat(locktest.Rounds(3000)) {
					n, got := random.Int64N(most+1), false
					switch random.IntN(4) {
					case 0:
						err := s.Acquire(n)
						if got = err == nil; !got {
							refused.Add(1)
						}
						if err != nil && err != locks.ErrTooLarge {
							t.Errorf("Acquire = %v", err)
						}
					case 1:
						got = s.TryAcquire(n)
					case 2:
						got = s.TryAcquireFor(n, time.Duration(random.IntN(50_000)))
					case 3:
						ctx, cancel := locktest.Briefly(random)
						got = s.AcquireContext(ctx, n) == nil
						cancel()
					}
					if random.IntN(4) == 0 {
						s.Resize(random.Int64N(most + 1))
					}
					if !got {
						continue
					}
					if h := held.Add(n); h > most {
						t.Errorf("%d units are held, of %d at most", h, most)
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
		s.Resize(most)
		t.Logf("%d refused", refused.Load())
		c.Idle(s, most)
	})
}

// TestCountingSemaphore counts from 0, and to the largest number.
func TestCountingSemaphore(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		s := locks.NewCountingSemaphore(0)
		if s.TryAcquire(1) || !s.TryAcquire(0) || s.Available() != 0 {
			t.Error("a counting semaphore of 0 has units")
		}
		var items atomic.Int32
		const each, workers = 500, 3
		for range workers {
			c.Start(func() {
				for range each {
					s.Acquire(2)
					items.Add(-2)
				}
			})
			c.Start(func() {
				for range 2 * each {
					items.Add(1)
					s.Release(1)
				}
			})
		}
		c.Join()
		if n := items.Load(); n != 0 {
			t.Errorf("%d items are left, want none", n)
		}
		c.Idle(s, 0)
	})
}

func TestCountingSemaphoreLimits(t *testing.T) {
	const most, outOfRange = 1<<62 - 1, "locks: count of a semaphore out of range"
	s := locks.NewCountingSemaphore(most - 1)
	if n := s.Capacity(); n != most {
		t.Errorf("capacity %#x, want %#x", n, int64(most))
	}
	locktest.Panics(t, "Release of 2", outOfRange, func() { s.Release(2) })
	locktest.Panics(t, "Release of the largest number", outOfRange, func() { s.Release(math.MaxInt64) })
	s.Release(1)
	locktest.Panics(t, "Release of 1", outOfRange, func() { s.Release(1) })
	s.Release(0)
	if err := s.Acquire(most + 1); err != locks.ErrTooLarge {
		t.Errorf("Acquire of more than can be counted = %v, want ErrTooLarge", err)
	}
	if n := s.Available(); n != most || !s.TryAcquire(most) || s.TryAcquire(1) {
		t.Errorf("%d are free, want %d", n, int64(most))
	}
	if full := locks.NewCountingSemaphore(most); full.Available() != most {
		t.Errorf("%d are free, want %d", full.Available(), int64(most))
	}
	locktest.Panics(t, "Resize", "locks: Resize of a counting semaphore", func() { s.Resize(1) })
	locktest.Panics(t, "Resize to -1", "locks: negative semaphore capacity", func() { s.Resize(-1) })
	locktest.Panics(t, "a negative count", outOfRange, func() { locks.NewCountingSemaphore(-1) })
	locktest.Panics(t, "a count too large", outOfRange, func() { locks.NewCountingSemaphore(most + 1) })
	if s.State() != 0 || s.Capacity() != most {
		t.Errorf("misuse has left %#x, capacity %#x", s.State(), s.Capacity())
	}
}

func TestSemaphoreResizeMisuse(t *testing.T) {
	s := locks.NewSemaphore(3)
	s.Acquire(2)
	locktest.Panics(t, "Resize to -1", "locks: negative semaphore capacity", func() { s.Resize(-1) })
	const more = "locks: semaphore released more than held"
	locktest.Panics(t, "Release", more, func() { s.Release(3) })
	s.Resize(1)
	locktest.Panics(t, "Release above a smaller capacity", more, func() { s.Release(3) })
	if s.Capacity() != 1 || s.Available() != -1 {
		t.Errorf("misuse has left a capacity of %d, %d free", s.Capacity(), s.Available())
	}
	s.Release(2)
	if err := s.AcquireContext(context.Background(), 1); err != nil {
		t.Error(err)
	}

	var zero locks.Semaphore
	if zero.TryAcquire(1) || zero.Capacity() != 0 {
		t.Error("the zero Semaphore has units")
	}
	zero.Resize(1)
	if !zero.TryAcquire(1) {
		t.Error("the zero Semaphore has no units after Resize")
	}
}
