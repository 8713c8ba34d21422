// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"context"
	"os"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/pin"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/sys/futex"
)

// A Kind says what a waiter waits for. It matters under testing/synctest alone.
type Kind uint8

const (
	// Exclusion is waiting for a lock, as in sync.Mutex: it ends when a critical
	// section does. In a synctest bubble such a goroutine counts as running, and
	// a goroutine outside the bubble may wake it.
	Exclusion Kind = iota
	// Condition is waiting for something to happen, as in sync.Cond. In a synctest
	// bubble such a goroutine is durably blocked, so that the bubble's time can go on.
	// Who wakes it must belong to the same bubble.
	Condition
)

// The ways of sleeping. A waiter that sleeps in a way is woken in that way.
type way uint8

const (
	// byMutex sleeps on a sync.Mutex that is already locked; its waker unlocks it. This
	// is the way of Exclusion: no allocation, sync.Mutex's own short spin before the
	// sleep, its contention profile, and its line in a stack dump.
	byMutex way = iota
	// byCond sleeps on a sync.Cond, the way of Condition: no allocation, and durable
	// in a synctest bubble.
	byCond
	// byChannel sleeps on a channel, since nothing else in Go can also end by a timer
	// or a context. The channel is made for this wait and not used again: one made in
	// a synctest bubble must not be touched outside.
	byChannel
	// byKernel is the way of a pinned thread: a futex on a word of the waiter's own.
	byKernel
)

// A Waiter is one goroutine about to wait, waiting, or being woken. It belongs to the
// goroutine that called NewWaiter, which calls Free when its wait is over; between Pop and
// Wake the waker may use it.
type Waiter struct {
	// The place in a queue, guarded by the bucket's lock: the word, nil outside.
	addr       *atomic.Uint32
	next, prev *Waiter
	// The head's alone: the end of the queue, the subtrees, the last hand-off.
	tail        *Waiter
	left, right *Waiter
	handedOff   int64

	// at is addr once more, kept only if there is a limit: who gives up reads it without
	// the lock, to find the bucket.
	at atomic.Pointer[atomic.Uint32]

	since    int64   // see Since
	pushedTo *bucket // the owner's last Push
	tag      uint64  // see SetTag
	token    uint32
	kind     Kind
	way      way
	pushes   uint32 // how often it was put into a queue
	limited  bool   // has, or had, a limit
	counted  bool   // is counted among its bucket's sleepers
	drawn    bool   // byCond: the waker need not ask the word; see ticketHolder

	sem  sync.Mutex    // byMutex: a semaphore, locked by its owner, unlocked by the waker
	cond sync.Cond     // byCond: see ticketHolder
	also sync.Locker   // byCond: what Queue.Sleep is to unlock beside the queue
	done chan struct{} // byChannel: holds the wake
	word atomic.Uint32 // byCond and byKernel: see below

	limit Limit
}

// The word of a waiter that sleeps byCond or byKernel:
//
//	value   meaning                          who leaves it, and how
//	awake   in the queue, not yet asleep     sleeper: CAS to asleep; waker: swap to woken
//	asleep  asleep, or sure to be            waker: swap to woken, then wake it
//	woken   woken; the queue is behind it    the next Push, under the lock of the queue
//
// A waker that swaps awake out need not do more: the sleeper's CAS will fail. With drawn set the
// word stays awake.
const (
	awake = iota
	asleep
	woken
)

var pool = sync.Pool{New: func() any {
	w := new(Waiter)
	w.sem.Lock() // the state of rest: the next Lock waits for a waker
	w.cond.L = (*ticketHolder)(w)
	return w
}}

// NewWaiter returns a Waiter for the calling goroutine. A goroutine whose thread is
// pinned (see package thread) will sleep in the kernel, all others in the Go scheduler.
//
// The wait ends early when limit is reached. With the zero Limit nothing is allocated
// but what a pool of Waiters needs; with a limit, a channel and a timer.
//
//go:norace
func NewWaiter(kind Kind, limit Limit) *Waiter {
	w := pool.Get().(*Waiter)
	w.kind = kind
	if !limit.isZero() {
		w.limit, w.limited = limit, true
	}
	switch {
	case pin.Here() && kernelSleep():
		w.way = byKernel
	case w.limited:
		w.way = byChannel
		w.done = make(chan struct{}, 1)
	case kind == Condition:
		w.way = byCond
	default:
		w.way = byMutex
	}
	return w
}

