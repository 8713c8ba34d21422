// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package condloop

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/native"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/shared"
)

type queue struct {
	mu    sync.Mutex
	c     sync.Cond
	lc    locks.Cond
	nc    native.Cond
	sc    shared.Cond
	sm    shared.Mutex
	word  atomic.Uint32
	items []int
}

func (q *queue) once() {
	q.mu.Lock()
	if len(q.items) == 0 {
		q.c.Wait() // want `sync.Cond.Wait in an if: when it returns the condition may not hold; write "for" in place of "if"`
	}
	for {
		q.lc.Wait()
		break
	}
	if len(q.items) == 0 {
		ok := q.lc.WaitFor(time.Second) // want `locks.Cond.WaitFor in an if`
		_ = ok
	}
	q.mu.Unlock()
}

func (q *queue) popLocked() int {
	if len(q.items) == 0 {
		q.lc.Wait() // want `locks.Cond.Wait in an if`
	}
	return q.items[0]
}

func (q *queue) spurious() {
	q.nc.L.Lock()
	q.nc.Wait() // want `native.Cond.Wait outside of a loop: it may return though nothing has happened`
	q.nc.L.Unlock()
	if q.sm.Lock() == nil {
		_ = q.sc.Wait(&q.sm) // want `shared.Cond.Wait in an if`
	}
}

func (q *queue) word32() {
	if q.word.Load() == 1 {
		park.Wait(&q.word, 1) // want `park.Wait in an if`
	}
}

func (q *queue) right(d time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.c.Wait()
	}
	for {
		if len(q.items) > 0 {
			break
		}
		q.nc.WaitFor(d)
	}
again:
	if len(q.items) == 0 {
		q.lc.Wait()
		goto again
	}
	for q.word.Load() == 1 {
		park.Wait(&q.word, 1)
	}
}

// The callers loop.
func (q *queue) wait(d time.Duration) bool {
	if d > 0 {
		return q.lc.WaitFor(d)
	}
	q.lc.Wait()
	return true
}

func (q *queue) waitNative() { q.nc.Wait() }

// A condition on a word, as in a futex.
func (q *queue) waitWord() {
	seq := q.word.Load()
	q.mu.Unlock()
	park.Wait(&q.word, seq)
	q.mu.Lock()
}

// The next Broadcast, whatever it is for.
func (q *queue) next() {
	q.mu.Lock()
	q.c.Wait()
	q.mu.Unlock()
}
