// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"math"

	"github.com/osync-go/osync/locks/park"
)

// Waiting returns how many wait in the queues of a lock, State its words: 0 when nobody uses it.

func (rw *BiasedRWMutex) Waiting() int {
	n := Waiting(&rw.inner)
	if rw.slots != nil {
		for i := range rw.slots.slots {
			n += queued(&rw.slots.slots[i].readers)
		}
	}
	return n
}

func (rw *BiasedRWMutex) State() uint64 {
	s := Word(&rw.inner)
	if rw.slots != nil {
		for i := range rw.slots.slots {
			s += uint64(rw.slots.slots[i].readers.Load()) << 8
		}
	}
	return s
}

// NeverInhibit lets readers go back to their slots at once, until undo is called.
func NeverInhibit() (undo func()) {
	inhibit, look := biasInhibit, biasLook
	biasInhibit, biasLook = 0, 1
	return func() { biasInhibit, biasLook = inhibit, look }
}

// LateRLock is what remains of an RLock that has chosen the slot of t, and was stopped then.
func (rw *BiasedRWMutex) LateRLock(t ReadToken) (ReadToken, bool) {
	slot := rw.enterSlot(t.slot)
	return ReadToken{slot}, slot != nil
}

// LateRUnlock is what remains of an RUnlock that has taken the slot of t to 0, and was stopped
// until there was a writer.
func (rw *BiasedRWMutex) LateRUnlock(t ReadToken) { rw.leaveSlow(t.slot, 0) }

// Trying puts a reader into the slot of t that will take its 1 back, since there is a writer. It does when
// stop is called.
func (t ReadToken) Trying() (stop func()) {
	t.slot.readers.Add(1)
	return func() { t.slot.readers.Add(^uint32(0)) }
}

// Biased reports whether the reader is in a slot.
func (t ReadToken) Biased() bool { return t.slot != nil }

// Waiting returns how many wait for the lock or for a change.

func (g *Guarded[T]) Waiting() int   { return queued(&g.m.state) + queued(&g.changes.waiters) }
func (g *GuardedRW[T]) Waiting() int { return Waiting(&g.rw) + queued(&g.changes.waiters) }

// State returns the word of the lock, and how many are counted as waiting.

func (g *Guarded[T]) State() uint64 {
	return uint64(g.changes.waiters.Load())<<32 | uint64(g.m.state.Load())
}

func (g *GuardedRW[T]) State() uint64 { return Word(&g.rw) | uint64(g.changes.waiters.Load()) }

// Reserve reserves l, which nobody holds, for somebody who is stopped; Unreserve undoes it.
func (l *SpinLock) Reserve()   { l.state.Store(spinReserved) }
func (l *SpinLock) Unreserve() { l.state.Store(0) }

// LeaveBefore lets a holder of l leave the queue while somebody has come after it, and has not
// yet said so. say says so, and reports whether the holder has waited for that and now knows it.
func (l *MCSLock) LeaveBefore() (say func() bool) {
	var holder, late mcsNode
	l.tail.Store(&late)
	left := make(chan struct{})
	go func() {
		l.leaveQueue(&holder)
		close(left)
	}()
	return func() bool {
		select {
		case <-left:
			return false // it has not waited
		default:
		}
		holder.next.Store(&late)
		<-left
		return l.next.Load() == &late
	}
}

// Overflow sets the words of l, which nobody uses, to just before they overflow.
func (l *TicketLock) Overflow() {
	l.drawn.Store(math.MaxUint32 - 5)
	l.serving.Store(math.MaxUint32 - 5)
}

// BeginWrite leaves l as a writer does that is stopped while it stores.
func (l *SeqLock[T]) BeginWrite() { l.seq.Add(1) }

// EndWrite ends what BeginWrite has begun.
func (l *SeqLock[T]) EndWrite() { l.seq.Add(1) }

// HandedOverNow says that the lock, which the caller holds, was handed over in this millisecond.

func (g *Guarded[T]) HandedOverNow()   { g.changes.handedMs = uint32(park.Now() / handOffAfterNs) }
func (g *GuardedRW[T]) HandedOverNow() { g.changes.handedMs = uint32(park.Now() / handOffAfterNs) }

// Reserved reports whether a waiter has reserved l.
func (l *SpinLock) Reserved() bool { return l.state.Load()&spinReserved != 0 }

// Inside returns how many hold l or wait.

func (l *TicketLock) Inside() int { return int(l.drawn.Load() - l.serving.Load()) }

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
