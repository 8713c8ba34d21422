// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/locks/park"
)

// Bump is for a goroutine that holds a lock for long. An Unlock followed by a Lock would rarely let a waiter in: the
// caller is awake, and locks again long before the waiter that Unlock has woken. So Bump hands the lock to the head of
// the queue, and in the same step, under the lock of the queue, puts the caller at its end.
//
// The caller's place is the end of the queue. With a place behind the head, a loop that bumps now and then would let in
// only one of many waiters each time, and the queue would grow. Without a place in the queue, the caller would overtake
// all but the head. With a place at the end, each goroutine in the queue has had the lock, or has given up, when Bump
// returns: a lock without barging is granted in the order of the queue, and the Unlocks of one with barging wake its
// waiters in that order, each when the one before it has locked, or is back at the front. Goroutines that arrive later
// queue behind the caller.
//
// A Mutex stays Locked meanwhile, so its invariants hold as for an Unlock that hands off: a waiter that has Woken
// finds the mutex locked, and goes back to the front of the queue, before the caller. If that waiter is the only one,
// Bump leaves the mutex free for it, as an Unlock does, and the caller enters the queue nevertheless, by invariant 3.
// The word of a FairMutex does not even change.

// HasWaiters reports whether goroutines wait for m, that is, whether one sleeps, or was woken and has yet to lock m. It
// is a hint: a waiter may arrive or leave at any time, and one that is about to sleep is not counted. HasWaiters does
// not block, and any goroutine may call it.
func (m *Mutex) HasWaiters() bool { return m.state.Load()&(mutexParked|mutexWoken) != 0 }

// Bump lets waiters in: if goroutines wait for m, it unlocks m, and locks it again once each of them has had m or has
// given up. It reports whether it unlocked m. The caller holds m before and after the call. If Bump returns true, what
// m protects may have changed, and the caller must examine it again.
//
// It is for long loops that hold m:
//
//	for i := range work {
//		do(work[i])
//		if m.Bump() {
//			… others may have changed the data …
//		}
//	}
//
// If no goroutine waits, Bump costs one load. Otherwise m goes to the longest waiter at once, and the caller waits at
// the end of the queue, as after a Lock: goroutines that arrive later can overtake it as they can overtake any waiter.
// (An Unlock followed by a Lock would rarely let a waiter in, because the caller is awake and the waiters are not.)
// Bump panics, and changes nothing, if m is not locked.
func (m *Mutex) Bump() (bumped bool) {
	if debugging {
		noteBump(unsafe.Pointer(m), typeMutex, m.state.Load()&mutexLocked != 0)
	}
	if m.state.Load()&(mutexLocked|mutexParked|mutexWoken) != mutexLocked {
		bumped = m.bump((*mutexBump)(m), (*mutexQueue)(m))
	}
	if debugging {
		noteLocked(unsafe.Pointer(m), typeMutex, debugWrite)
	}
	return bumped
}

// bump is the rest of Bump if Parked or Woken is set. As an Enqueuer, m is first bumping and then e.
//
//go:noinline
func (m *Mutex) bump(bumping, e park.Enqueuer) bool {
	if m.state.Load()&mutexLocked == 0 {
		panic("locks: Bump of unlocked mutex")
	}
	w := park.NewWaiter(park.Exclusion, park.Limit{})
	token, _ := w.Sleep(&m.state, bumping, nil) // no limit, no error
	if token == tokenRetry {
		m.lockWith(e, w, park.Limit{})
		return true
	}
	w.Free()
	return token == tokenGranted
}

// A mutexBump is a Mutex as the Enqueuer of a holder in Bump.
type mutexBump Mutex

