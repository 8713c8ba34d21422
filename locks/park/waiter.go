// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/internal/pin"
)

// A Kind says what a waiter waits for. It matters under testing/synctest alone, and there for
// waits without a limit: one with a limit is a [Condition].
type Kind uint8

const (
	// Exclusion is waiting for a lock, as in sync.Mutex: it ends when a critical
	// section does. In a synctest bubble such a goroutine counts as running, and
	// a goroutine outside the bubble may wake it.
	Exclusion Kind = iota
	// Condition is waiting for something to happen, as in sync.Cond. In a synctest
	// bubble such a goroutine is durably blocked, so that the bubble's time can go on.
	// It must be woken from the same bubble.
	Condition
)

// The ways of sleeping. A waiter that sleeps in a way is woken in that way.
type way uint8

const (
	// byMutex sleeps on a sync.Mutex that is already locked; its waker unlocks it. This
	// is the way of Exclusion: no allocation, sync.Mutex's own short spin before the
	// sleep, and its line in a stack dump.
	byMutex way = iota
	// byCond sleeps on a sync.Cond, the way of Condition: no allocation, and durable
	// in a synctest bubble. It is the way of Exclusion, too, while the mutex profile is
	// taken; see profiled.
	byCond
	// byChannel sleeps on a channel, since nothing else in Go can also end by a timer
	// or a context. The channel is made for this wait and not used again: one made in
	// a synctest bubble must not be touched outside.
	byChannel
	// byKernel is the way of a pinned thread: a futex on a word of the waiter's own.
	byKernel
)

// A Waiter is one goroutine about to wait, waiting, or being woken. It belongs to the goroutine
// that called NewWaiter, which calls Free when its waits are over; a deferred Free will do. One Waiter
// may be pushed and sleep several times. Between Pop and Wake it belongs to the waker.
type Waiter struct {
	debug waiterDebug //lint:ignore U1000 used with osync_debug

	// The place in a queue, guarded by the bucket's lock: the word, nil outside.
	addr       *atomic.Uint32
	next, prev *Waiter
	// The head's alone: the end of the queue, the subtrees, the last hand-off.
	tail        *Waiter
	left, right *Waiter
	handedOff   int64

	// at is addr once more, kept only if there is a limit: a waiter that gives up reads it without
	// the lock, to find the bucket.
	at atomic.Pointer[atomic.Uint32]

	since     int64   // see Since
	pushedTo  *bucket // the owner's last Push
	tag       uint64  // see SetTag
	token     uint32
	kind      Kind
	way       way
	stage     stage
	pushes    uint32 // how often it was put into a queue
	limited   bool   // has, or had, a limit
	bound     bool   // must wait for a wake, whatever its limit says; see MoveWoken
	counted   bool   // is counted among its bucket's sleepers
	abandoned bool   // not for the pool any more; see abandon

	sem  sync.Mutex    // byMutex: a semaphore, locked by its owner, unlocked by the waker
	cond sync.Cond     // byCond: see ticketHolder
	done chan struct{} // byChannel: holds the wake
	word atomic.Uint32 // byKernel: see the table in sleep.go

	limit Limit

	// What goes in and out of a Sleep, which cannot pass it through sync.Cond.
	sleeper     interface{ Wait() } // cond, or the waiter as an enqueueThenSleep
	addrToEnter *atomic.Uint32
	enqueuer    Enqueuer
	locker      sync.Locker
	err         error
	wakeLater   Waiters // see WakeLater
	wakeToken   uint32
}

var pool = sync.Pool{New: func() any { return newWaiter() }}

func newWaiter() *Waiter {
	w := new(Waiter)
	w.sem.Lock() // the state of rest: the next Lock waits for a waker
	w.cond.L = (*ticketHolder)(w)
	return w
}

// NewWaiter returns a Waiter for the calling goroutine. A goroutine whose thread is
// pinned (see package thread) will sleep in the kernel, all others in the Go scheduler.
//
// The wait ends early when limit is reached. With the zero Limit nothing is allocated
// but what a pool of Waiters needs; with a limit, a channel and a timer.
//
//go:norace
func NewWaiter(kind Kind, limit Limit) *Waiter {
	race.Disable() // the goroutine that had it before orders nothing
	w := pool.Get().(*Waiter)
	race.Enable()
	if debugging {
		w = newWaiter() // never one that is freed
	}
	w.noteOwner()
	w.stage = isIdle
	w.kind = kind
	if !limit.isZero() {
		w.limit, w.limited = limit, true
	}
	w.sleeper = (*enqueueThenSleep)(w)
	switch {
	case pin.Here() && kernelSleep():
		w.way = byKernel
	case w.limited:
		w.way = byChannel
		w.done = make(chan struct{}, 1)
	case kind == Condition || profiled() && !inBubble():
		w.way = byCond
		w.sleeper = &w.cond
	default:
		w.way = byMutex
	}
	return w
}

