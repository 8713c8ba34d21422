// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// A units is a Semaphore of n units as a lock: it is locked while all n are acquired.
type units struct {
	s *locks.Semaphore
	n int64
}

func newUnits(n int64) exclusive { return units{locks.NewSemaphore(n), n} }

func (u units) Lock()                                 { u.s.Acquire(u.n) }
func (u units) TryLock() bool                         { return u.s.TryAcquire(u.n) }
func (u units) TryLockFor(d time.Duration) bool       { return u.s.TryAcquireFor(u.n, d) }
func (u units) LockContext(ctx context.Context) error { return u.s.AcquireContext(ctx, u.n) }
func (u units) Unlock()                               { u.s.Release(u.n) }
func (u units) Waiting() int                          { return u.s.Waiting() }
func (u units) State() uint64                         { return u.s.State() - uint64(u.n) }
func (u units) Line() []*park.Waiter                  { return u.s.Line() }

// TestExploreSemaphoreAsMutex explores a Semaphore of which each request wants all units.
func TestExploreSemaphoreAsMutex(t *testing.T) {
	exploreLock(t, func() exclusive { return newUnits(1) }, []contest{
		{"Acquire", complete, [][]attempt{{lock, lock, lock}, {lock, lock}}},
		{"Acquire, three", complete, [][]attempt{{lock}, {lock}, {lock}}},
		{"Acquire, four", atMost(2), [][]attempt{{lock}, {lock}, {lock}, {lock}}},
		{"TryAcquire alone", complete, [][]attempt{{try}, {try}}},
		{"TryAcquire", complete, [][]attempt{{lock}, {lock}, {try}}},
		{"TryAcquireFor", atMost(2), [][]attempt{{lock}, {tryFor}, {tryFor}}},
		{"TryAcquireFor, four", atMost(1), [][]attempt{{lock}, {lock}, {tryFor}, {tryFor}}},
		{"contexts", complete, [][]attempt{{lock, lock}, {lockContext}}},
		{"contexts, three", atMost(1), [][]attempt{{lock}, {lockContext}, {lockContext}}},
	})
}

// TestExploreSemaphoreWeights lets readers, of one unit each, and writers, of all, share a value, and shows that no
// waiter is left out when units come free one by one.
func TestExploreSemaphoreWeights(t *testing.T) {
	for _, test := range []struct {
		name    string
		bounds  explore.Options
		weights []int64
	}{
		{"two readers", complete, []int64{1, 1, 2}},
		{"two writers", complete, []int64{2, 2, 1}},
		{"four", atMost(2), []int64{2, 1, 2, 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.bounds.Check(t, func(x *explore.Run) {
				s := locks.NewSemaphore(2)
				var value explore.Var[int]
				for i, n := range test.weights {
					x.Go(func() {
						s.Acquire(n)
						if n == 2 {
							value.Store(i)
						} else {
							value.Load()
						}
						s.Release(n)
					})
				}
				x.Wait()
				mustBeIdle(x, s, 2)
			})
		})
	}
}

// TestExploreSemaphoreHeadGivesUp shows that a large request that gives up lets the small ones behind it through:
// its units are never all free, as one is in use until the small ones are done.
func TestExploreSemaphoreHeadGivesUp(t *testing.T) {
	for _, test := range []struct {
		name   string
		bounds explore.Options
		small  int
	}{{"one behind", complete, 1}, {"two behind", atMost(2), 2}} {
		t.Run(test.name, func(t *testing.T) {
			test.bounds.Check(t, func(x *explore.Run) {
				s := locks.NewSemaphore(3)
				s.TryAcquire(1)
				x.Go(func() {
					x.Assert(s.AcquireContext(soon(x), 3) != nil, "acquired three units, of which one is in use")
				})
				for range test.small {
					x.Go(func() { s.Acquire(1) })
				}
				x.Wait()
				s.Release(1 + int64(test.small))
				mustBeIdle(x, s, 3)
			})
		})
	}
}

// TestExploreSemaphoreGivesUp has one unit come free while a request may give up, which is enough or not.
func TestExploreSemaphoreGivesUp(t *testing.T) {
	for _, test := range []struct {
		name string
		want int64
	}{{"enough", 1}, {"too few", 2}} {
		t.Run(test.name, func(t *testing.T) {
			complete.Check(t, func(x *explore.Run) {
				s := locks.NewSemaphore(2)
				s.TryAcquire(2)
				x.Go(func() { s.Release(1) })
				got := s.AcquireContext(soon(x), test.want) == nil
				x.Wait()
				x.Assert(!got || test.want == 1, "acquired two units, of which one is in use")
				if got {
					s.Release(1)
				}
				s.Release(1)
				mustBeIdle(x, s, 2)
			})
		})
	}
}

// TestExploreSemaphoreOvertaking shows that while a large request waits, no small one is served, not even by
// TryAcquire, though it would fit.
func TestExploreSemaphoreOvertaking(t *testing.T) {
	complete.Check(t, func(x *explore.Run) {
		s := locks.NewSemaphore(2)
		s.TryAcquire(1)
		large := false
		x.Go(func() {
			s.Acquire(2)
			large = true
			s.Release(2)
		})
		x.Go(func() {
			queued := s.Waiting() == 1
			if s.TryAcquire(1) {
				x.Assert(!queued || large, "a small request has overtaken a large one")
				s.Release(1)
			}
		})
		x.Go(func() { s.Release(1) })
		x.Wait()
		mustBeIdle(x, s, 2)
	})
}

