// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks/internal/observe"
)

// An Enqueuer is a lock as [Waiter.Sleep] sees it. Usually it is the lock itself, converted to a type
// with these methods, which allocates nothing:
//
//	type gateQueue Gate
//
//	func (g *gateQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) { … }
//	func (g *gateQueue) GiveUp(q park.Queue, w *park.Waiter)                 { … }
//
//	token, err := w.Sleep(&g.closed, (*gateQueue)(g), nil)
type Enqueuer interface {
	// Enqueue decides whether w must wait. q is locked. If w must wait, Enqueue puts it into q with
	// [Queue.Push] or a form of it. Otherwise, for example if it finds the lock free and takes it,
	// Enqueue returns the token that Sleep returns.
	Enqueue(q Queue, w *Waiter) (token uint32)

	// GiveUp settles the word after the limit of w has ended its wait. q is locked, and w has just
	// been taken out of it. q is the queue into which Enqueue put w, unless w was moved. An unlock
	// that has seen waiters in the word can then find the queue empty.
	GiveUp(q Queue, w *Waiter)
}

// Sleep locks the queue of the word at addr and calls e.Enqueue with it. If Enqueue does not push w,
// Sleep unlocks the queue and returns the token of Enqueue, with l still locked. Otherwise Sleep
// unlocks the queue, then l if that is not nil, and blocks the goroutine until w is woken. It returns
// the token of the waker and nil. There are no spurious wake-ups.
//
// The Locker l is a lock that the caller must hold until w is queued, such as the lock of a condition
// variable. Sleep does not lock it again.
//
// If the limit of w ends the wait, Sleep takes w out of its queue and calls e.GiveUp with the queue locked. It
// returns a [*GiveUpError], which wraps [os.ErrDeadlineExceeded], or the error that [Ended] returns for the context.
// If a method of the context panics, the error says so; Sleep does not panic, since the caller may have duties to
// other waiters. Sleep calls e.Enqueue even if the limit has already passed; check [Limit.Err] first to prevent that.
//
// A wake and a limit never both win: whichever takes w out of the queue decides. After Sleep has
// returned, w may sleep again or be freed. If e or l.Unlock panics, Sleep takes w out of the queue, and
// the panic continues.
//
//go:norace
func (w *Waiter) Sleep(addr *atomic.Uint32, e Enqueuer, l sync.Locker) (token uint32, err error) {
	// Sleep is inlined, and a condition waits in sync.Cond right below its caller: after a goroutine
	// switch the return predictor is cold, and each extra frame costs about 10 ns. With one more frame,
	// BenchmarkCondPingPong takes 1.04 times as long. If Sleep followed WithQueue and Push, and so
	// needed a handshake with the waker, it would take 1.08 times as long.
	w.addrToEnter, w.enqueuer, w.locker = addr, e, l
	w.sleeper.Wait()
	return w.token, w.err
}

// An enqueueThenSleep is a Waiter whose way is not byCond, as Sleep sees it.
type enqueueThenSleep Waiter

// Wait does the work of Sleep.
//
//go:norace
func (s *enqueueThenSleep) Wait() {
	w := (*Waiter)(s)
	w.err = nil
	if !w.enqueue() {
		return
	}
	limitReached := false
	switch w.way {
	case byMutex:
		w.mutex.Lock()
	case byChannel:
		limitReached = w.sleepChannel()
	case byKernel:
		limitReached = w.sleepKernel(w.limit)
	}
	if limitReached {
		if addr, ok := w.giveUp(); ok {
			w.token, w.err = 0, w.gaveUp(addr) // now, since it runs the context's code
			return
		}
		// A waker has taken w out, so its wake, which is on its way, decides. The limit stays in
		// force for the next sleep.
		if w.way == byChannel {
			<-w.done
		} else {
			w.sleepKernel(Limit{})
		}
	}
	w.stage = isIdle
}

// A ticketHolder is a Waiter as its cond sees it. cond.Wait draws a ticket, calls L.Unlock, and sleeps
// until a Signal has called the ticket. Signal does nothing if no ticket is drawn. So w enters its queue
// in L.Unlock, and a waker, which finds w there, needs one Signal and need not examine w. A late Signal
// would be fatal if w then served in a synctest bubble.
type ticketHolder Waiter

// Unlock is called by cond.Wait between ticket and sleep.
//
//go:norace
func (h *ticketHolder) Unlock() {
	switch w := (*Waiter)(h); {
	case !w.enqueue():
		w.cond.Signal() // return at once
	case w.spins && !w.atOnce:
		w.spinAwake()
	}
}

// spinAwake spins for as long as sync.Mutex does before it sleeps, in the hope of a wake-up. Without it a
// contended Mutex is as fast and uses less processor time, but a woken goroutine then waits for a
// processor: the longest wait of 8 goroutines with nothing inside was 18 ms instead of 3 ms.
//
//go:norace
func (w *Waiter) spinAwake() {
	const tries, pauses = 4, 30
	race.Disable()
	for b := spin.NewBudget(tries, pauses); !b.Spent() && w.word.Load() != woken && !spin.Crowded(); {
		b.Spend()
	}
	race.Enable()
}

// Lock is called by cond.Wait after the sleep.
//
//go:norace
func (h *ticketHolder) Lock() {
	race.Acquire(unsafe.Pointer(&h.cond))
	h.stage = isIdle
}

