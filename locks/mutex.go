// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks/park"
)

// A Mutex is a mutual exclusion lock. It has all the methods of [sync.Mutex], and forms of Lock
// that can give up waiting: after a time, at a deadline, or when a context is done.
//
// The zero value is an unlocked Mutex. A Mutex must not be copied after first use. It is four
// bytes long; waiters take memory only while they wait.
//
// A Mutex allows barging: an arriving goroutine may lock it ahead of the waiters, which keeps throughput
// high. Waiters are woken in FIFO order, and one that is overtaken goes back to the front of the queue.
// Once the longest waiter has waited for a millisecond, Unlock hands the lock off to it, and no other
// goroutine can overtake it. Hand-offs are about 50 µs apart, and closer together the longer the waiter
// has waited. Each advances the queue, so no waiter starves. The length of a wait depends on the critical
// sections and on the scheduler: while other goroutines keep the processors busy, a goroutine that is
// handed the lock, or that is preempted while it holds the lock, may not run until they have had their
// time slices of ten milliseconds each. TryLock does not queue.
//
// No goroutine owns a Mutex: one may lock it and another unlock it. A goroutine waits in the Go
// scheduler, and a pinned thread (see package thread) in the kernel, both in one queue.
//
// In the terms of [the Go memory model], the n'th unlock synchronizes before the return of the m'th
// lock for every n < m. A call that does not get the lock establishes no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type Mutex struct {
	_     noCopy
	state atomic.Uint32 // see the table below
}

// The word of a Mutex is a set of bits.
//
//	Locked   The mutex is held.
//	         Set by a goroutine that locks it, and by the Unlock that hands it off.
//	         Cleared by Unlock, and by a Bump that finds the only waiter awake. Any other Bump leaves it set,
//	         as it hands the mutex off.
//	Parked   The queue may hold waiters.
//	         Set by a waiter before it enters the queue, and by Cond.Broadcast before it moves waiters. A
//	         Bump that takes the head out enters in the same step, so it leaves Parked set.
//	         Cleared when the last waiter leaves the queue, and by an Unlock that finds none there.
//	         Legal with an empty queue: it costs one idle look. Illegal to be clear with a waiter in it.
//	Woken    A waiter is awake and tries to lock, so Unlock need not wake another.
//	         Set by an Unlock for the waiter that it wakes, and by a spinning waiter for itself.
//	         Cleared by that waiter, in the step in which it locks or parks, and by an Unlock that
//	         finds no waiter to wake.
//	         Legal to be clear while waiters are awake. Illegal to be set when none is, and no Unlock
//	         is about to wake one.
//	HandOff  The next Unlock hands the mutex to the head of the queue; no other goroutine may lock it.
//	         Set by an overtaken waiter that parks, and by an Unlock for the head of the queue, if these
//	         have waited for too long; and by an Unlock for a head that waits in WaitAny.
//	         Cleared by the Unlock or Bump that hands the mutex off, and by an Unlock that finds no waiter.
//
// Invariants
//  1. Parked is set and cleared under the lock of the queue. If the queue is not empty,
//     Parked is set.
//  2. An Unlock that sees Parked and none of Locked, Woken, HandOff sets Woken and wakes the
//     head, or turns Woken into HandOff. Otherwise the goroutine that set that bit will: the new holder
//     when it unlocks, the woken waiter when it has parked again (by 3) or unlocks, the Unlock that hands
//     over.
//  3. A waiter parks only while the word has Locked or HandOff, in the same step in
//     which it gives Woken back. So an Unlock is still to come, and it sees Parked.
//     (Cond.Broadcast, which moves waiters here, does what an Unlock does by 2. A Bump that finds no
//     waiter in the queue, but Woken, unlocks and parks in one step: the waiter that has Woken will
//     wake it, by 2.)
//  4. HandOff is set under the lock of the queue, with a waiter in it, and beside Locked. The Unlock that
//     sees it leaves the mutex free but closed to all, and then locks it for the head. If the head has
//     given up meanwhile, the Unlock clears HandOff instead. An Unlock that finds the mutex free and
//     without HandOff may set it and lock the mutex for the head at once.
//  5. A waiter that gives up was in the queue, not awake, so it never owes a wake. A waiter that
//     was woken tries to lock and parks once more before it notices its limit.
const (
	mutexLocked = 1 << iota
	mutexParked
	mutexWoken
	mutexHandOff

	mutexNoRetry = 1 << 31 // not in the word: the tag of a waiter of WaitAny
)