// Free gives w back. It must be in no queue. The caller must not use it again.
//
//go:norace
func (w *Waiter) Free() {
	w.pushes, w.since, w.tag = 0, 0, 0
	if w.limited {
		w.limit, w.limited, w.done = Limit{}, false, nil
	}
	pool.Put(w)
}

// setAddr notes in whose queue w is. The bucket is locked.
//
//go:norace
func (w *Waiter) setAddr(addr *atomic.Uint32) {
	w.addr = addr
	if w.limited {
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

// enter makes w ready to be woken. The bucket is locked, nobody else knows w.
//
//go:norace
func (w *Waiter) enter(q Queue) {
	if w.pushes == 0 && w.kind == Exclusion {
		w.since = Now()
		spin.RefreshAt(w.since)
	}
	w.pushes++
	w.pushedTo = q.b
	w.drawn = false
	if w.word.Load() != awake { // a store costs as much as a compare-and-swap, and is rarely needed
		w.word.Store(awake)
	}
	w.setAddr(q.addr)
}

// leave notes that w is in no queue any more. Whoever calls it decides how the wait ends.
//
//go:norace
func (w *Waiter) leave() { w.setAddr(nil) }

// Pushed reports whether w has been in a queue since [NewWaiter].
//
//go:norace
func (w *Waiter) Pushed() bool { return w.pushes > 0 }

// Since returns the time, by [Now], at which w was first pushed, if its kind is Exclusion, or
// moved. It is 0 otherwise: to look at the clock would be a good part of the cost of a wait.
//
//go:norace
func (w *Waiter) Since() int64 { return w.since }

// SetTag keeps a number of the lock author's with w, such as how much it waits for. Call it
// before [Queue.Push]; w comes without one, which is 0.
//
//go:norace
func (w *Waiter) SetTag(tag uint64) { w.tag = tag }

// Tag returns the number of SetTag. Read it while the queue is locked.
//
//go:norace
func (w *Waiter) Tag() uint64 { return w.tag }

// Unlimit takes the limit away from sleeps to come.
//
//go:norace
func (w *Waiter) Unlimit() { w.limit.deadline, w.limit.ctx = time.Time{}, nil }

// Wake ends the sleep of w, which [Queue.Pop] took out, and lets its [Waiter.Sleep] return
// token. Call it once, after the queue was unlocked; w must not be used afterwards. It
// does not block.
//
//go:norace
func (w *Waiter) Wake(token uint32) {
	w.token = token
	switch w.way {
	case byMutex:
		w.sem.Unlock()
	case byCond:
		race.Release(unsafe.Pointer(&w.word))
		if w.drawn || w.word.Swap(woken) == asleep {
			w.cond.Signal()
		}
	case byChannel:
		w.done <- struct{}{}
	case byKernel:
		if w.word.Swap(woken) == asleep {
			futex.Wake(&w.word, futex.Private) // its error says that there is no binding; then nobody sleeps so
		}
	}
}

// Sleep unlocks q, then l if it is not nil, and is [Waiter.Sleep] after that. q has put w in
// by Push or PushFront, and has been locked since. To do all of it in one call takes less
// time, and l can be what the caller must hold until it is sure to be woken: the lock
// that goes with a condition variable.
//
//go:norace
func (q Queue) Sleep(w *Waiter, l sync.Locker) (token uint32, left Queue, err error) {
	if w.way != byCond {
		return w.sleepAfter(q, l)
	}
	// Spelled out here: to return into a frame costs several nanoseconds after a switch of
	// goroutines, since the processor has lost track of who called whom.
	w.drawn, w.also = true, l
	w.cond.Wait()
	race.Acquire(unsafe.Pointer(&w.word))
	return w.token, Queue{}, nil
}

func (w *Waiter) sleepAfter(q Queue, l sync.Locker) (token uint32, left Queue, err error) {
	q.Unlock()
	if l != nil {
		l.Unlock()
	}
	return w.Sleep()
}

// Sleep blocks the goroutine until somebody wakes w, and returns the waker's token. The
// queue that w was pushed to is unlocked; see [Queue.Sleep].
//
// If the limit of w ends the wait instead, Sleep returns [os.ErrDeadlineExceeded] or the
// context's cause, and left, the queue in which w stood until then, locked: so the caller can
// settle the word in one step with the leaving, and then calls left.Unlock. It is
// the queue that w was pushed to, unless somebody has moved w. A wake and a limit never
// both win: who takes w out of its queue decides.
//
//go:norace
func (w *Waiter) Sleep() (token uint32, left Queue, err error) {
	switch w.way {
	case byMutex:
		w.sem.Lock()
	case byCond:
		w.sleepCond()
	case byChannel:
		err = w.sleepChannel()
	case byKernel:
		err = w.sleepKernel(w.limit)
	}
	if err != nil {
		if q, ok := w.giveUp(); ok {
			return 0, q, err
		}
		// A waker has taken w out: its wake is on its way, and counts. The limit stays, for
		// the next sleep.
		if w.way == byChannel {
			<-w.done
		} else {
			w.sleepKernel(Limit{}) // no limit, no error
		}
	}
	return w.token, Queue{}, nil
}

// giveUp takes w out of its queue and returns that, locked. It fails if a waker has been
// faster.
func (w *Waiter) giveUp() (Queue, bool) {
	for {
		addr := w.at.Load()
		if addr == nil {
			return Queue{}, false
		}
		q := LockQueue(addr)
		if w.at.Load() == addr {
			q.remove(w)
			return q, true
		}
		q.Unlock() // moved meanwhile
	}
}

// sleepCond waits for a wake on a sync.Cond, without a mutex.
func (w *Waiter) sleepCond() {
	for w.word.Load() != woken { // acquire, after the sleep: the token
		w.cond.Wait()
	}
}

// A ticketHolder is a Waiter as its cond sees it. A Signal reaches those who have drawn a
// ticket, which cond.Wait does before it calls L.Unlock. So that sends the waker off, in one
// of two ways:
//
//   - In Queue.Sleep it unlocks the queue. Whoever takes w out after that finds drawn set,
//     and a ticket: one Signal is what it takes.
//   - In Waiter.Sleep the waker may have come before. So L.Unlock says asleep in the word, and
//     a waker sends its Signal only if it finds that.
//
// In both, there is one Signal for one sleep: none comes late, when w may serve in a synctest
// bubble, where it would be fatal.
type ticketHolder Waiter

// Unlock is called by cond.Wait between ticket and sleep.
//
//go:norace
func (w *ticketHolder) Unlock() {
	if !w.drawn {
		if !w.word.CompareAndSwap(awake, asleep) {
			w.cond.Signal() // woken meanwhile: return at once
		}
		return
	}
	l := w.also
	w.also = nil
	w.pushedTo.unlock()
	if l != nil {
		l.Unlock()
	}
}

// Lock is called by cond.Wait after the sleep.
func (w *ticketHolder) Lock() {}

// sleepChannel waits for a wake or the limit. The timer is stopped and the context left
// alone when it returns: nothing remains of them.
func (w *Waiter) sleepChannel() error {
	var timeout <-chan time.Time
	if !w.limit.deadline.IsZero() {
		timer := time.NewTimer(time.Until(w.limit.deadline))
		defer timer.Stop()
		timeout = timer.C
	}
	var cancelled <-chan struct{}
	if w.limit.ctx != nil {
		cancelled = w.limit.ctx.Done()
	}
	select {
	case <-w.done:
		return nil
	case <-timeout:
		return os.ErrDeadlineExceeded
	case <-cancelled:
		return context.Cause(w.limit.ctx)
	}
}
