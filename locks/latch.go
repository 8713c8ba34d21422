// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"math"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// A Latch is a counter that releases all waiters when it has been counted down to zero; after that no
// wait blocks. It corresponds to the latch of C++ and the CountDownLatch of Java. Unlike a [WaitGroup]
// it cannot count up, so Wait may be called at any time, even before the first goroutine that counts
// down has started.
//
// A Latch is made by [NewLatch]; the zero value is open. A Latch must not be copied after
// first use. It is four bytes long; waiters take memory only while they wait.
//
// All waiters are woken together, in FIFO order. A goroutine waits in the Go scheduler, and a
// pinned thread (see package thread) in the kernel. In a bubble of testing/synctest a waiting
// goroutine is durably blocked.
//
// In the terms of [the Go memory model], every Arrive synchronizes before the return of every wait
// that finds the Latch open. A wait that gives up establishes no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type Latch struct {
	_     noCopy
	state atomic.Uint32 // see the table below
}

// The word of a Latch is a number and a bit.
//
//	value          latch   queue      changed by
//	0              open    empty, or about to be emptied
//	Count          closed  empty      Arrive: CAS; a waiter: CAS to Count|Queued, and Push
//	Count|Queued   closed  not empty  Arrive: CAS, and at zero to 0, then PopAll;
//	                                  the last waiter, giving up: to Count
//
// Invariants
//  1. A waiter enters the queue in a step that finds a Count above zero and sets Queued. So the
//     Arrive that opens the latch sees Queued, and takes all waiters out.
//  2. No waiter enters the queue once the word is 0, so the Arrive that opens the latch finds
//     only waiters that came before.
//  3. While the latch is closed, Queued is set exactly while the queue is not empty.
const (
	latchQueued = 1 << 31
	latchCount  = latchQueued - 1
)

// NewLatch returns a Latch that opens after n arrivals. It panics if n is negative or above
// 2,147,483,647.
func NewLatch(n int) *Latch {
	if n < 0 {
		panic("locks: negative Latch counter")
	}
	if n > math.MaxInt32 {
		panic("locks: Latch counter too large")
	}
	l := new(Latch)
	l.state.Store(uint32(n))
	return l
}

// open reports whether the latch is open.
func (l *Latch) open() bool { return l.state.Load() == 0 } // acquire

// Wait blocks until the latch is open.
func (l *Latch) Wait() {
	if !l.open() {
		l.wait(park.Limit{}) // no limit, no error
	}
}

// WaitFor blocks until the latch is open, but at most for d, and reports whether it is open. If d <=
// 0, it does not block.
func (l *Latch) WaitFor(d time.Duration) bool {
	return l.open() || d > 0 && l.wait(park.For(d)) == nil
}

// WaitContext blocks until the latch is open or ctx is done. It returns nil, or an error that wraps
// the [context.Cause] of ctx. If ctx is already done, WaitContext returns its cause, even if l is
// open. A nil ctx panics.
func (l *Latch) WaitContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	if l.open() {
		return nil
	}
	return l.wait(park.Context(ctx))
}

// WaitLimit blocks until the latch is open or limit is reached, such as the deadline [park.Until](t). It
// returns nil if the latch is open, even if limit has passed. Otherwise it returns an error that wraps
// [os.ErrDeadlineExceeded], or what [park.Ended] returns if limit is a context.
func (l *Latch) WaitLimit(limit park.Limit) error {
	if l.open() {
		return nil
	}
	return l.wait(limit)
}

//go:noinline
func (l *Latch) wait(limit park.Limit) error {
	w := park.NewWaiter(park.Condition, limit)
	defer w.Free()
	_, err := w.Sleep(&l.state, (*latchQueue)(l), nil)
	if l.open() { // even if err is not nil: the Arrive that has opened the latch has yet to wake w
		return nil
	}
	return err
}

// A latchQueue is a Latch as an Enqueuer.
type latchQueue Latch

// Enqueue puts w into the queue, unless the latch is open.
func (l *latchQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	for !(*Latch)(l).open() {
		if s := l.state.Load(); s != 0 && l.state.CompareAndSwap(s, s|latchQueued) { // by invariant 1
			q.Push(w)
			break
		}
	}
	return tokenGranted
}

// GiveUp keeps invariant 3.
func (l *latchQueue) GiveUp(q park.Queue, _ *park.Waiter) { clearIfEmpty(q, &l.state, latchQueued) }

// Chan returns a channel that is closed when the latch is open. It is for a select statement; see [Event.Chan] for its
// cost. Call stop when the channel is no longer needed.
func (l *Latch) Chan() (c <-chan struct{}, stop func()) {
	return park.Chan(&l.state, (*latchQueue)(l), 0)
}

// Arrive subtracts n from the counter, for n goroutines that have arrived or n things that are done, and
// opens the latch at zero. It does not block. It panics, and changes nothing, if n is negative or
// exceeds the counter.
func (l *Latch) Arrive(n int) {
	if n < 0 {
		panic("locks: negative count for a Latch")
	}
	for {
		s := l.state.Load()
		count := s & latchCount
		if uint(n) > uint(count) {
			panic("locks: negative Latch counter")
		}
		rest := s - uint32(n)
		if rest == latchQueued {
			rest = 0
		}
		if l.state.CompareAndSwap(s, rest) { // acquire, release
			if rest == 0 && s&latchQueued != 0 {
				l.wakeAll()
			}
			return
		}
	}
}

// ArriveAndWait arrives and waits for the others: it is Arrive(1), then Wait. For a wait that can
// give up, call Arrive, then WaitFor or WaitContext.
func (l *Latch) ArriveAndWait() {
	l.Arrive(1)
	l.Wait()
}

// wakeAll wakes all waiters of the latch, which is open.
func (l *Latch) wakeAll() {
	var ws park.Waiters
	park.WithQueue(&l.state, func(q park.Queue) { ws = q.PopAll() }) // by invariant 2
	ws.Wake(tokenGranted)
}