// Enqueue hands m to the longest waiter, and puts w at the end of the queue. If a waiter is awake and none sleeps, it unlocks
// m for that one, and if there is none at all, it does nothing.
func (m *mutexBump) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	next := q.Pop()
	for {
		s := m.state.Load()
		after := s &^ mutexHandOff // Locked stays, for next, and Parked, for w
		if next == nil {
			if s&mutexWoken == 0 {
				return tokenFree // Parked may stay, without a waiter
			}
			after = after&^mutexLocked | mutexParked // by invariants 2 and 3
		}
		if m.state.CompareAndSwap(s, after) { // acquire, release
			break
		}
	}
	q.Push(w)
	w.SleepAtOnce() // the new holder has yet to run
	if next != nil {
		w.WakeLater(park.One(next), tokenGranted)
	}
	return 0
}

// GiveUp is not called, as w has no limit.
func (m *mutexBump) GiveUp(park.Queue, *park.Waiter) {}

func (m *mutexBump) Describe(*atomic.Uint32, uint64) (lock any, purpose string) {
	return (*Mutex)(m), "lock, after Bump"
}

// HasWaiters reports whether goroutines wait for m. It is a hint: a waiter may arrive or leave at any time, and one
// that is about to sleep is not counted. HasWaiters does not block, and any goroutine may call it.
func (m *FairMutex) HasWaiters() bool { return m.state.Load()&fairQueued != 0 }

// Bump lets waiters in: if goroutines wait for m, it unlocks m, and locks it again once each of them has had m or has
// given up, ahead of goroutines that arrive later. It reports whether it unlocked m. The caller holds m before and
// after the call, but if Bump returns true, what m protects may have changed. If no goroutine waits, Bump costs one
// load. [Mutex.Bump] has an example. Bump panics, and changes nothing, if m is not locked.
func (m *FairMutex) Bump() (bumped bool) {
	if debugging {
		noteBump(unsafe.Pointer(m), typeFairMutex, m.state.Load()&fairLocked != 0)
	}
	if m.state.Load() != fairLocked {
		bumped = m.bump()
	}
	if debugging {
		noteLocked(unsafe.Pointer(m), typeFairMutex, debugWrite)
	}
	return bumped
}

//go:noinline
func (m *FairMutex) bump() bool {
	if m.state.Load() == 0 {
		panic("locks: Bump of unlocked mutex")
	}
	w := park.NewWaiter(park.Exclusion, park.Limit{})
	defer w.Free()
	token, _ := w.Sleep(&m.state, (*fairBump)(m), nil) // no limit, no error
	return token == tokenGranted
}

// A fairBump is a FairMutex as the Enqueuer of a holder in Bump.
type fairBump FairMutex

// Enqueue hands m to the longest waiter, and puts w at the end of the queue. If there is no waiter, it does nothing.
func (m *fairBump) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	next := q.Pop()
	if next == nil {
		clearIfEmpty(q, &m.state, fairQueued) // after waiters of WaitAny that Pop has passed over
		return tokenFree                      // all have given up
	}
	q.Push(w)       // Queued stays set, by invariant 1
	w.SleepAtOnce() // next has yet to wake up
	w.WakeLater(park.One(next), tokenGranted)
	return 0
}

// GiveUp is not called, as w has no limit.
func (m *fairBump) GiveUp(park.Queue, *park.Waiter) {}

func (m *fairBump) Describe(*atomic.Uint32, uint64) (lock any, purpose string) {
	return (*FairMutex)(m), "lock, after Bump"
}

// HasWaiters reports whether goroutines wait for rw, to read, to write, or to upgrade. It is a hint: a waiter may
// arrive or leave at any time, and one that is about to sleep, or was just woken, is not counted. HasWaiters does not
// block, and any goroutine may call it. A reader should call [RWMutex.WriterWaiting].
func (rw *RWMutex) HasWaiters() bool {
	s := rw.state.Load()
	// Beside a writer that holds, Readers are those that spin until it has unlocked.
	return s&(rwParked|rwWriterWaits) != 0 || s&rwWriterHolds != 0 && s&rwReaders != 0 || rw.w.HasWaiters()
}

