// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/sys/futex"
)

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

// Wake ends the sleep of w, which [Queue.Pop] took out, and lets its [Waiter.Sleep] return
// token. Call it once, after the queue was unlocked; w must not be used afterwards. It
// does not block.
//
//go:norace
func (w *Waiter) Wake(token uint32) {
	if w.stage != isTaken {
		w.stage.misuse("Wake of")
	}
	w.mustBeReleased()
	w.stage, w.token = isWoken, token
	switch w.way {
	case byMutex:
		w.sem.Unlock()
	case byCond:
		race.Release(unsafe.Pointer(&w.word))
		if w.drawn || w.word.Swap(woken) == asleep {
			w.cond.Signal()
		}
	case byChannel:
		w.done <- struct{}{} // fatal if w waits in another synctest bubble: see "testing/synctest" in doc.go
	case byKernel:
		if w.word.Swap(woken) == asleep {
			futex.Wake(&w.word, futex.Private) // its error says that there is no binding; then nobody sleeps so
		}
	}
}

// An Enqueuer puts waiters into the queue of a lock, for [Waiter.SleepOn]. Usually it is the lock
// itself, converted to a type with these methods, which allocates nothing:
//
//	type gateQueue Gate
//
//	func (g *gateQueue) Enqueue(q park.Queue, w *park.Waiter) bool { … }
//	func (g *gateQueue) GiveUp(q park.Queue, w *park.Waiter)       { … }
//
//	token, err := w.SleepOn(&g.closed, (*gateQueue)(g), nil)
type Enqueuer interface {
	// Enqueue decides, with q locked, whether w has to wait. If so it puts w into q, by
	// [Queue.Push] or one of its kin, and returns true. If not, as when it finds the lock free
	// and takes it, it returns false. SleepOn panics if the result and the queue disagree.
	Enqueue(q Queue, w *Waiter) bool

	// GiveUp settles the word when the limit of w has ended its wait. q is locked, and w has
	// just been taken out of it. It is the queue that Enqueue has put w into, unless w was moved.
	// So an unlock that has seen waiters in the word may find the queue empty.
	GiveUp(q Queue, w *Waiter)
}

// SleepOn locks the queue of the word at addr and calls e.Enqueue with it and w. If that returns
// false, SleepOn unlocks the queue and returns 0 and nil at once, with l still locked. Otherwise it
// unlocks the queue, then l if that is not nil, and sleeps until w is woken or its limit is reached,
// with the results of [Waiter.Sleep]. If it is the limit, SleepOn calls e.GiveUp.
//
// A token of 0 may come from Enqueue or from a waker. A lock to which the difference matters wakes with
// another token.
//
// A limit that is over already does not come before e.Enqueue; ask [Limit.Err] for that. If e or
// l.Unlock panics, w is taken out of the queue, and the panic goes on.
//
// The Locker l is what the caller must hold until w is queued, like the lock that goes with a condition
// variable. SleepOn does not lock it again. One SleepOn takes less time than [WithQueue] and Sleep.
//
//go:norace
func (w *Waiter) SleepOn(addr *atomic.Uint32, e Enqueuer, l sync.Locker) (token uint32, err error) {
	// It is inlined, and for a condition nothing of park's stands between the caller and
	// sync.Cond: after a switch of goroutines the processor has lost track of who called
	// whom, and a return costs about ten nanoseconds.
	w.enqueuer, w.onto, w.also = e, addr, l
	w.sleeper.Wait()
	return w.token, w.err
}

// An anyWay is a Waiter as SleepOn sees it, if its way is not byCond.
type anyWay Waiter

// Wait does what SleepOn says.
//
//go:norace
func (a *anyWay) Wait() {
	w, e := (*Waiter)(a), a.enqueuer
	w.token, w.err = 0, nil
	if w.enqueue() {
		w.token, w.err = w.Sleep(func(q Queue) { e.GiveUp(q, w) })
	}
}

// enqueue does the first part of SleepOn, up to the sleep, and reports whether w has to
// sleep.
//
//go:norace
func (w *Waiter) enqueue() (sleep bool) {
	q, e, l := queueOf(w.onto), w.enqueuer, w.also
	q.b.lock()
	q = q.locked()
	w.onto, w.also = nil, nil // now, so that nothing is kept
	locked, done := true, false
	var settle func(q Queue)
	defer func() {
		if locked {
			q.unlock()
		}
		if !done {
			w.spoil(settle)
		}
	}()
	sleep = e.Enqueue(q, w)
	if sleep != (w.stage == isQueued) {
		panic("park: Enqueue did not do what it says: to sleep is to be in the queue")
	}
	w.enqueuer = nil
	q.unlock()
	locked = false
	if sleep && l != nil {
		settle = func(q Queue) { e.GiveUp(q, w) }
		l.Unlock()
	}
	done = true
	return sleep
}

