// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks/park"
)

// A Lock is a mutual exclusion lock whose waiters examine it repeatedly, with growing pauses in between.
// The package comment says when to use it.
//
// The zero value is an unlocked Lock. It must not be copied after first use. It is four bytes long, and
// uses no other memory.
//
// A Lock allows barging, and serves its waiters in any order. A waiter that has yielded for a millisecond
// reserves the lock, unless another waiter has, and then gets it next. The lock is idle until the scheduler
// runs that waiter: on a busy machine, until other goroutines have had their time slices of ten
// milliseconds each. No goroutine owns a Lock: one may lock it and another unlock it. TryLockFor and
// LockContext give up without taking the lock, and leave no trace.
//
// In the terms of [the Go memory model], the n'th unlock synchronizes before the return of the m'th
// lock for every n < m. A call that does not get the lock establishes no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type Lock struct {
	_     noCopy
	state atomic.Uint32 // see the table below
}

// The word of a Lock has four values.
//
//	value          lock   what leaves this state
//	0              free   Lock and TryLock: CAS to Held
//	Held           held   Unlock: to 0; a waiter that has waited for too long: CAS to Held|Reserved
//	Held|Reserved  held   Unlock: to Reserved; the waiter that set Reserved, when it gives up: to Held
//	Reserved       free   the waiter that set Reserved: CAS to Held; the same, when it gives up: to 0
//
// Invariants
//  1. Reserved belongs to the waiter whose CAS set it. Only that waiter clears it, by taking the
//     lock or by giving up.
//  2. While Reserved is set no other goroutine takes the lock. So its owner gets the lock after the
//     critical section that it has seen.
const (
	lockHeld = 1 << iota
	lockReserved
)

// reserveAfterNs is how long a waiter may be overtaken before it reserves the lock.
const reserveAfterNs = 1e6

// Lock locks l. It spins until l is available.
func (l *Lock) Lock() {
	if l.state.CompareAndSwap(0, lockHeld) { // acquire
		return
	}
	l.lockSlow()
}

// TryLock tries to lock l without spinning, and reports whether it succeeded.
func (l *Lock) TryLock() bool {
	return l.state.CompareAndSwap(0, lockHeld) // acquire
}

// TryLockFor locks l, spinning for at most d, and reports whether it succeeded. If d <= 0, it is
// equivalent to [Lock.TryLock].
func (l *Lock) TryLockFor(d time.Duration) bool {
	if l.TryLock() {
		return true
	}
	if d <= 0 {
		return false
	}
	start := mono.Now()
	var w waiter
	for !l.lockStep(&w) {
		if mono.Now()-start >= int64(d) { // a sum could overflow
			return l.giveUp(&w)
		}
	}
	return true
}

// LockContext locks l, spinning until it is available or ctx is done. It returns nil if it locked
// l, and otherwise the [context.Cause] of ctx. If ctx is already done, LockContext returns its
// cause without trying to lock l. A nil ctx panics.
func (l *Lock) LockContext(ctx context.Context) error {
	if ctx == nil {
		panic("spin: nil context")
	}
	if err := park.Ended(ctx); err != nil {
		return err
	}
	if l.TryLock() {
		return nil
	}
	var w waiter
	for !l.lockStep(&w) {
		if err := park.Ended(ctx); err != nil {
			if l.giveUp(&w) {
				return nil
			}
			return err
		}
	}
	return nil
}

// Unlock unlocks l. It panics, and changes nothing, if l is not locked.
func (l *Lock) Unlock() {
	if s := l.state.And(^uint32(lockHeld)); s&lockHeld == 0 { // release
		panic("spin: unlock of unlocked Lock")
	}
}

//go:noinline
func (l *Lock) lockSlow() {
	var w waiter
	for !l.lockStep(&w) {
	}
}

// A waiter is a goroutine that waits for a Lock.
type waiter struct {
	backoff  spin.Backoff
	since    int64 // when it first called Gosched, or 0
	reserved bool  // the waiter owns the bit Reserved
}

// lockStep looks at l once, and reports whether it has locked l. If not, it lets some time pass.
func (l *Lock) lockStep(w *waiter) bool {
	if l.tryLock(w) {
		return true
	}
	if l.state.Load() == lockHeld && w.overdue() {
		w.reserved = l.state.CompareAndSwap(lockHeld, lockHeld|lockReserved)
	}
	w.backoff.Grow()
	return false
}

// tryLock is TryLock for w, which may have reserved l.
func (l *Lock) tryLock(w *waiter) bool {
	s := l.state.Load()
	return (s == 0 || s == lockReserved && w.reserved) && l.state.CompareAndSwap(s, lockHeld) // acquire; by invariant 1
}

// giveUp ends the wait of w. It tries once more, as the last pause may have been long, and reports whether
// that locked l. If not, it removes a reservation by w.
func (l *Lock) giveUp(w *waiter) (locked bool) {
	if l.tryLock(w) {
		return true
	}
	if w.reserved {
		l.state.And(^uint32(lockReserved))
	}
	return false
}

// overdue reports whether w has waited for long enough to reserve the lock.
func (w *waiter) overdue() bool {
	if !w.backoff.Yields() {
		return false
	}
	now := mono.Now()
	if w.since == 0 {
		w.since = now
	}
	return now-w.since > reserveAfterNs
}
