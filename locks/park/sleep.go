// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"os"
	"sync"
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
		w.done <- struct{}{} // fatal if w waits in another synctest bubble: see "testing/synctest" in doc.go
	case byKernel:
		if w.word.Swap(woken) == asleep {
			futex.Wake(&w.word, futex.Private) // its error says that there is no binding; then nobody sleeps so
		}
	}
}

// Sleep unlocks q, then l if it is not nil, and then is [Waiter.Sleep]. Push or PushFront has put
// w into q, which has been locked since. In one call all this takes less time; and l is what
// the caller must hold until it is sure to be woken, like the lock that goes with a condition
// variable.
//
//go:norace
func (q Queue) Sleep(w *Waiter, l sync.Locker) (token uint32, left Queue, err error) {
	// It is inlined, and for a condition nothing of park's stands between the caller and
	// sync.Cond: after a switch of goroutines the processor has lost track of who called
	// whom, and a return costs about ten nanoseconds.
	w.drawn, w.also = true, l
	w.sleeper.Wait()
	return w.token, w.gaveUp, w.err
}

// An anyWay is a Waiter as Queue.Sleep sees it, if it sleeps in another way than byCond.
type anyWay Waiter

// Wait does what Queue.Sleep says.
//
//go:norace
func (w *anyWay) Wait() {
	(*Waiter)(w).unlock()
	w.token, w.gaveUp, w.err = (*Waiter)(w).Sleep()
}

// unlock unlocks the queue that w has just been put into, and what Queue.Sleep was given.
//
//go:norace
func (w *Waiter) unlock() {
	l := w.also
	w.also = nil
	w.pushedTo.unlock()
	if l != nil {
		l.Unlock()
	}
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
	(*Waiter)(w).unlock()
}

// Lock is called by cond.Wait after the sleep.
//
//go:norace
func (w *ticketHolder) Lock() { race.Acquire(unsafe.Pointer(&w.word)) }

// sleepChannel waits for a wake or the limit. The timer is stopped and the context left
// alone when it returns: nothing remains of them.
func (w *Waiter) sleepChannel() error {
	var timeout <-chan time.Time
	if !w.limit.deadline.IsZero() {
		timer := time.NewTimer(time.Until(w.limit.deadline))
		defer timer.Stop()
		timeout = timer.C
	}
	select {
	case <-w.done:
		return nil
	case <-timeout:
		return os.ErrDeadlineExceeded
	case <-w.limit.done:
		return cause(w.limit.ctx)
	}
}