const (
	// handOffAfter is how long a waiter may be overtaken. Handing the lock off to each such waiter
	// would form a convoy, since each hand-off leaves the lock idle for a goroutine switch; see
	// Queue.HandOffDue.
	handOffAfter = time.Millisecond

	// A waiter tries spinTries times, spinPauses pauses apart, before it sleeps: about the time that a
	// sleep and a wake-up cost. In BenchmarkMutexContended the geometric mean of the times relative to
	// sync.Mutex is 0.90; without the spin it is 1.00, with half or double the pauses 0.91 and 0.94.
	spinTries  = 4
	spinPauses = 30

	// One wait in spinUnnoticed spins without setting Woken. Unlock then wakes the head of the queue,
	// which can ask for a hand-off however busy the lock is.
	spinUnnoticed = 16
)

// TryLock tries to lock m without blocking, and reports whether it succeeded.
func (m *Mutex) TryLock() (ok bool) {
	if debugging {
		defer noteIfTrue(&ok, unsafe.Pointer(m), typeMutex, debugWrite)
	}
	return m.state.CompareAndSwap(0, mutexLocked) || m.tryLockSlow() // acquire
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

// Lock locks m. It blocks until the lock is available.
func (m *Mutex) Lock() {
	if debugging {
		noteBefore(unsafe.Pointer(m), typeMutex, debugWrite)
	}
	if m.state.CompareAndSwap(0, mutexLocked) { // acquire
		if debugging {
			noteLocked(unsafe.Pointer(m), typeMutex, debugWrite)
		}
		return
	}
	m.lockSlow()
}

//go:noinline
func (m *Mutex) lockSlow() {
	m.lockWith((*mutexQueue)(m), nil, park.Limit{}) // no limit, no error
	if debugging {
		noteLocked(unsafe.Pointer(m), typeMutex, debugWrite)
	}
}

// TryLockFor locks m, blocking for at most d, and reports whether it succeeded. If d <= 0, it is
// equivalent to [Mutex.TryLock].
//
// A call that gives up leaves no trace: no grant of the lock is lost, and no goroutine or timer
// remains.
//
// In a bubble of testing/synctest the wait is durable, so that the bubble's time can reach the limit. Only a
// goroutine of the same bubble may end a durable wait: an Unlock outside the bubble that finds the waiter in
// the queue ends the program, as a send on a channel of the bubble does. Share a Mutex between bubbles only if
// all goroutines wait with Lock. With the build tag osync_synctest all waits are durable, and such an Unlock
// panics with a message that names the lock.
func (m *Mutex) TryLockFor(d time.Duration) bool {
	if debugging && d > 0 {
		noteBefore(unsafe.Pointer(m), typeMutex, debugWrite)
	}
	return m.TryLock() || d > 0 && m.LockLimit(park.For(d)) == nil
}

// LockContext locks m, blocking until it is available or ctx is done. It returns nil if it locked
// m, and otherwise an error that wraps the [context.Cause] of ctx. If ctx is already done,
// LockContext returns its cause without trying to lock m. A nil ctx panics.
//
// In a bubble of testing/synctest the wait is durable; see [Mutex.TryLockFor].
func (m *Mutex) LockContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	if debugging {
		noteBefore(unsafe.Pointer(m), typeMutex, debugWrite)
	}
	if m.TryLock() {
		return nil
	}
	return m.LockLimit(park.Context(ctx))
}

