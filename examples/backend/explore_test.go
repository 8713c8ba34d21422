// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package backend

import (
	"context"
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/park"
)

// TestExploreSemaphore proves that a semaphore of one unit excludes and orders, that no waiter sleeps on, and that
// nothing is left behind.
func TestExploreSemaphore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		s := NewSemaphore(1)
		explored.Exclusion(x, 3, func(i int, critical func()) {
			s.Acquire(Priority(i), park.Limit{})
			critical()
			s.Release()
		})
		v := s.state.Load()
		x.Assert(v == 1, "the word is %#x at the end, want one unit and no bit", v)
	})
}

// TestExploreSemaphoreGivesUp proves that a unit is not lost on a waiter that gives up at any moment.
func TestExploreSemaphoreGivesUp(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		s := NewSemaphore(1)
		ctx, cancel := context.WithCancel(context.Background())
		s.Acquire(0, park.Limit{})
		x.Go(func() {
			if s.Acquire(1, park.Context(ctx)) == nil {
				s.Release()
			}
		})
		x.Go(cancel)
		s.Release()
		x.Wait()
		x.Assert(s.TryAcquire(), "the unit is lost")
	})
}

// TestExploreQueue proves that a queue of one place brings two values from two goroutines to two others.
func TestExploreQueue(t *testing.T) {
	explore.Options{Complete: true, Preemptions: 2}.Check(t, func(x *explore.Run) {
		q := NewQueue[int](1)
		var got [2]int
		for i := range 2 {
			x.Go(func() { q.Put(i+1, park.Limit{}) })
			x.Go(func() { got[i], _ = q.Get(park.Limit{}) })
		}
		x.Wait()
		x.Assert(got[0]+got[1] == 3, "got %v", got)
	})
}

// TestExploreClose proves that Close ends every wait.
func TestExploreClose(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		q := NewQueue[int](1)
		x.Go(func() {
			_, err := q.Get(park.Limit{})
			x.Assert(err == ErrClosed, "Get has returned %v", err)
		})
		q.Close()
	})
}

// TestExploreLock proves that the lock of a queue excludes and orders, and that no waiter sleeps on.
func TestExploreLock(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var l lock
		explored.Exclusion(x, 3, func(_ int, critical func()) {
			l.Lock()
			critical()
			l.Unlock()
		})
	})
}
