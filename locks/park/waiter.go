// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/internal/pin"
)

// A Kind says what a waiter waits for. It matters only under testing/synctest, and there only for waits without
// a limit: a wait with a limit counts as a [Condition]. With the build tag osync_synctest every wait does.
type Kind uint8

const (
	// Exclusion is waiting for a lock, as in sync.Mutex: it ends when a critical
	// section does. In a synctest bubble such a goroutine counts as running, and
	// a goroutine outside the bubble may wake it.
	Exclusion Kind = iota
	// Condition is waiting for something to happen, as in sync.Cond. In a synctest bubble such a
	// goroutine is durably blocked, so that the bubble's time can advance. It must be woken from
	// the same bubble.
	Condition
)

// A way is a way of sleeping, and of being woken.
type way uint8

const (
	// byCond sleeps on a sync.Cond, without an allocation. In a synctest bubble such a goroutine is
	// durably blocked.
	byCond way = iota
	// byMutex sleeps on a sync.Mutex that is already locked; the waker unlocks it. It is the way of Exclusion in a
	// bubble, as it is not durable and can be ended from outside. With osync_synctest no goroutine sleeps this way.
	// Outside of bubbles it is slower: the runtime finds the waiter of a sync.Mutex in a table of 251 trees, so that
	// 100,000 waiters take 1.85 times as long to drain as those of one sync.Mutex; with byCond it is 1.27 times.
	byMutex
	// byChannel sleeps on a channel, since no other sleep in Go can also be ended by a timer or a
	// context. The channel serves this Waiter until Free: one made in a synctest bubble must not be
	// used outside.
	byChannel
	// byKernel is the way of a pinned thread: a futex on a word of the Waiter's own.
	byKernel
	// inGroup is the way of a member of a group, which does not sleep itself; see any.go.
	inGroup
	// byClose is the way of a Waiter without a goroutine, whose wake closes a channel; see Chan.
	byClose
)

// A Waiter is one goroutine that is about to wait, waits, or is being woken. It belongs to the goroutine
// that called NewWaiter, which must call Free after its waits; a deferred Free suffices. One Waiter may
// sleep several times. Between Pop and Wake it belongs to the waker.
type Waiter struct {
	debug waiterDebug //lint:ignore U1000 used with osync_debug

	// The place in a queue, guarded by the bucket's lock.
	addr       *atomic.Uint32 // the word; nil outside a queue
	next, prev *Waiter
	// Set in the head of a queue only.
	tail        *Waiter
	left, right *Waiter // the subtrees
	lastHandOff int64

	stage       stage
	way         way
	spins       bool // byCond: spins on word for a short time before it sleeps
	atOnce      bool // see SleepAtOnce
	hasLimit    bool // has a limit, or had one before Unlimit
	mustBeWoken bool // the limit does not end this wait; see MoveWoken
	counted     bool // is one of its bucket's sleepers
	observed    observed

	// A goroutine that wakes 100,000 Waiters finds each of them in memory, not in a cache. So the fields
	// that it uses are in two lines, of which this is the second.
	token uint32
	word  atomic.Uint32 // byKernel, and if spins is set: see kernel.go
	cond  sync.Cond     // byCond: see ticketHolder

	// The third line has the other fields that the owner uses when it returns from a Sleep and frees
	// the Waiter.
	err        error
	sleeper    interface{ Wait() } // cond, or the Waiter as an enqueueThenSleep
	since      int64               // the time of arrival or of the last move, by mono.Now; set for an Exclusion, and if observed or limited
	tag        uint64              // see SetTag
	pushes     uint32              // the number of Pushes since NewWaiter
	laterToken uint32              // see WakeLater
	mutex      sync.Mutex          // byMutex: a semaphore, locked by the owner, unlocked by the waker

	// The arguments of a Sleep, which cannot be passed through sync.Cond. enqueue clears them.
	addrToEnter *atomic.Uint32
	enqueuer    Enqueuer // until Free, if the Waiter has a limit
	locker      sync.Locker
	wakeLater   Waiters // see WakeLater

	bubble    waiterBubble
	pushedTo  *bucket // by the last Push
	abandoned bool    // is left to the garbage collector; see abandon
	number    int32   // of a member of a group, starting at 1
	group     *group  // of its members, and of its primary
	observation
	done  chan struct{} // byChannel: holds the wake
	limit Limit
	// at is a copy of addr for waiters with a limit. A waiter that gives up reads it without the lock,
	// to find the bucket.
	at atomic.Pointer[atomic.Uint32]
}