// LockLimit locks m, blocking until it is available or limit is reached. It returns nil if it has
// locked m. Otherwise it returns an error that wraps [os.ErrDeadlineExceeded], or what [park.Ended]
// returns if limit is a context.
//
// It is for an absolute deadline, [park.Until](t), and for code that spends one limit on several waits.
// The zero Limit never ends the wait. LockLimit tries to lock m before it looks at limit; to give up at
// once if limit has already passed, check [park.Limit.Err] first. A call that gives up leaves no trace.
func (m *Mutex) LockLimit(limit park.Limit) (err error) {
	if debugging {
		noteBefore(unsafe.Pointer(m), typeMutex, debugWrite)
		defer noteIfNil(&err, mayPanic(&err), unsafe.Pointer(m), typeMutex, debugWrite)
	}
	return m.lockWith((*mutexQueue)(m), nil, limit)
}

// lockWith locks m, sleeping as often as it takes. It returns the error of the limit if that ends the
// wait. If w is not nil, an Unlock has just woken it from the queue of m. In any case lockWith frees
// w, or the Waiter that it made itself. As an Enqueuer, m is e.
func (m *Mutex) lockWith(e park.Enqueuer, w *park.Waiter, limit park.Limit) error {
	var woken uint32 // the bit Woken if the caller has it
	if w != nil {
		woken = mutexWoken
	}
	for !m.lockSpinning(&woken) {
		if w == nil {
			w = park.NewWaiter(park.Exclusion, limit)
		}
		w.SetTag(uint64(woken))
		token, err := w.Sleep(&m.state, e, nil)
		if err != nil && !m.tryLockSlow() { // an Unlock may have yet to wake a waiter
			w.Free()
			return err
		}
		if err != nil || token == tokenGranted {
			break
		}
		if token == tokenRetry {
			woken = mutexWoken
		}
	}
	if w != nil {
		w.Free()
	}
	return nil
}

// lockSpinning tries to lock m for a short time, and reports whether it succeeded. If no waiter has
// the bit Woken, lockSpinning takes it for the caller, and sets *woken.
func (m *Mutex) lockSpinning(woken *uint32) bool {
	budget := spin.NewBudget(spinTries, spinPauses)
	decided, unnoticed := false, false
	for {
		s := m.state.Load()
		switch {
		case s&(mutexLocked|mutexHandOff) == 0:
			if m.state.CompareAndSwap(s, (s|mutexLocked)&^*woken) { // acquire
				return true
			}
		case budget.Spent() || s&mutexHandOff != 0 || spin.Crowded():
			return false
		default:
			if *woken == 0 && s&(mutexParked|mutexWoken) == mutexParked {
				if !decided { // once per wait, not per try
					decided, unnoticed = true, rand.Uint32N(spinUnnoticed) == 0
				}
				if !unnoticed && m.state.CompareAndSwap(s, s|mutexWoken) {
					*woken = mutexWoken
				}
			}
			budget.Spend()
		}
	}
}

// A mutexQueue is a Mutex as an Enqueuer. The tag of a waiter is the bit Woken if the waiter has it.
type mutexQueue Mutex

// Enqueue puts w into the queue and gives its bit Woken back, in one step. If m looks free, Enqueue
// does nothing.
func (m *mutexQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	overtaken := w.Pushed()
	due := overtaken && q.HandOffDue(w, handOffAfter)
	for {
		s := m.state.Load()
		if s&(mutexLocked|mutexHandOff) == 0 {
			return tokenFree
		}
		parked := (s | mutexParked) &^ uint32(w.Tag())
		if due && s&mutexLocked != 0 {
			parked |= mutexHandOff
		}
		if m.state.CompareAndSwap(s, parked) { // by invariant 3
			break
		}
	}
	if q.Empty() {
		// Without a second spin, two goroutines with 100 ns inside and nothing outside take 1.02 times as
		// much time, and processor time, as with sync.Mutex; with one, 1.1 and 1.9 times as much. With more
		// waiters, the second spin shortens the longest waits.
		w.SleepAtOnce()
	}
	if overtaken {
		q.PushFront(w)
	} else {
		q.Push(w)
	}
	return 0
}

