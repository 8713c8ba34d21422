// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks/park"
)

// A SpinLock is a mutual exclusion lock whose waiters do not sleep: they look again and again,
// with growing pauses between.
//
// Use a [Mutex] instead, unless you have measured. Spin locks are dangerous in Go: the
// scheduler may stop a goroutine at any instruction, also one that holds the lock, for as long as
// a garbage collection or ten milliseconds of another goroutine, and all that wait burn
// a processor meanwhile. A Mutex spins too, for as long as that pays. A SpinLock is for
// goroutines locked to their threads, no more of them than processors, which hold it for a
// few dozen nanoseconds, call nothing that may block or allocate while they do, and must
// never be put to sleep by the lock itself. [TicketLock] and [MCSLock] are its fair kin.
//
// The zero value is an unlocked SpinLock. It must not be copied after first use. It is four
// bytes long, and no other memory is ever used.
//
// An arriving goroutine may overtake those that wait, in any order. One that has waited for a
// millisecond reserves the lock, one at a time, and nobody overtakes that. No goroutine owns
// a SpinLock: one may lock it and another unlock it. After some microseconds of pauses the
// holder is taken not to be running, and a waiter calls [runtime.Gosched] each time it has
// looked; with one processor it does so from the start. In a bubble of testing/synctest a
// waiting goroutine counts as running, so the bubble's time stands still, and no limit is reached.
//
// In the terms of [the Go memory model], unlock number n synchronizes before the return
// of lock number m for every n < m. A call that does not get the lock orders nothing.
//
// [the Go memory model]: https://go.dev/ref/mem
type SpinLock struct {
	_     noCopy
	state atomic.Uint32 // see the table below
}

// The word of a SpinLock has four values.
//
//	value            lock   who leaves this state, and how
//	0                free   anybody: CAS to Locked
//	Locked           held   the holder: to 0; one that waits for too long: CAS to Locked|Reserved
//	Locked|Reserved  held   the holder: to Reserved; the one that reserved it, giving up: to Locked
//	Reserved         free   the one that reserved it: to Locked; the same, giving up: to 0
//
// Invariants
//  1. Reserved has one owner: the waiter whose CAS has set it. It alone clears it, by
//     taking the lock or by giving up.
//  2. While Reserved is set nobody else takes the lock. So its owner has it after the
//     critical section that it has seen.
const (
	spinLocked = 1 << iota
	spinReserved
)

// Lock locks l. It looks at l until it can.
func (l *SpinLock) Lock() {
	if l.state.CompareAndSwap(0, spinLocked) { // acquire
		return
	}
	l.lockSlow()
}

// TryLock locks l if that is possible now, and reports whether it has. It looks once.
func (l *SpinLock) TryLock() bool {
	return l.state.CompareAndSwap(0, spinLocked) // acquire
}

// TryLockFor locks l, and looks at it for at most d until it can. It reports false if l could
// not be locked in that time. With d of zero or less it is [SpinLock.TryLock]. A call that
// gives up leaves no trace.
func (l *SpinLock) TryLockFor(d time.Duration) bool {
	if l.TryLock() {
		return true
	}
	if d <= 0 {
		return false
	}
	start := park.Now()
	var w spinWaiter
	for !l.lockStep(&w) {
		if park.Now()-start >= int64(d) { // a sum could overflow
			return l.giveUp(&w)
		}
	}
	return true
}

// LockContext locks l, and looks at it until it can or ctx ends. It returns nil if it has locked
// l, and the [context.Cause] of ctx otherwise. If ctx is already done, LockContext returns its
// cause without trying to lock l. A nil ctx panics.
func (l *SpinLock) LockContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	if l.TryLock() {
		return nil
	}
	var w spinWaiter
	for !l.lockStep(&w) {
		if err := contextErr(ctx); err != nil {
			if l.giveUp(&w) {
				return nil
			}
			return err
		}
	}
	return nil
}

// Unlock unlocks l. It panics, and changes nothing, if l is not locked.
func (l *SpinLock) Unlock() {
	if s := l.state.And(^uint32(spinLocked)); s&spinLocked == 0 { // release
		panic("locks: unlock of unlocked SpinLock")
	}
}

//go:noinline
func (l *SpinLock) lockSlow() {
	var w spinWaiter
	for !l.lockStep(&w) {
	}
}

// A spinWaiter is one who waits for a SpinLock.
type spinWaiter struct {
	backoff  spin.Backoff
	since    int64 // the time when it first let others run; 0 before
	reserved bool  // the bit Reserved is its own
}

// lockStep looks at l once, and reports whether it has locked it. If not, it lets some time
// pass.
func (l *SpinLock) lockStep(w *spinWaiter) bool {
	if l.tryLock(w) {
		return true
	}
	if l.state.Load() == spinLocked && w.overdue() {
		w.reserved = l.state.CompareAndSwap(spinLocked, spinLocked|spinReserved)
	}
	w.backoff.Grow()
	return false
}

// tryLock locks l if that is possible now for w, and reports whether it has.
func (l *SpinLock) tryLock(w *spinWaiter) bool {
	s := l.state.Load()
	return (s == 0 || s == spinReserved && w.reserved) && l.state.CompareAndSwap(s, spinLocked) // acquire; by invariant 1
}

// giveUp takes back what w has reserved. It looks once more before, as the last pause may have been
// long, and reports whether w has locked l by that.
func (l *SpinLock) giveUp(w *spinWaiter) (locked bool) {
	if l.tryLock(w) {
		return true
	}
	if w.reserved {
		l.state.And(^uint32(spinReserved))
	}
	return false
}

// overdue reports whether w has waited for so long that it may reserve the lock.
func (w *spinWaiter) overdue() bool {
	if !w.backoff.Yields() {
		return false
	}
	now := park.Now()
	if w.since == 0 {
		w.since = now
	}
	return now-w.since > handOffAfterNs
}