// A Waiter is in one of these stages. A mistake in a lock, such as pushing a Waiter twice or waking it
// twice, would corrupt the queues of other words. So each step checks the stage, and panics if it is
// wrong. The check is a store to or a comparison with a cache line that is in use anyway.
//
//	stage     meaning                                left by
//	idle      its owner's, in no Sleep               Sleep: to entering; Free: to freed
//	entering  in a call of Enqueue, in no queue      a form of Push: to queued; the return of an
//	                                                 Enqueue that has not pushed it: to idle
//	queued    in a queue                             Pop, PopAll, Remove: to taken; a limit that ends
//	                                                 the wait, or another lock that ends that of its
//	                                                 group: to idle
//	taken     taken out; the taker owes it a Wake    Wake: to woken
//	woken     woken                                  the end of its Sleep: to idle
//	freed     in the pool                            NewWaiter: to idle
//
// The stage is guarded by the lock of the bucket while the Waiter is queued, belongs to the waker
// while it is taken, and to the owner otherwise.
type stage uint8

const (
	isFreed stage = iota
	isIdle
	isEntering
	isQueued
	isTaken
	isWoken
)

// misuse panics because a Waiter in stage s must not be used for do.
func (s stage) misuse(do string) {
	panic("park: " + do + " a Waiter that " + [...]string{
		"is freed",
		"is not in a Sleep",
		"is about to enter a queue",
		"is in a queue",
		"was taken out and is not woken",
		"was woken and is still in its Sleep",
	}[s])
}

var pool = sync.Pool{New: func() any { return newWaiter() }}

func newWaiter() *Waiter {
	w := new(Waiter)
	w.mutex.Lock() // at rest it is locked, so that the next Lock waits for a waker
	w.cond.L = (*ticketHolder)(w)
	return w
}

// NewWaiter returns a Waiter for the calling goroutine. A goroutine that is pinned to its thread (see
// package thread) will sleep in the kernel, any other in the Go scheduler. With the build tag
// osync_synctest, a pinned goroutine in a bubble of testing/synctest will also sleep in the Go scheduler.
//
// The wait ends early if limit is reached. With the zero Limit, nothing is allocated except for a
// pool of Waiters; with another limit, a channel and a timer are allocated as well.
//
//go:norace
func NewWaiter(kind Kind, limit Limit) *Waiter {
	w := idleWaiter()
	if !limit.isZero() {
		w.limit, w.hasLimit = limit, true
	}
	w.sleeper, w.spins = (*enqueueThenSleep)(w), false
	bubble := false
	if kind == Exclusion { // reading the clock is a large part of the cost of a wait
		w.since, bubble = mono.NowIn()
		procs.RefreshAt(w.since)
	}
	if observing() {
		w.observe(kind)
	} else if w.hasLimit && kind == Condition {
		w.since = mono.Now() // for GiveUpError; cheap compared to allocating the channel
	}
	w.enterBubble()
	switch {
	case !w.inBubble() && pin.Here() && kernelSleep():
		w.way = byKernel
	case w.hasLimit:
		w.way = byChannel
		w.done = make(chan struct{}, 1)
	case !closedBubbles && kind == Exclusion && bubble:
		w.way = byMutex
	default:
		w.way, w.spins = byCond, kind == Exclusion
		w.sleeper = &w.cond
	}
	return w
}

// idleWaiter returns a Waiter from the pool for the calling goroutine.
//
//go:norace
func idleWaiter() *Waiter {
	race.Disable() // the pool orders nothing
	w := pool.Get().(*Waiter)
	race.Enable()
	if debugging {
		w = newWaiter() // do not reuse one that was freed
	}
	w.noteOwner()
	w.stage = isIdle
	return w
}

