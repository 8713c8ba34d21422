// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks/park"
)

// A Mutex is a mutual exclusion lock. It has all of [sync.Mutex], and it can stop waiting.
//
// The zero value is an unlocked Mutex. It must not be copied after first use. It is four
// bytes long; memory for waiters is used only while someone waits.
//
// An arriving goroutine may overtake those that wait, which keeps throughput high. Waiters
// are woken in FIFO order, and one that is overtaken goes back to the front. While a waiter
// has waited for longer than a millisecond, the lock is handed to the longest waiter about
// once in a millisecond, and that one cannot be overtaken. So the k-th waiter has the lock
// within about k milliseconds and k critical sections. TryLock does not queue.
//
// No goroutine owns a Mutex: one may lock it and another unlock it. A goroutine waits in
// the Go scheduler, a pinned thread (see package thread) in the kernel, in one queue.
//
// In the terms of [the Go memory model], unlock number n synchronizes before the return
// of lock number m for every n < m. A call that does not get the lock orders nothing.
//
// [the Go memory model]: https://go.dev/ref/mem
type Mutex struct {
	_     noCopy
	state atomic.Uint32 // see the table below
}

// The word of a Mutex is a set of bits.
//
//	bit        meaning                                  set by                     cleared by
//	Locked     a goroutine holds it                     Lock: CAS; hand-off        Unlock
//	Parked     the queue may hold waiters               a waiter, before Push;     whoever empties the queue; an
//	                                                    Cond.Broadcast             Unlock that finds it empty
//	Woken      a waiter is awake and after the lock,    Unlock, for the waiter     that waiter, with the CAS that
//	           so Unlock need not wake another          that it wakes; a spinning  takes the lock or parks; an
//	                                                    waiter, for itself         Unlock that finds no waiter
//	HandOff    the lock goes to the head of the queue,  a waiter that was          the Unlock that hands over
//	           and no other goroutine may take it       overtaken for too long
//
// Invariants
//  1. Parked is set and cleared under the lock of the queue. If the queue is not empty,
//     Parked is set.
//  2. An Unlock that sees Parked and none of Locked, Woken, HandOff sets Woken and wakes the
//     head. Otherwise whoever set that bit will: the new holder when it unlocks, the woken
//     waiter when it has parked again (by 3) or unlocks, the Unlock that hands over.
//  3. A waiter parks only while the word has Locked or HandOff, in the same step in
//     which it gives Woken back. So an Unlock is still to come, and it sees Parked.
//     (Cond.Broadcast, which moves waiters here, does what an Unlock does by 2.)
//  4. HandOff is set only together with Locked and a waiter in the queue. The next Unlock
//     sees it, finds the lock free yet taken by nobody, and locks it in the name of
//     the head. If the head has given up meanwhile, it clears the bit instead.
//  5. A waiter that gives up was in the queue, not awake: it never owes a wake. One that
//     was woken tries for the lock and parks once more before it notices its limit.
//  6. Parked with an empty queue is legal. It costs one idle look.
const (
	mutexLocked = 1 << iota
	mutexParked
	mutexWoken
	mutexHandOff
)

// What a waker tells the waiter of a Mutex.
const (
	tokenRetry  uint32 = iota // you may try; Woken is set in your name
	tokenLocked               // it is yours
	tokenSignal               // the Cond was signaled; try from the start
)

const (
	// handOffAfterNs is how long a waiter may be overtaken, and how often a lock is
	// handed over. A hand-over to every such waiter makes a convoy: the lock then
	// stands idle for a switch of goroutines each time.
	handOffAfterNs = 1e6

	// A waiter tries spinTries times, spinPauses pauses apart, before it sleeps: about
	// the time that a sleep and a wake-up would cost. Without it the geometric mean of
	// BenchmarkMutexContended against sync.Mutex is 1.00 instead of 0.90; with half or
	// double the pauses, 0.91 and 0.94.
	spinTries  = 4
	spinPauses = 30

	// One in so many waits that spin does not set Woken, so that the head of the queue is woken now
	// and then, and can ask for a hand-off, however busy the lock is.
	spinUnnoticed = 16
)

