// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package historical

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/locks/park"
)

// A timed semaphore has units that go to its waiters in order, each of which may give up.
type timed struct {
	mu    sync.Mutex
	free  int       // guarded by mu
	queue []*waiter // guarded by mu
}

type waiter struct{ granted atomic.Uint32 } // 1: has a unit, and is out of the queue

// acquire takes a unit. If the limit ends the wait, giveUp decides what it returns.
func (s *timed) acquire(limit park.Limit, giveUp func(*waiter) bool) bool {
	s.mu.Lock()
	if s.free > 0 {
		s.free--
		s.mu.Unlock()
		return true
	}
	w := new(waiter)
	s.queue = append(s.queue, w)
	s.mu.Unlock()
	for w.granted.Load() == 0 {
		if park.WaitLimit(&w.granted, 0, park.Condition, limit) != nil {
			return giveUp(w)
		}
	}
	return true
}

// release gives a unit to the first waiter, or keeps it.
func (s *timed) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		s.free++
		return
	}
	w := s.queue[0]
	s.queue = s.queue[1:]
	w.granted.Store(1)
	park.Wake(&w.granted)
}

// eat lets w give up. It does not notice that w was given a unit in the moment in which its time was over: no goroutine
// has that any more. Condition variables and semaphores with time-outs have had this bug again and again.
func (s *timed) eat(w *waiter) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.queue, w); i >= 0 {
		s.queue = slices.Delete(s.queue, i, i+1)
	}
	return false
}

// leave lets w give up, unless it was given a unit.
func (s *timed) leave(w *waiter) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.Index(s.queue, w)
	if i < 0 {
		return true
	}
	s.queue = slices.Delete(s.queue, i, i+1)
	return false
}
