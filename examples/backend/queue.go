// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package backend

import (
	"errors"
	"sync/atomic"

	"github.com/osync-go/osync/locks/park"
)

// ErrClosed is what a closed [Queue] answers: to a Put at once, to a Get when it is empty.
var ErrClosed = errors.New("backend: queue closed")

// A Queue passes values from producers to consumers in FIFO order. Its capacity is limited, and a Put
// into a full queue waits for room. Any number of goroutines may put and get at a time. Waiters are
// woken in FIFO order, but a newcomer may be faster.
//
// A Queue is made by [NewQueue], and must not be copied.
type Queue[T any] struct {
	mu       lock
	ring     []T
	first, n int // the values are n of ring, from ring[first] on, around the end
	closed   bool

	// The numbers of values that were put and taken, with Close as one more of each. A Get
	// that finds the queue empty sleeps until puts differs from what it was then, a Put that finds
	// it full until gets does: so neither sleeps through what comes after its look.
	puts, gets atomic.Uint32
}

// NewQueue returns an empty Queue with room for size values. It panics if that is less than
// one.
func NewQueue[T any](size int) *Queue[T] {
	if size < 1 {
		panic("backend: queue without room")
	}
	return &Queue[T]{ring: make([]T, size)}
}

// Put puts v into q, and waits for room if it must, up to the limit. It returns nil if it has put
// v, and otherwise [ErrClosed], or an error that wraps [os.ErrDeadlineExceeded] or the
// [context.Cause].
func (q *Queue[T]) Put(v T, limit park.Limit) error {
	for {
		q.mu.Lock()
		if q.closed {
			q.mu.Unlock()
			return ErrClosed
		}
		if q.n < len(q.ring) {
			q.ring[(q.first+q.n)%len(q.ring)] = v
			q.n++
			q.puts.Add(1)
			q.mu.Unlock()
			park.Wake(&q.puts)
			return nil
		}
		seen := q.gets.Load()
		q.mu.Unlock()
		if err := sleep(&q.gets, seen, limit); err != nil {
			return err
		}
	}
}

// Get takes the first value out of q, and waits for one if it must, up to the limit. Its errors
// are those of Put; it returns [ErrClosed] when q is also empty.
func (q *Queue[T]) Get(limit park.Limit) (v T, err error) {
	for {
		q.mu.Lock()
		if q.n > 0 {
			v, q.ring[q.first] = q.ring[q.first], v // leaves nothing for the garbage collector to keep
			q.first = (q.first + 1) % len(q.ring)
			q.n--
			q.gets.Add(1)
			q.mu.Unlock()
			park.Wake(&q.gets)
			return v, nil
		}
		if q.closed {
			q.mu.Unlock()
			return v, ErrClosed
		}
		seen := q.puts.Load()
		q.mu.Unlock()
		if err := sleep(&q.puts, seen, limit); err != nil {
			return v, err
		}
	}
}

// Close lets no more values in, and wakes all waiters. Values that are in q can still be
// taken out. A second Close does nothing.
func (q *Queue[T]) Close() {
	q.mu.Lock()
	q.closed = true
	q.puts.Add(1)
	q.gets.Add(1)
	q.mu.Unlock()
	park.WakeAll(&q.puts)
	park.WakeAll(&q.gets)
}

// sleep waits until the counter differs from seen. It asks for the limit first: on a busy
// queue the counter differs all the time.
func sleep(counter *atomic.Uint32, seen uint32, limit park.Limit) error {
	if err := limit.Err(); err != nil {
		return err
	}
	return park.WaitLimit(counter, seen, park.Condition, limit)
}

// A lock is a mutual exclusion lock that calls Wake only if there may be waiters.
type lock struct{ state atomic.Uint32 }

const (
	free      = iota
	held      // without waiters
	contended // held, with possible sleepers
)

func (l *lock) Lock() {
	if l.state.CompareAndSwap(free, held) {
		return
	}
	for l.state.Swap(contended) != free { // contended: others may be asleep still
		park.WaitLimit(&l.state, contended, park.Exclusion, park.Limit{})
	}
}

func (l *lock) Unlock() {
	if l.state.Swap(free) == contended {
		park.Wake(&l.state)
	}
}