// Lock locks m. It blocks until it can.
func (m *Mutex) Lock() {
	if m.state.CompareAndSwap(0, mutexLocked) { // acquire
		return
	}
	m.lockSlow()
}

// TryLock locks m if that is possible now, and reports whether it has. It does not block.
func (m *Mutex) TryLock() bool {
	return m.state.CompareAndSwap(0, mutexLocked) || m.tryLockSlow() // acquire
}

// TryLockFor locks m, and blocks for at most d until it can. It reports false if m could
// not be locked in that time. With d of zero or less it is [Mutex.TryLock].
//
// A call that gives up leaves no trace: no grant of the lock is lost, and no
// goroutine or timer stays behind.
//
// In a bubble of testing/synctest the wait is durable, so that the bubble's time can reach the
// limit. Only a goroutine of the same bubble can end a durable wait: an Unlock outside the bubble
// that finds the waiter in the queue ends the program, as a send on the bubble's channel would. Share
// a Mutex between bubbles only where all wait with Lock.
func (m *Mutex) TryLockFor(d time.Duration) bool {
	return m.TryLock() || d > 0 && m.LockLimit(park.For(d)) == nil
}

// LockContext locks m, and blocks until it can or ctx ends. It returns nil if it has locked m, and
// the [context.Cause] of ctx otherwise. If ctx is already done, LockContext returns its cause
// without trying to lock m. A nil ctx panics.
//
// In a bubble of testing/synctest the wait is durable; see [Mutex.TryLockFor].
func (m *Mutex) LockContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil || m.TryLock() {
		return err
	}
	return m.LockLimit(park.Context(ctx))
}

// LockLimit locks m, and blocks until it can or limit is reached. It returns nil if it has locked m.
// Otherwise it returns [os.ErrDeadlineExceeded], or the error of [park.Ended] if limit is a context.
// It is for code that spends one limit on several waits. LockLimit tries to lock m before it looks at
// limit, even if that is already over; to give up then, ask [park.Limit.Err] first. A call that gives
// up leaves no trace.
func (m *Mutex) LockLimit(limit park.Limit) error { return m.lockWith(nil, limit) }

// Unlock unlocks m. It does not block. It panics, and changes nothing, if m is not locked.
func (m *Mutex) Unlock() {
	if s := m.state.And(^uint32(mutexLocked)); s != mutexLocked { // release
		m.unlockSlow(s)
	}
}

//go:noinline
func (m *Mutex) lockSlow() {
	m.LockLimit(park.Limit{}) // no limit, no error
}

//go:noinline
func (m *Mutex) tryLockSlow() bool {
	for {
		s := m.state.Load()
		if s&(mutexLocked|mutexHandOff) != 0 {
			return false
		}
		if m.state.CompareAndSwap(s, s|mutexLocked) { // acquire
			return true
		}
	}
}

// lockWith locks m, sleeping as often as it takes. It returns the error of the limit if
// that ends the wait. If w is not nil, an Unlock has just woken it out of the queue of m.
// In any case lockWith frees w.
func (m *Mutex) lockWith(w *park.Waiter, limit park.Limit) error {
	woken := w != nil // the bit Woken is ours
	for !m.lockSpinning(&woken) {
		if w == nil {
			w = park.NewWaiter(park.Exclusion, limit)
		}
		if !m.enqueue(w, woken) {
			continue
		}
		token, err := w.Sleep(m.gaveUp)
		if err != nil {
			w.Free()
			if m.tryLockSlow() { // an Unlock has yet to wake a waiter
				return nil
			}
			return err
		}
		if token == tokenLocked {
			break
		}
		woken = true
	}
	if w != nil {
		w.Free()
	}
	return nil
}