// spoil ends the use of w when a function of the caller's panics while w waits: w leaves its queue. A
// waker that has been faster may still use w, and w may hold a ticket of its cond that no Signal has
// called. So Free does not put w back into the pool.
//
//go:norace
func (w *Waiter) spoil(settle func(q Queue)) {
	w.enqueuer, w.spoiled = nil, true
	for {
		// Others write addr by plain stores of one machine word, under a lock that is not held
		// here; leaveFrom looks again under the lock.
		addr := (*atomic.Uint32)(atomic.LoadPointer((*unsafe.Pointer)(unsafe.Pointer(&w.addr))))
		if addr == nil || w.leaveFrom(addr, settle) {
			return
		}
	}
}

// Sleep blocks the goroutine until w is woken, and returns the waker's token and nil. The caller has
// pushed w to a queue, which is unlocked by now; Sleep panics if w was not pushed. It does not return
// for no reason.
//
// If the limit of w ends the wait, Sleep locks the queue, takes w out of it, and calls settle with
// it, so that the caller can settle the word in the same step; settle may be nil. The queue is the
// one that w was pushed to, unless w was moved. Then Sleep returns 0 and [os.ErrDeadlineExceeded], or
// the error that [Ended] returns for the context. If the context panics when it is asked, Sleep returns
// an error that says so, since the caller may have duties to other waiters.
//
// A wake and a limit never both win: whichever takes w out of its queue decides. In both cases w may be
// pushed again, or must be freed.
//
//go:norace
func (w *Waiter) Sleep(settle func(q Queue)) (token uint32, err error) {
	w.mustBeOwner("Sleep of")
	if stage := w.stage; stage == isIdle || stage == isFreed {
		stage.misuse("Sleep of")
	}
	over := false
	switch w.way {
	case byMutex:
		w.sem.Lock()
	case byCond:
		w.sleepCond()
	case byChannel:
		over = w.sleepChannel()
	case byKernel:
		over = w.sleepKernel(w.limit)
	}
	if over {
		if w.giveUp(settle) {
			return 0, w.limit.why() // now: it runs the context's code
		}
		// A waker has taken w out: its wake is on its way, and counts. The limit stays, for
		// the next sleep.
		if w.way == byChannel {
			<-w.done
		} else {
			w.sleepKernel(Limit{})
		}
	}
	w.stage = isIdle
	return w.token, nil
}

// giveUp takes w out of its queue and calls settle with that, locked. It fails if a waker has
// been faster.
func (w *Waiter) giveUp(settle func(q Queue)) bool {
	for {
		addr := w.at.Load()
		if addr == nil {
			return false
		}
		if w.leaveFrom(addr, settle) {
			return true
		}
		// moved meanwhile
	}
}

// leaveFrom is giveUp if w is in the queue on addr.
//
//go:norace
func (w *Waiter) leaveFrom(addr *atomic.Uint32, settle func(q Queue)) bool {
	q := lockQueue(addr)
	defer q.unlock()
	if w.addr != addr {
		return false
	}
	q.remove(w)
	if settle != nil {
		settle(q)
	}
	return true
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
//   - In SleepOn it enters the queue. Whoever takes w out after that finds drawn set,
//     and a ticket: one Signal is what it takes.
//   - In Sleep the waker may have come before. So L.Unlock says asleep in the word, and
//     a waker sends its Signal only if it finds that.
//
// In both, there is one Signal for one sleep: none comes late, when w may serve in a synctest
// bubble, where it would be fatal.
type ticketHolder Waiter

// Unlock is called by cond.Wait between ticket and sleep.
//
//go:norace
func (h *ticketHolder) Unlock() {
	w := (*Waiter)(h)
	if w.enqueuer != nil {
		if !w.enqueue() {
			w.token = 0
			w.cond.Signal() // return at once
		}
	} else if !w.word.CompareAndSwap(awake, asleep) {
		w.cond.Signal() // woken meanwhile
	}
}

// Lock is called by cond.Wait after the sleep.
//
//go:norace
func (h *ticketHolder) Lock() {
	race.Acquire(unsafe.Pointer(&h.word))
	h.stage = isIdle
}

// sleepChannel waits for a wake or the limit, and reports whether it was the limit. The timer is
// stopped and the context left alone when it returns: nothing remains of them.
func (w *Waiter) sleepChannel() (over bool) {
	var timeout <-chan time.Time
	if !w.limit.deadline.IsZero() {
		timer := time.NewTimer(time.Until(w.limit.deadline))
		defer timer.Stop()
		timeout = timer.C
	}
	select {
	case <-w.done:
		return false
	case <-timeout:
	case <-w.limit.done:
	}
	return true
}
