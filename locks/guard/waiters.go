// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard

import (
	"errors"
	"sync/atomic"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// A locker is the lock of a value.
type locker interface {
	locks.Locker
	TryLock() bool
	LockLimit(park.Limit) error
}

// waiters is the queue of the goroutines that wait until a condition holds for a value. A change of the value
// wakes the head, which evaluates its condition and wakes the next waiter. If a change woke all of them at once,
// they would contend for the lock. With one waiter awake at a time, each waited for its thread to run:
// BenchmarkWhenBuffer took 1.6 times as long with 16 goroutines, 7 times with 16 pinned threads.
//
// A look is an evaluation of a condition. The tag of a waiter is the version of the value at its first look,
// times 2³², plus the version at its last look. A waiter is outdated if its last look was at an earlier
// version than the present one.
//
// Invariants
//  1. version changes, and waiters enter the queue, under the lock of the value and that of the queue.
//     Outdated waiters are ahead of the others. So if the head is not outdated, no waiter is. The
//     waiters that are not outdated are in the order of their first looks: a waiter that looks in
//     vain, however long it takes, does not lose its place to waiters that arrived meanwhile.
//  2. If the head is outdated, a waiter that was taken out of the queue is on its way to look. After its look
//     it makes a change, or enters the queue again. In both cases, and also if it gives up while it waits for
//     the lock, it takes the next outdated waiter out and wakes it.
//  3. A waiter looks before it enters the queue. So a change that finds the queue empty need not
//     wake a waiter.
//  4. A waiter that is woken with tokenLocked holds the lock: the change that woke it did not
//     unlock the lock.
type waiters struct {
	n         atomic.Uint32 // how many are in the queue; its address identifies the queue
	version   atomic.Uint32 // counts changes, except those that find the queue empty
	handOffMs uint32        // when the lock was last handed off; guarded by the lock
}

// The tokens with which waiters are woken.
const (
	tokenRetry  uint32 = iota // lock, then look
	tokenLocked               // the waiter has the lock; look
)

// handOffIntervalNs is the interval between hand-offs of the lock.
const handOffIntervalNs = 1e6

// errNotNow ends a wait that must not take time.
var errNotNow = errors.New("guard: not now")

// when is the rest of When and its forms once the lock l of the value v is held. If once is set, it looks
// only once.
func when[T any](l locker, ws *waiters, v *T, limit park.Limit, once bool, cond func(*T) bool, f func(*T)) error {
	locked := true
	defer func() {
		if locked { // f has returned, or it or cond has panicked
			ws.unlock(l)
		}
	}()
	var limitErr error // ends the wait if this look does not
	if once {
		limitErr = errNotNow
	}
	firstLook := ws.version.Load()
	for !cond(v) {
		locked = false
		if limitErr != nil {
			l.Unlock()
			return limitErr
		}
		if limitErr = ws.wait(l, limit, firstLook); limitErr != nil && !l.TryLock() {
			return limitErr
		}
		locked = true
	}
	f(v)
	return nil
}

// exist reports whether a goroutine waits. If none does, a change ends with a plain Unlock, by invariant 3.
func (ws *waiters) exist() bool { return ws.n.Load() != 0 }

// unlock unlocks l after a change.
func (ws *waiters) unlock(l locker) {
	if !ws.exist() {
		l.Unlock()
		return
	}
	ws.announceChange(l)
}

// announceChange unlocks l after a change, and wakes the next waiter to look.
//
// Once per millisecond it hands l off to that waiter. Otherwise arriving goroutines that undo each
// change at once could keep the waiter from ever seeing one.
func (ws *waiters) announceChange(l locker) {
	var next *park.Waiter
	park.WithQueue(&ws.n, func(q park.Queue) {
		ws.version.Add(1) // release
		next = ws.popOutdated(q)
	})
	now := uint32(mono.Now() / handOffIntervalNs)
	if next == nil || now == ws.handOffMs {
		l.Unlock()
		wakeToRetry(next)
		return
	}
	ws.handOffMs = now
	noteHandOff(l)
	next.Wake(tokenLocked)
}

// wait unlocks l, waits for a change, and locks l again. If the limit ends the wait, it returns the error
// of the limit, and l is not locked. firstLook is the version at the first look of this call of When.
func (ws *waiters) wait(l locker, limit park.Limit, firstLook uint32) error {
	w := park.NewWaiter(park.Condition, limit)
	defer w.Free()
	w.SetTag(uint64(firstLook) << 32)
	token, err := w.Sleep(&ws.n, (*waitersQueue)(ws), l)
	if err != nil {
		return err
	}
	if token == tokenLocked {
		ws.version.Load() // acquire: what the change has written
		noteReceived(l)
		return nil
	}
	if err := l.LockLimit(limit); err != nil {
		var next *park.Waiter
		park.WithQueue(&ws.n, func(q park.Queue) { next = ws.popOutdated(q) }) // by invariant 2
		wakeToRetry(next)
		return err
	}
	return nil
}

// A waitersQueue is the waiters as an Enqueuer.
type waitersQueue waiters

// Enqueue completes the tag of w, which has the version of its first look, and puts w into the
// queue.
func (ws *waitersQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	version, firstLook := ws.version.Load(), uint32(w.Tag()>>32)
	w.SetTag(uint64(firstLook)<<32 | uint64(version))
	ws.n.Add(1)
	q.PushBefore(w, func(other *park.Waiter) bool { // by invariant 1
		return uint32(other.Tag()) == version && int32(uint32(other.Tag()>>32)-firstLook) > 0
	})
	if next := (*waiters)(ws).popOutdated(q); next != nil {
		w.WakeLater(park.One(next), tokenRetry) // by invariant 2
	}
	return 0
}

// GiveUp subtracts w from the count.
func (ws *waitersQueue) GiveUp(park.Queue, *park.Waiter) { ws.n.Add(^uint32(0)) }

// Describe makes the queue a [park.Describer].
func (ws *waitersQueue) Describe(*atomic.Uint32, uint64) (lock any, purpose string) {
	return (*waiters)(ws), "condition on the value"
}

// popOutdated takes the head out of q and returns it, or returns nil if the head is not outdated.
func (ws *waiters) popOutdated(q park.Queue) *park.Waiter {
	head := q.Front()
	if head == nil || uint32(head.Tag()) == ws.version.Load() {
		return nil
	}
	ws.n.Add(^uint32(0))
	return q.Pop()
}

// wakeToRetry wakes w, if it is not nil, to lock and look.
func wakeToRetry(w *park.Waiter) {
	if w != nil {
		w.Wake(tokenRetry)
	}
}