// WriterWaiting reports whether a writer, or an upgrade, waits for the readers to leave. It is for readers that hold rw
// for long, since new readers must wait for that writer. Like HasWaiters it is a hint, and does not block.
func (rw *RWMutex) WriterWaiting() bool { return rw.state.Load()&rwWriterWaits != 0 }

// Bump lets waiters in while rw is locked for writing: if goroutines wait for rw, it unlocks rw, and locks it for
// writing again once each of them, readers and writers, has had rw or has given up. It reports whether it unlocked rw.
// The caller holds rw before and after the call, but if Bump returns true, what rw protects may have changed.
//
// First, Bump admits all waiting readers at once, however many there are. Then the writers and upgradable holders
// follow in FIFO order, and then the caller, which waits as after a Lock. If no goroutine waits, Bump costs two loads.
// [Mutex.Bump] has an example. Bump panics, and changes nothing, if rw is not locked for writing.
func (rw *RWMutex) Bump() (bumped bool) {
	return (debugging || !rw.isAlone()) && rw.bump()
}

// isAlone reports whether rw is locked for writing and no goroutine waits for it.
func (rw *RWMutex) isAlone() bool {
	return rw.state.Load() == rwWriterHolds && !rw.w.HasWaiters()
}

//go:noinline
func (rw *RWMutex) bump() (bumped bool) {
	if debugging {
		noteBump(unsafe.Pointer(rw), typeRWMutex, rw.state.Load()&rwWriterHolds != 0)
	}
	if bumped = rw.letIn(); bumped {
		rw.excludeReaders(park.Limit{}) // no limit, no error
	}
	if debugging {
		noteLocked(unsafe.Pointer(rw), typeRWMutex, debugWrite)
	}
	return bumped
}

// letIn ends the turn of the writer that holds rw, admits all waiting readers, and hands w to each waiting writer in
// turn. It returns true with w held again. If no goroutine waits, it returns false, and the turn has not ended.
func (rw *RWMutex) letIn() bool {
	if rw.state.Load()&rwWriterHolds == 0 {
		panic("locks: Bump of unlocked RWMutex")
	}
	if !rw.HasWaiters() {
		return false
	}
	var readers park.Waiters
	var token uint32
	park.WithQueue(&rw.state, func(q park.Queue) {
		if !q.Empty() {
			rw.state.Or(rwAdmit)
		}
		readers, token, _ = rw.takeReaders(q, rwWriterHolds, 0)
	})
	readers.Wake(token)
	if rw.w.HasWaiters() {
		rw.w.bump((*writerBump)(&rw.w), (*writerQueue)(&rw.w))
	}
	return true
}

// A writerBump is a writerMutex as the Enqueuer of a holder in Bump.
type writerBump writerMutex

func (w *writerBump) Enqueue(q park.Queue, waiter *park.Waiter) (token uint32) {
	return (*mutexBump)(&w.Mutex).Enqueue(q, waiter)
}

func (w *writerBump) GiveUp(park.Queue, *park.Waiter) {}

func (w *writerBump) Describe(addr *atomic.Uint32, tag uint64) (lock any, purpose string) {
	lock, _ = (*writerQueue)(w).Describe(addr, tag)
	return lock, "write, after Bump"
}

// RBump is Bump for a reader: if a writer waits for the readers to leave, RBump unlocks rw for reading, and locks it
// for reading again once that writer has had rw or has given up. It reports whether it unlocked rw. The caller holds rw
// for reading before and after the call, but if RBump returns true, what rw protects may have changed.
//
// Each call lets in one writer: other waiting writers let the readers go first; see [RWMutex]. The writer waits for all
// other readers, too, so RBump may wait for them. As with any RLock, the caller must not hold rw for reading twice. If
// no writer waits, RBump costs one load. It panics, and changes nothing, if rw is not locked for reading.
func (rw *RWMutex) RBump() (bumped bool) {
	s := rw.state.Load()
	return (debugging || s&rwWriter != 0 || s < rwReader) && rw.rBump()
}