// GiveUp keeps invariant 1.
func (m *mutexQueue) GiveUp(q park.Queue, _ *park.Waiter) { clearIfEmpty(q, &m.state, mutexParked) }

// Unlock unlocks m. It does not block. It panics, and changes nothing, if m is not locked.
func (m *Mutex) Unlock() {
	if debugging && m.state.Load()&mutexLocked != 0 {
		noteUnlocking(unsafe.Pointer(m), typeMutex, debugWrite)
	}
	// An And alone would do. On amd64 one whose result is used is a load and a loop, and an uncontended Lock and
	// Unlock takes a quarter longer with it.
	if !m.state.CompareAndSwap(mutexLocked, 0) { // release
		m.unlockSlow()
	}
}

// unlockSlow is Unlock if a bit other than Locked is set.
//
//go:noinline
func (m *Mutex) unlockSlow() {
	m.unlocked(m.state.And(^uint32(mutexLocked))) // release
}

// unlocked is the rest of an Unlock that has cleared Locked. s is the word as it was before.
func (m *Mutex) unlocked(s uint32) {
	if s&mutexLocked == 0 {
		panic("locks: unlock of unlocked mutex")
	}
	if s&mutexHandOff != 0 {
		m.handOver()
		return
	}
	m.wakeNext(s &^ mutexLocked)
}

// wakeNext wakes the head of the queue unless another goroutine will, by invariant 2. s is the word as
// the caller has seen it.
func (m *Mutex) wakeNext(s uint32) {
	for s&mutexParked != 0 && s&(mutexLocked|mutexWoken|mutexHandOff) == 0 {
		if m.state.CompareAndSwap(s, s|mutexWoken) {
			m.wakeHead()
			return
		}
		s = m.state.Load()
	}
}

// wakeHead wakes the longest waiter, for which Woken is set. If that waiter has waited for too long, or waits in
// WaitAny, wakeHead hands m off to it. If there is no waiter, wakeHead clears Woken.
func (m *Mutex) wakeHead() {
	var w *park.Waiter
	var token uint32 = tokenRetry
	park.WithQueue(&m.state, func(q park.Queue) {
		if head := q.Front(); head != nil && (head.Tag() == mutexNoRetry || q.HandOffDue(head, handOffAfter)) {
			// Another goroutine may have locked m meanwhile, or another Unlock may be about to hand it
			// off.
			if s := m.change(mutexWoken, mutexHandOff); s&(mutexLocked|mutexHandOff) == 0 {
				w, token = m.lockForHead(q), tokenGranted
			}
			return
		}
		w = q.Pop()
		switch {
		case w == nil:
			m.state.And(^uint32(mutexParked | mutexWoken))
		case q.Empty():
			m.state.And(^uint32(mutexParked))
		}
	})
	if w != nil {
		w.Wake(token)
	}
}

// handOver locks m, which is free but has HandOff set, for the longest waiter, and wakes it.
func (m *Mutex) handOver() {
	var w *park.Waiter
	park.WithQueue(&m.state, func(q park.Queue) { w = m.lockForHead(q) })
	if w != nil {
		w.Wake(tokenGranted)
	}
}

// lockForHead turns HandOff into Locked, takes the longest waiter out of q, the queue of m, and returns
// it. If there is no waiter, lockForHead only clears HandOff.
func (m *Mutex) lockForHead(q park.Queue) *park.Waiter {
	w := q.Pop()
	var off, on uint32 = mutexHandOff, 0
	if w != nil {
		on = mutexLocked
	}
	if q.Empty() {
		off |= mutexParked
	}
	m.change(off, on)
	return w
}

// change clears the bits off and sets the bits on, in one step, and returns the word as it was.
func (m *Mutex) change(off, on uint32) (old uint32) {
	for {
		old = m.state.Load()
		if m.state.CompareAndSwap(old, old&^off|on) {
			return old
		}
	}
}