// enqueue does the part of Sleep before the sleep, and reports whether w must sleep.
//
//go:norace
func (w *Waiter) enqueue() (sleep bool) {
	w.mustBeOwner("Sleep of")
	if w.stage != isIdle {
		w.stage.misuse("Sleep of")
	}
	if w.group != nil {
		return w.group.enqueue()
	}
	w.stage, w.atOnce = isEntering, false
	q := lockQueue(w.addrToEnter)
	locked, panicked := true, true
	defer func() {
		if locked {
			q.unlock()
		}
		if w.wakeLater.n != 0 {
			w.doWakeLater()
		}
		if panicked {
			w.abandon(!locked)
		}
	}()
	token := w.enqueuer.Enqueue(q, w)
	if sleep = w.stage == isQueued; !sleep {
		w.stage, w.token = isIdle, token
	}
	locked = false
	q.unlock()
	if sleep && w.locker != nil {
		w.locker.Unlock()
	}
	panicked = false
	if w.observed == notObserved {
		if !w.hasLimit && !w.inBubble() {
			w.enqueuer = nil // it cannot give up
		}
	} else if sleep {
		w.trace()
	}
	w.addrToEnter, w.locker = nil, nil // now, as they are in the cache
	return sleep
}

// abandon takes w out of its queue after Enqueue or the Locker has panicked. A waker that was faster may
// still use w, and its Signal may find a ticket of w that has no sleeper. So Free leaves w to the
// garbage collector.
//
//go:norace
func (w *Waiter) abandon(settle bool) {
	w.abandoned = true
	w.endRegion()
	for {
		// Other goroutines write addr by plain stores of one machine word, under a lock that is not
		// held here; leave checks again under the lock.
		addr := (*atomic.Uint32)(atomic.LoadPointer((*unsafe.Pointer)(unsafe.Pointer(&w.addr))))
		if addr == nil || w.leave(addr, settle) {
			return
		}
	}
}

// giveUp takes w out of its queue and calls GiveUp. It returns the word of that queue, and reports false if a waker was
// faster. For the primary of a group it claims the group, and there is no word.
//
//go:norace
func (w *Waiter) giveUp() (addr *atomic.Uint32, ok bool) {
	if w.group != nil && w.way != inGroup {
		ok := w.group.claim(byLimit)
		if ok {
			w.stage = isIdle
		}
		return nil, ok
	}
	for {
		addr := w.where()
		if addr == nil {
			return nil, false
		}
		if w.leave(addr, true) {
			return addr, true
		}
		// moved meanwhile
	}
}

// where returns the word in whose queue w, which has a limit, is, or nil if w was taken out. w may be moved
// meanwhile.
func (w *Waiter) where() *atomic.Uint32 {
	race.Disable()
	defer race.Enable()
	return w.at.Load()
}

// leave takes w out of the queue on addr, and calls GiveUp if settle is set. It reports false if w is
// not there.
//
//go:norace
func (w *Waiter) leave(addr *atomic.Uint32, settle bool) bool {
	defer w.doWakeLater()
	q := lockQueue(addr)
	defer q.unlock()
	if w.addr != addr {
		return false
	}
	q.remove(w)
	if settle {
		w.enqueuer.GiveUp(q, w)
	}
	return true
}

// WakeLater makes the Sleep of w wake others, with token, once it has unlocked the queue and the
// Locker. It is for an Enqueuer that has taken others out of the queue. Enqueue and GiveUp may each
// call it once.
//
//go:norace
func (w *Waiter) WakeLater(others Waiters, token uint32) {
	w.wakeLater, w.laterToken = others, token
}

// doWakeLater wakes the waiters of WakeLater.
//
//go:norace
func (w *Waiter) doWakeLater() {
	others := w.wakeLater
	w.wakeLater = Waiters{}
	others.Wake(w.laterToken)
}

// sleepChannel waits for a wake or the limit, and reports whether the limit ended the wait. When it
// returns, the timer is stopped, and nothing refers to the context.
func (w *Waiter) sleepChannel() (limitReached bool) {
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

// Wake ends the sleep of w, which [Queue.Pop] took out, and lets its [Waiter.Sleep] return
// token. Call it once, after the queue is unlocked, and do not use w after that. Wake
// does not block.
//
//go:norace
func (w *Waiter) Wake(token uint32) {
	if w.stage != isTaken {
		w.stage.misuse("Wake of")
	}
	w.mustBeReleased()
	w.mustBeReachable()
	if w.observed != notObserved {
		w.observeWake()
	}
	w.stage, w.token = isWoken, token
	var owed int64
	if w.observed&owing != 0 {
		owed = w.settle()
	}
	if w.way == inGroup {
		w = w.group.primary
	}
	switch w.way {
	case byMutex:
		w.mutex.Unlock()
	case byCond:
		race.Release(unsafe.Pointer(&w.cond))
		if w.spins {
			race.Disable()
			w.word.Store(woken)
			race.Enable()
		}
		w.cond.Signal() // reaches w, which has its ticket: see ticketHolder
	case byChannel:
		w.done <- struct{}{} // fatal if w waits in another synctest bubble: see "testing/synctest" in doc.go
	case byKernel:
		w.wakeKernel()
	case byClose:
		close(w.done)
	}
	if owed != 0 {
		observe.Charge(owed) // last, as it takes time
	}
}
