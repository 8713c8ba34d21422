// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin

import (
	"math"

	"github.com/osync-go/osync/internal/mono"
)

// Reserve reserves l, which is free, for a waiter that is stopped; Unreserve undoes it.
func (l *Lock) Reserve()   { l.state.Store(lockReserved) }
func (l *Lock) Unreserve() { l.state.Store(0) }

// Reserved reports whether a waiter has reserved l.
func (l *Lock) Reserved() bool { return l.state.Load()&lockReserved != 0 }

// ReserveHeld reserves l if it is held and not reserved, and reports whether it succeeded.
func (l *Lock) ReserveHeld() bool { return l.state.CompareAndSwap(lockHeld, lockHeld|lockReserved) }

// LookAndGiveUp is the end of a TryLockFor whose waiter has waited for so long that it wants to reserve l.
func (l *Lock) LookAndGiveUp() (locked bool) {
	w := waiter{since: math.MinInt64 / 2}
	w.backoff.Yield()
	return l.lockStep(&w) || l.giveUp(&w)
}

// LastLook is the last look of a waiter that gives up.
func (l *Lock) LastLook() (locked bool) { return l.giveUp(new(waiter)) }

// ReservedAtOnce reports whether a waiter reserves l, which is held, when it first yields. It waits until a reading of the
// clock exceeds the time after which one does.
func (l *Lock) ReservedAtOnce() bool {
	for mono.Now() <= reserveAfterNs {
	}
	var w waiter
	w.backoff.Yield()
	l.lockStep(&w)
	return w.reserved
}

// Overflow sets the words of l, which is not in use, to just before they overflow.
func (l *TicketLock) Overflow() {
	l.next.Store(math.MaxUint32 - 5)
	l.serving.Store(math.MaxUint32 - 5)
}

// Line lets it seem that n goroutines hold l or wait, and Call calls the last number.
func (l *TicketLock) Line(n uint32) { l.next.Store(n) }
func (l *TicketLock) Call()         { l.serving.Store(l.next.Load() - 1) }

// LeaveBefore lets a holder of l, which is free, leave the queue while a waiter has arrived after it, and has not yet
// stored its node. Store stores it, and reports whether the holder has kept its own node meanwhile, has waited, and now
// knows the waiter's.
func (l *MCSLock) LeaveBefore() (store func() bool) {
	l.tail.Store(&mcsHeld)
	left := make(chan struct{})
	go func() {
		l.Lock()
		close(left)
	}()
	holder := awaitNode(&l.next)
	var late mcsNode
	l.tail.Store(&late)
	holder.granted.Store(1)
	return func() bool {
		select {
		case <-left:
			return false
		default:
		}
		node := mcsNodes.Get().(*mcsNode)
		holder.next.Store(&late)
		<-left
		return node != holder && l.next.Load() == &late
	}
}

// Inside returns how many goroutines hold l or wait.

func (l *TicketLock) Inside() int { return int(l.next.Load() - l.serving.Load()) }

func (l *MCSLock) Inside() int {
	tail := l.tail.Load()
	switch tail {
	case nil:
		return 0
	case &mcsHeld:
		return 1
	}
	n := 1
	for node := l.next.Load(); node != nil; node = node.next.Load() {
		n++
	}
	return n
}

// LockSlow is Lock of an MCSLock that looks held at first.
func (l *MCSLock) LockSlow() { l.lockSlow() }