// profiled reports whether the runtime takes its mutex profile. That charges a whole wait on a
// sync.Mutex to the goroutine that ends it, which with a sync.Mutex as a bed is the last of all
// that held the lock meanwhile. A wait on a sync.Cond is charged to no one.
func profiled() bool { return runtime.SetMutexProfileFraction(-1) > 0 }

// inBubble reports whether the caller is in a synctest bubble, where time.Now has no monotonic
// reading. There Exclusion must not sleep on a sync.Cond, since a goroutine outside may hold the
// lock.
func inBubble() bool {
	now := time.Now()
	return now == now.Round(0)
}

// Free gives w back to a pool. It panics if w is in a queue, or not yet woken. The caller must not use
// w again.
//
//go:norace
func (w *Waiter) Free() {
	w.mustBeOwner("Free of")
	if w.stage != isIdle && !w.abandoned {
		w.stage.misuse("Free of")
	}
	w.stage = isFreed
	w.sleeper = (*freedWaiter)(w)
	w.pushes, w.since, w.tag = 0, 0, 0
	w.addrToEnter, w.enqueuer, w.locker = nil, nil, nil
	if w.limited {
		w.limit, w.limited, w.bound, w.done = Limit{}, false, false, nil
		w.err = nil
	}
	if w.abandoned {
		return
	}
	race.Disable()
	pool.Put(w)
	race.Enable()
}

// setAddr notes in whose queue w is, nil for none. The bucket is locked. Whoever takes w out decides
// how the wait ends.
//
//go:norace
func (w *Waiter) setAddr(addr *atomic.Uint32) {
	w.addr = addr
	switch {
	case w.bound:
		w.at.Store(nil)
	case w.limited:
		w.at.Store(addr)
	}
}

// inherit takes over what only the head of a queue has.
//
//go:norace
func (w *Waiter) inherit(head *Waiter) {
	w.tail, w.left, w.right, w.handedOff = head.tail, head.left, head.right, head.handedOff
	head.tail, head.left, head.right, head.handedOff = nil, nil, nil, 0
}

// enter makes w ready to be woken. The bucket is locked, and no other goroutine knows w.
//
//go:norace
func (w *Waiter) enter(q Queue) {
	q.mustBeOpen()
	q.mustMatch(w)
	if w.stage != isEntering {
		w.stage.misuse("Push of")
	}
	w.stage = isQueued
	if w.pushes == 0 && w.kind == Exclusion {
		w.since = Now()
		procs.RefreshAt(w.since)
	}
	w.pushes++
	w.pushedTo = q.b
	if w.way == byKernel {
		race.Disable() // another goroutine may have had w before
		w.word.Store(awake)
		race.Enable()
	}
	w.setAddr(q.addr)
}

// Pushed reports whether w has been in a queue since [NewWaiter].
//
//go:norace
func (w *Waiter) Pushed() bool { return w.pushes > 0 }

// Since returns the time, by [Now], at which w was first pushed, if its kind is Exclusion, or
// moved. It is 0 otherwise: to look at the clock would be a good part of the cost of a wait.
//
//go:norace
func (w *Waiter) Since() int64 { return w.since }

// Pinned reports whether w belongs to a pinned goroutine, and sleeps in the kernel.
//
//go:norace
func (w *Waiter) Pinned() bool { return w.way == byKernel }

// SetTag keeps a number with w that the lock chooses, such as how much w waits for. Call it before
// [Queue.Push]. The tag of a new Waiter is 0.
//
//go:norace
func (w *Waiter) SetTag(tag uint64) { w.tag = tag }

// Tag returns the number of SetTag. Read it while the queue is locked.
//
//go:norace
func (w *Waiter) Tag() uint64 { return w.tag }

// Unlimit removes the limit of w: the sleeps to come have none. Call it while w is in no queue.
//
//go:norace
func (w *Waiter) Unlimit() { w.limit = Limit{} }
