// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"errors"
	"math"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// ErrBroken is the error of a wait at a [Barrier] whose round cannot be completed, because another
// party has given up or the Barrier was reset.
var ErrBroken = errors.New("locks: barrier is broken")

// A Barrier lets a fixed number of parties wait for each other. When the last party arrives, all
// parties proceed and the Barrier is ready for the next round. The last party to arrive is the
// leader, which can do work that is needed once per round.
//
// A Barrier is made by [NewBarrier]. It must not be copied after first use. It is eight bytes
// long; waiters take memory only while they wait.
//
// A party that gives up breaks the Barrier, since the others would otherwise wait forever: the waits
// of all parties of this round return [ErrBroken], and so do later waits, until Reset. All parties of
// a round have the same outcome, except the one that breaks the Barrier. If there are more callers
// than parties, a round consists of the callers that arrive first.
//
// The parties are woken in FIFO order. A goroutine waits in the Go scheduler, and a pinned thread
// (see package thread) in the kernel. In a bubble of testing/synctest a waiting goroutine is
// durably blocked.
//
// In the terms of [the Go memory model], the calls of all parties of a round synchronize before the
// return of each of them. A wait that fails establishes no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type Barrier struct {
	_       noCopy
	parties uint32
	state   atomic.Uint32 // see the table below
}

// The word of a Barrier has these values. It changes only under the lock of the queue.
//
//	value        queue                  changed by
//	n < parties  the n parties so far   a party: to n+1, and Push; the last party: to 0, and PopAll;
//	                                    a party that gives up: to Broken, and PopAll;
//	                                    Reset: to 0, and PopAll
//	Broken       empty                  Reset: to 0
//
// Invariants
//  1. The queue holds exactly the parties that have arrived in this round. So PopAll ends the round
//     for all of them, and for no other party.
//  2. The token of the wake-up says how the round has ended. So a woken party need not look at the
//     word, which may be several rounds ahead.
//  3. A party that gives up was in the queue, so its round had not ended, and now it has.
const barrierBroken = 1 << 31

// NewBarrier returns a Barrier for the given number of parties. It panics if parties is less than 1
// or more than 2,147,483,647.
func NewBarrier(parties int) *Barrier {
	if parties < 1 {
		panic("locks: Barrier of less than one party")
	}
	if parties > math.MaxInt32 {
		panic("locks: Barrier of too many parties")
	}
	return &Barrier{parties: uint32(parties)}
}

// tryWait ends the round if the caller is the last party to arrive, and reports whether it did. It
// saves the leader a Waiter: with two parties BenchmarkBarrier takes 1.3 times as long without it.
func (b *Barrier) tryWait() (leader bool) {
	if b.state.Load() != b.parties-1 {
		return false
	}
	var others park.Waiters
	park.WithQueue(&b.state, func(q park.Queue) {
		if leader = b.state.Load() == b.parties-1; leader {
			others = b.takeAll(q, 0)
		}
	})
	others.Wake(tokenGranted)
	return leader
}

// Wait blocks until all parties have arrived, and reports whether the caller is the leader. It
// returns [ErrBroken] if the Barrier is broken or reset before all have arrived.
func (b *Barrier) Wait() (leader bool, err error) { return b.wait(park.Limit{}) }

// WaitFor blocks until all parties have arrived, but at most for d, and reports whether the caller is
// the leader. It returns [ErrBroken] if the Barrier is broken or reset before all have arrived. If d
// elapses first, WaitFor breaks the Barrier and returns an error that wraps [os.ErrDeadlineExceeded].
// If d <= 0, it does so at once, unless the caller is the last party to arrive.
func (b *Barrier) WaitFor(d time.Duration) (leader bool, err error) { return b.wait(park.For(d)) }

// WaitContext blocks until all parties have arrived or ctx is done, and reports whether the caller is
// the leader. It returns [ErrBroken] if the Barrier is broken or reset before all have arrived. If
// ctx is done first, WaitContext breaks the Barrier and returns an error that wraps the
// [context.Cause] of ctx. If ctx is already done, WaitContext breaks the Barrier and returns its
// cause. A nil ctx panics.
func (b *Barrier) WaitContext(ctx context.Context) (leader bool, err error) {
	if err := contextErr(ctx); err != nil {
		b.endRound(barrierBroken)
		return false, err
	}
	return b.wait(park.Context(ctx))
}

// WaitLimit blocks until all parties have arrived or limit is reached, such as the deadline [park.Until](t),
// and reports whether the caller is the leader. It returns [ErrBroken] if the Barrier is broken or reset
// before all have arrived. If limit is reached first, WaitLimit breaks the Barrier and returns an error that
// wraps [os.ErrDeadlineExceeded], or what [park.Ended] returns if limit is a context. The last party to
// arrive succeeds even if limit has passed.
func (b *Barrier) WaitLimit(limit park.Limit) (leader bool, err error) { return b.wait(limit) }

func (b *Barrier) wait(limit park.Limit) (leader bool, err error) {
	if b.parties == 0 {
		panic("locks: Barrier that was not made by NewBarrier")
	}
	if b.tryWait() {
		return true, nil
	}
	w := park.NewWaiter(park.Condition, limit)
	defer w.Free()
	token, err := w.Sleep(&b.state, (*barrierQueue)(b), nil)
	if token == tokenBroken {
		err = ErrBroken
	}
	return token == tokenLeader, err
}

// A barrierQueue is a Barrier as an Enqueuer.
type barrierQueue Barrier

// Enqueue puts w into the queue. If the caller is the last party to arrive, it ends the round
// instead.
func (b *barrierQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	switch n := b.state.Load(); n { // acquire
	case barrierBroken:
		return tokenBroken
	case b.parties - 1:
		w.WakeLater((*Barrier)(b).takeAll(q, 0), tokenGranted)
		return tokenLeader
	}
	b.state.Add(1) // release
	q.Push(w)
	return 0
}

// GiveUp breaks b, by invariant 3.
func (b *barrierQueue) GiveUp(q park.Queue, w *park.Waiter) {
	w.WakeLater((*Barrier)(b).takeAll(q, barrierBroken), tokenBroken)
}

// Reset begins a new round, even if b is broken. The waits of the parties that have arrived return
// [ErrBroken]. Reset does not block.
func (b *Barrier) Reset() { b.endRound(0) }

// endRound ends the round before all parties have arrived, and leaves b in the given state.
func (b *Barrier) endRound(state uint32) {
	var all park.Waiters
	park.WithQueue(&b.state, func(q park.Queue) { all = b.takeAll(q, state) })
	all.Wake(tokenBroken)
}

// takeAll takes all parties out of q, which ends the round, and leaves b in the given state.
func (b *Barrier) takeAll(q park.Queue, state uint32) park.Waiters {
	all := q.PopAll()
	b.state.Store(state)
	return all
}