// TestExploreSemaphoreResize changes the capacity beside requests. At the end it is 2, and two units are free.
func TestExploreSemaphoreResize(t *testing.T) {
	acquire := func(n int64) func(x *explore.Run, s *locks.Semaphore) {
		return func(x *explore.Run, s *locks.Semaphore) {
			if s.Acquire(n) == nil {
				s.Release(n)
			}
		}
	}
	try := func(n int64) func(x *explore.Run, s *locks.Semaphore) {
		return func(x *explore.Run, s *locks.Semaphore) {
			if s.TryAcquire(n) {
				s.Release(n)
			}
		}
	}
	giveUp := func(x *explore.Run, s *locks.Semaphore) {
		if s.AcquireContext(soon(x), 2) == nil {
			s.Release(2)
		}
	}
	release := func(x *explore.Run, s *locks.Semaphore) { s.Release(1) }
	resize := func(sizes ...int64) func(x *explore.Run, s *locks.Semaphore) {
		return func(x *explore.Run, s *locks.Semaphore) {
			for _, n := range sizes {
				s.Resize(n)
			}
		}
	}
	for _, test := range []struct {
		name          string
		bounds        explore.Options
		capacity, use int64 // use is released by release
		do            []func(x *explore.Run, s *locks.Semaphore)
	}{
		{"grow", complete, 1, 1, []func(x *explore.Run, s *locks.Semaphore){acquire(1), resize(2), release}},
		{"grow for a large one", complete, 1, 1, []func(x *explore.Run, s *locks.Semaphore){acquire(2), resize(2), release}},
		{"shrink", atMost(2), 3, 1, []func(x *explore.Run, s *locks.Semaphore){acquire(3), acquire(2), resize(2), release}},
		{"shrink below the head", atMost(2), 3, 1, []func(x *explore.Run, s *locks.Semaphore){acquire(3), acquire(1), resize(2), release}},
		{"shrink and grow", complete, 2, 1, []func(x *explore.Run, s *locks.Semaphore){acquire(2), resize(1, 2), release}},
		{"to nothing and back", atMost(2), 1, 1, []func(x *explore.Run, s *locks.Semaphore){acquire(1), acquire(2), resize(0, 2), release}},
		{"give up", atMost(1), 3, 1, []func(x *explore.Run, s *locks.Semaphore){giveUp, acquire(1), resize(1, 2), release}},
		{"two resize", atMost(2), 1, 1, []func(x *explore.Run, s *locks.Semaphore){acquire(1), resize(2), resize(3, 2), release}},
		{"TryAcquire", atMost(2), 1, 1, []func(x *explore.Run, s *locks.Semaphore){try(1), try(2), resize(0, 2), release}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.bounds.Check(t, func(x *explore.Run) {
				s := locks.NewSemaphore(test.capacity)
				s.TryAcquire(test.use)
				for _, f := range test.do {
					x.Go(func() { f(x, s) })
				}
				x.Wait()
				if test.name == "two resize" {
					s.Resize(2)
				}
				x.Assert(s.Capacity() == 2, "capacity %d, want 2", s.Capacity())
				mustBeIdle(x, s, 2)
			})
		})
	}
}

// TestExploreSemaphoreResizeExact shows that a smaller capacity limits all requests after the return of Resize, and
// that a correct Release never panics beside a Resize, while an excessive one does.
func TestExploreSemaphoreResizeExact(t *testing.T) {
	complete.Check(t, func(x *explore.Run) {
		s := locks.NewSemaphore(2)
		var shrunk, late atomic.Bool
		x.Go(func() { s.Resize(1); shrunk.Store(true) })
		for range 2 {
			x.Go(func() {
				before := shrunk.Load()
				if s.TryAcquire(1) && before {
					late.Store(true)
				}
			})
		}
		x.Wait()
		inUse := 1 - s.Available()
		x.Assert(inUse >= 1 && inUse <= 2 && (!late.Load() || inUse == 1), "%d in use, one acquired after Resize: %t", inUse, late.Load())
		s.Release(inUse)
		mustBeIdle(x, s, 1)
	})
	for _, to := range []int64{1, 3} {
		complete.Check(t, func(x *explore.Run) {
			s := locks.NewSemaphore(2)
			s.Acquire(1)
			x.Go(func() { s.Resize(to) })
			x.Go(func() {
				panicked := func() (p any) {
					defer func() { p = recover() }()
					s.Release(2)
					return nil
				}()
				x.Assert(panicked != nil, "Release of 2 units, of which 1 is in use, has not panicked")
			})
			x.Go(func() { s.Release(1); s.Acquire(1) })
			x.Wait()
			s.Release(1)
			mustBeIdle(x, s, uint64(to))
		})
	}
}

// TestExploreSemaphoreCounting passes items from producers to consumers.
func TestExploreSemaphoreCounting(t *testing.T) {
	complete.Check(t, func(x *explore.Run) {
		s := locks.NewCountingSemaphore(0)
		var items [2]explore.Var[int]
		for i := range items {
			x.Go(func() { items[i].Store(1); s.Release(1) })
		}
		x.Go(func() {
			s.Acquire(2)
			x.Assert(items[0].Load()+items[1].Load() == 2, "an item is missing")
		})
		x.Wait()
		mustBeIdle(x, s, 0)
	})
}