// Free gives w back to a pool. It panics if w is in a queue, or not yet woken. The caller must not use
// w again.
//
//go:norace
func (w *Waiter) Free() {
	w.mustBeOwner("Free of")
	if w.abandoned {
		return
	}
	if w.stage != isIdle {
		w.stage.misuse("Free of")
	}
	w.stage = isFreed
	w.sleeper = (*freedWaiter)(w)
	if w.observed != notObserved {
		w.unobserve()
	}
	w.leaveBubble()
	w.pushes, w.since, w.tag = 0, 0, 0
	if w.hasLimit {
		w.enqueuer = nil
		w.limit, w.hasLimit, w.mustBeWoken, w.done = Limit{}, false, false, nil
		w.err, w.group = nil, nil
	}
	race.Disable()
	pool.Put(w)
	race.Enable()
}

// A freedWaiter is a Waiter in the pool, as Sleep sees it. Its cond must not draw a ticket.
type freedWaiter Waiter

// Wait panics.
func (*freedWaiter) Wait() { isFreed.misuse("Sleep of") }

// enter makes w, which is about to be pushed to q, ready to be woken.
//
//go:norace
func (w *Waiter) enter(q Queue) {
	q.mustBeOpen()
	q.mustMatch(w)
	if w.stage != isEntering {
		w.stage.misuse("Push of")
	}
	w.stage = isQueued
	w.pushes++
	w.pushedTo = q.b
	if w.way == byKernel || w.spins {
		race.Disable() // other goroutines have used the word before
		w.word.Store(awake)
		race.Enable()
	}
	if w.observed&blamed != 0 {
		w.line(q)
	}
	w.setAddr(q.addr)
}

// setAddr records the word in whose queue w is, or nil. The bucket is locked. The goroutine that takes
// w out decides how the wait ends.
//
//go:norace
func (w *Waiter) setAddr(addr *atomic.Uint32) {
	w.addr = addr
	if w.observed != notObserved && addr != nil {
		w.lastAddr = addr
	}
	w.noteWord(addr)
	if w.hasLimit {
		if w.mustBeWoken {
			addr = nil
		}
		race.Disable()
		w.at.Store(addr)
		race.Enable()
	}
}

// inherit copies the fields that only the head of a queue has.
//
//go:norace
func (w *Waiter) inherit(head *Waiter) {
	w.tail, w.left, w.right, w.lastHandOff = head.tail, head.left, head.right, head.lastHandOff
	head.tail, head.left, head.right, head.lastHandOff = nil, nil, nil, 0
	if (head.observed|w.observed)&decided != 0 {
		w.decideAs(head)
	}
}

// Pushed reports whether w has been in a queue since [NewWaiter].
//
//go:norace
func (w *Waiter) Pushed() bool { return w.pushes > 0 }

// Pinned reports whether w belongs to a pinned goroutine, and sleeps in the kernel.
//
//go:norace
func (w *Waiter) Pinned() bool {
	return w.way == byKernel || w.way == inGroup && w.group.primary.way == byKernel
}

// SetTag stores a number that the lock chooses in w, such as how much w waits for. Call it before
// [Waiter.Sleep] or in Enqueue. The tag of a new Waiter is 0.
//
//go:norace
func (w *Waiter) SetTag(tag uint64) { w.tag = tag }

// Tag returns the number that SetTag stored. Call it while the queue is locked.
//
//go:norace
func (w *Waiter) Tag() uint64 { return w.tag }

// SleepAtOnce makes the sleep that is about to begin start without a spin, for a lock that has itself
// spun. It affects one sleep; call it in Enqueue. A pinned thread spins nevertheless, since its sleep
// costs more.
//
//go:norace
func (w *Waiter) SleepAtOnce() { w.atOnce = true }

// Unlimit removes the limit of w from later sleeps. It panics while w is in a Sleep, or after Free.
//
//go:norace
func (w *Waiter) Unlimit() {
	if w.stage != isIdle {
		w.stage.misuse("Unlimit of")
	}
	w.limit = Limit{}
}