//go:noinline
func (rw *RWMutex) rBump() bool {
	s := rw.state.Load()
	if s&rwWriterHolds != 0 || s&rwReaders == 0 {
		panic("locks: RBump of unlocked RWMutex")
	}
	if s&rwWriterWaits == 0 {
		if debugging {
			noteUnlocking(unsafe.Pointer(rw), typeRWMutex, debugRead)
			noteBefore(unsafe.Pointer(rw), typeRWMutex, debugRead)
			noteLocked(unsafe.Pointer(rw), typeRWMutex, debugRead)
		}
		return false // with debugging, or if no writer waits any longer
	}
	rw.RUnlock()
	rw.RLock()
	return true
}

// HasWaiters reports whether goroutines wait for rw, to read or to write. It is a hint; see [RWMutex.HasWaiters].
func (rw *BiasedRWMutex) HasWaiters() bool { return rw.inner.HasWaiters() }

// WriterWaiting reports whether a writer waits for the readers to leave. It is for readers that hold rw for long; see
// [RWMutex.WriterWaiting].
func (rw *BiasedRWMutex) WriterWaiting() bool { return rw.inner.WriterWaiting() }

// Bump lets waiters in while rw is locked for writing; see [RWMutex.Bump].
func (rw *BiasedRWMutex) Bump() (bumped bool) {
	return (debugging || !rw.inner.isAlone()) && rw.bump()
}

//go:noinline
func (rw *BiasedRWMutex) bump() (bumped bool) {
	if debugging {
		noteType(unsafe.Pointer(rw), typeBiasedRWMutex)
		noteBump(unsafe.Pointer(rw), typeBiasedRWMutex, rw.inner.state.Load()&rwWriterHolds != 0)
	}
	if bumped = rw.inner.letIn(); bumped {
		rw.exclude(park.Limit{}) // readers may be in slots again; no limit, no error
	}
	if debugging {
		noteLocked(unsafe.Pointer(rw), typeBiasedRWMutex, debugWrite)
	}
	return bumped
}

// RBump lets in a writer that waits for the readers to leave: it gives t back, and locks rw for reading again once that
// writer has had rw or has given up; see [RWMutex.RBump]. It returns the token for RUnlock, which is t if no writer
// waits, and reports whether it unlocked rw. A deferred RUnlock must use the new token:
//
//	t := rw.RLock()
//	defer func() { rw.RUnlock(t) }() // not defer rw.RUnlock(t): that gives the first token back
//	for … {
//		t, _ = rw.RBump(t)
//	}
//
// If a writer waits, RBump panics, and changes nothing, in the cases in which RUnlock(t) would.
func (rw *BiasedRWMutex) RBump(t ReadToken) (again ReadToken, bumped bool) {
	if debugging || rw.inner.state.Load()&rwWriter != 0 {
		return rw.rBump(t)
	}
	return t, false
}

//go:noinline
func (rw *BiasedRWMutex) rBump(t ReadToken) (again ReadToken, bumped bool) {
	if rw.inner.state.Load()&rwWriter == 0 {
		if debugging {
			noteType(unsafe.Pointer(rw), typeBiasedRWMutex)
			noteUnlocking(unsafe.Pointer(rw), typeBiasedRWMutex, debugRead)
			noteBefore(unsafe.Pointer(rw), typeBiasedRWMutex, debugRead)
			noteLocked(unsafe.Pointer(rw), typeBiasedRWMutex, debugRead)
		}
		return t, false // with debugging, or if no writer waits any longer
	}
	rw.RUnlock(t)
	if debugging {
		noteType(unsafe.Pointer(rw), typeBiasedRWMutex)
	}
	rw.inner.RLock() // not in a slot: a writer that has set WriterWaits may not have cleared bias yet
	rw.biasAgain()
	return ReadToken{}, true
}
