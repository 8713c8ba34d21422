// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package historical

import (
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/locks/park"
)

// A cond is a condition variable.
type cond interface {
	Wait(l sync.Locker)
	Signal()
}

// A sequenceCond is a condition variable that is a number of signals, as those of Android's C library and of many
// ports to futexes were. One Signal ends the Waits of all that have noted the number, and are not asleep yet.
type sequenceCond struct{ signals atomic.Uint32 }

func (c *sequenceCond) Wait(l sync.Locker) {
	seen := c.signals.Load()
	l.Unlock()
	park.Wait(&c.signals, seen)
	l.Lock()
}

func (c *sequenceCond) Signal() {
	c.signals.Add(1)
	park.Wake(&c.signals)
}

// A semaphoreCond is a condition variable made of a semaphore and a count, the first in Andrew Birrell, Implementing
// condition variables with semaphores (2003), and in ports to Windows before it had any. One that comes after
// the Signal can take what was meant for a waiter.
type semaphoreCond struct {
	mu      sync.Mutex
	waiters int // guarded by mu
	s       semaphore
}

func (c *semaphoreCond) Wait(l sync.Locker) {
	c.mu.Lock()
	c.waiters++
	c.mu.Unlock()
	l.Unlock()
	c.s.acquire()
	l.Lock()
}

func (c *semaphoreCond) Signal() {
	c.mu.Lock()
	if c.waiters > 0 {
		c.waiters--
		c.s.release()
	}
	c.mu.Unlock()
}

// A semaphore counts.
type semaphore struct{ n atomic.Uint32 }

func (s *semaphore) acquire() {
	for {
		n := s.n.Load()
		if n == 0 {
			park.Wait(&s.n, 0)
		} else if s.n.CompareAndSwap(n, n-1) {
			return
		}
	}
}

func (s *semaphore) release() {
	s.n.Add(1)
	park.Wake(&s.n)
}

// A queueCond is both of them mended, as in Birrell's last version: each waiter has a semaphore of its own, in a queue.
type queueCond struct {
	mu    sync.Mutex
	queue []*semaphore // guarded by mu
}

func (c *queueCond) Wait(l sync.Locker) {
	own := new(semaphore)
	c.mu.Lock()
	c.queue = append(c.queue, own)
	c.mu.Unlock()
	l.Unlock()
	own.acquire()
	l.Lock()
}

func (c *queueCond) Signal() {
	c.mu.Lock()
	if len(c.queue) > 0 {
		c.queue[0].release()
		c.queue = c.queue[1:]
	}
	c.mu.Unlock()
}