// lockSpinning tries to lock m, for a short time, and reports whether it has. While it
// tries, it takes the bit Woken if nobody has it, and says so in *woken.
func (m *Mutex) lockSpinning(woken *bool) bool {
	budget := spin.NewBudget(spinTries, spinPauses)
	decided, unnoticed := false, false
	for {
		s := m.state.Load()
		switch {
		case s&(mutexLocked|mutexHandOff) == 0:
			locked := s | mutexLocked
			if *woken {
				locked &^= mutexWoken
			}
			if m.state.CompareAndSwap(s, locked) { // acquire
				return true
			}
		case budget.Spent() || s&mutexHandOff != 0:
			return false
		default:
			if !*woken && s&(mutexParked|mutexWoken) == mutexParked {
				if !decided { // once for each wait, not for each look
					decided, unnoticed = true, rand.Uint32N(spinUnnoticed) == 0
				}
				if !unnoticed {
					*woken = m.state.CompareAndSwap(s, s|mutexWoken)
				}
			}
			budget.Spend()
		}
	}
}

// enqueue puts w into the queue and gives the bit Woken back, in one step. It does
// nothing, and reports false, if m looks free.
func (m *Mutex) enqueue(w *park.Waiter, woken bool) (parked bool) {
	park.WithQueue(&m.state, func(q park.Queue) { parked = m.enqueueIn(q, w, woken) })
	return parked
}

func (m *Mutex) enqueueIn(q park.Queue, w *park.Waiter, woken bool) bool {
	overtaken := w.Pushed()
	due := overtaken && q.HandOffDue(w, handOffAfterNs)
	for {
		s := m.state.Load()
		if s&(mutexLocked|mutexHandOff) == 0 {
			return false
		}
		parked := s | mutexParked
		if woken {
			parked &^= mutexWoken
		}
		if due && s&mutexLocked != 0 {
			parked |= mutexHandOff
		}
		if m.state.CompareAndSwap(s, parked) { // by invariant 3
			break
		}
	}
	if overtaken {
		q.PushFront(w)
	} else {
		q.Push(w)
	}
	return true
}

// gaveUp clears Parked when the last waiter of q has given up, by invariant 1.
func (m *Mutex) gaveUp(q park.Queue) {
	if q.Empty() {
		m.state.And(^uint32(mutexParked))
	}
}

// unlockSlow is what remains of Unlock when others are there. s is the word as the fast
// path found it.
//
//go:noinline
func (m *Mutex) unlockSlow(s uint32) {
	if s&mutexLocked == 0 {
		panic("locks: unlock of unlocked mutex")
	}
	s &^= mutexLocked
	if s&mutexHandOff != 0 {
		m.handOver()
		return
	}
	m.wakeNext(s)
}

// wakeNext wakes the head of the queue unless by invariant 2 another goroutine will. s is the word
// as the caller has seen it.
func (m *Mutex) wakeNext(s uint32) {
	for {
		if s&mutexParked == 0 || s&(mutexLocked|mutexWoken|mutexHandOff) != 0 {
			return // by invariant 2
		}
		if m.state.CompareAndSwap(s, s|mutexWoken) {
			m.wakeHead()
			return
		}
		s = m.state.Load()
	}
}

// wakeHead wakes the longest waiter, in whose name Woken is set. If there is none, it clears Woken.
func (m *Mutex) wakeHead() {
	var w *park.Waiter
	park.WithQueue(&m.state, func(q park.Queue) {
		w = q.Pop()
		switch {
		case w == nil:
			m.state.And(^uint32(mutexParked | mutexWoken))
		case q.Empty():
			m.state.And(^uint32(mutexParked))
		}
	})
	if w != nil {
		w.Wake(tokenRetry)
	}
}

// handOver gives m, which is not held but has HandOff set, to the longest waiter.
func (m *Mutex) handOver() {
	var w *park.Waiter
	park.WithQueue(&m.state, func(q park.Queue) {
		w = q.Pop()
		var take, give uint32 = mutexHandOff, 0
		if w != nil {
			give = mutexLocked
		}
		if q.Empty() {
			take |= mutexParked
		}
		for s := m.state.Load(); !m.state.CompareAndSwap(s, s&^take|give); {
			s = m.state.Load()
		}
	})
	if w == nil {
		return
	}
	w.Wake(tokenLocked)
}
