// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"errors"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/shared"
)

// dies explores goroutines, each in a process of its own, of which the first is killed at any step, or not. begin places what
// they share in a region, and returns them and the words that the kernel marks.
func dies(t *testing.T, options explore.Options, begin func(x *explore.Run) (words []*atomic.Uint32, goroutines []func())) {
	t.Helper()
	needRegions(t)
	options.Check(t, func(x *explore.Run) {
		words, goroutines := begin(x)
		doomed := x.Process()
		doomed.Go(goroutines[0])
		for _, f := range goroutines[1:] {
			x.Process().Go(f)
		}
		x.Go(func() {
			if x.Choose(2) == 1 && doomed.Kill() {
				shared.Bury(1, words...)
			}
		})
		x.Wait()
	})
}

// TestExploreEventDeath kills a process that waits for an Event: another one does not miss the Set.
func TestExploreEventDeath(t *testing.T) {
	dies(t, atMost(3), func(x *explore.Run) ([]*atomic.Uint32, []func()) {
		e := shared.ExploreMemory[shared.Event]()
		wait := func() { x.Assert(e.Wait() == nil, "Wait has failed") }
		return nil, []func(){wait, wait, func() { x.Assert(e.Set() == nil, "Set has failed") }}
	})
}

// TestExploreCondDeath kills a process that waits at a Cond, or is about to: the Signal reaches another one.
func TestExploreCondDeath(t *testing.T) {
	dies(t, atMost(2), func(x *explore.Run) ([]*atomic.Uint32, []func()) {
		s := shared.ExploreMemory[struct {
			mu   shared.Mutex
			cond shared.Cond
			full uint32
		}]()
		locked := func(err error) {
			if err == shared.ErrOwnerDied {
				s.mu.Consistent()
				err = nil
			}
			x.Assert(err == nil, "%v", err)
		}
		take := func() {
			locked(s.mu.Lock())
			for s.full == 0 {
				locked(s.cond.Wait(&s.mu))
			}
			s.mu.Unlock()
		}
		give := func() {
			locked(s.mu.Lock())
			s.full = 1
			s.mu.Unlock()
			for range 2 {
				x.Assert(s.cond.Signal() == nil, "Signal has failed")
			}
		}
		return []*atomic.Uint32{s.mu.Word()}, []func(){take, take, give}
	})
}

// TestExploreSemaphoreDeath kills a process that wants or holds a permit: the permit comes back, and is never another's at the
// same time.
func TestExploreSemaphoreDeath(t *testing.T) {
	dies(t, atMost(2), func(x *explore.Run) ([]*atomic.Uint32, []func()) {
		s := shared.ExploreMemory[shared.Semaphore]()
		x.Assert(s.Init(1) == nil, "Init has failed")
		var n explore.Var[int]
		use := func() {
			x.Assert(s.Acquire(1) == nil, "Acquire has failed")
			n.Store(n.Load() + 1) // a race, if two have the permit
			s.Release(1)
		}
		return s.Words(), []func(){use, use}
	})
}

// TestExploreBarrierDeath kills a party of a Barrier, before it comes, while it waits, or when it is through. The other
// one gets through only if that has arrived, and otherwise gives up or learns that the Barrier is broken.
func TestExploreBarrierDeath(t *testing.T) {
	dies(t, atMost(2), func(x *explore.Run) ([]*atomic.Uint32, []func()) {
		b := shared.ExploreMemory[shared.Barrier]()
		x.Assert(b.Init(2) == nil, "Init has failed")
		var came atomic.Bool
		doomed := func() {
			came.Store(true)
			_, err := b.Wait()
			x.Assert(err == nil || errors.Is(err, shared.ErrBroken), "%v", err)
		}
		other := func() {
			_, err := b.WaitFor(time.Second)
			x.Assert(err == nil || errors.Is(err, shared.ErrBroken) || errors.Is(err, os.ErrDeadlineExceeded), "%v", err)
			x.Assert(err != nil || came.Load(), "a round of one party")
		}
		return b.Words(), []func(){doomed, other}
	})
}
