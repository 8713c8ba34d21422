// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"math"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks/park"
)

// A Cond lets goroutines wait for a change of what a [Locker] guards, and announces such changes.
// It has all the methods of [sync.Cond], and forms of Wait that can give up.
//
// A Cond is made by [NewCond], or by setting L before first use. It must not be copied after first
// use; a copy panics when it is used. It takes eight bytes besides L.
//
// Waiters are woken in FIFO order, one for each Signal; there are no spurious wake-ups. Wait enqueues
// the caller before it unlocks L, so a change made under L after that is not missed. Wait returns
// with L locked, whatever ended the wait.
//
// If L is a [*Mutex], Broadcast requeues all waiters, in order: it moves them to the queue of the mutex,
// and they are woken one by one as the mutex becomes free. From then on their limits no longer end their
// waits.
//
// A goroutine waits in the Go scheduler, and a pinned thread (see package thread) in the kernel. In
// a bubble of testing/synctest a waiting goroutine is durably blocked, as with sync.Cond. After a
// Broadcast it is woken by an Unlock of the mutex, which must come from the same bubble.
//
// In the terms of [the Go memory model], a Signal or Broadcast synchronizes before the return of
// the Wait that it ends. A wait that its limit ends establishes no ordering except through L.
//
// [the Go memory model]: https://go.dev/ref/mem
type Cond struct {
	_ noCopy

	// L is held while the condition is observed or changed.
	L Locker

	// queued is 1 if the queue may hold waiters. Its address identifies the queue, and it changes
	// under the lock of the queue.
	//
	//	Set by a waiter before it enters the queue.
	//	Cleared by Broadcast, by a Signal that finds the queue empty, and by the last waiter when it gives up.
	//	Legal with an empty queue: a Signal that takes the last waiter out leaves it set, as the next waiter
	//	often comes soon. Illegal to be clear with a waiter in the queue.
	queued atomic.Uint32
	// self is a hash of the address of the Cond, set at first use, by which a copy is detected.
	self atomic.Uint32
}

// NewCond returns a new Cond with Locker l.
func NewCond(l Locker) *Cond { return &Cond{L: l} }

// Wait unlocks c.L, blocks until a Signal or Broadcast wakes it, and locks c.L. As the condition
// may have changed again by then, call Wait in a loop:
//
//	c.L.Lock()
//	for !condition() {
//		c.Wait()
//	}
//	… make use of condition …
//	c.L.Unlock()
//
// Wait panics if c.L is nil, or if c.L.Unlock panics because c.L is not locked. Such a call leaves no
// waiter behind.
func (c *Cond) Wait() {
	// This is WaitLimit, written out to save a frame; see Waiter.Sleep.
	c.checkCopied()
	c.checkLocked()
	if debugging {
		noteWait(c.L)
	}
	w := park.NewWaiter(park.Condition, park.Limit{})
	token, err := w.Sleep(&c.queued, (*condQueue)(c), c.L)
	c.relock(w, token, err) // no limit, no error
}

// WaitFor is Wait for at most d. It reports whether it was woken; false means that d has elapsed.
// If d <= 0, it only unlocks and locks c.L. It always returns with c.L locked, which may take
// longer than d. A wait that gives up does not consume a Signal.
func (c *Cond) WaitFor(d time.Duration) bool {
	return c.WaitLimit(park.For(d)) == nil
}

// WaitContext is Wait until ctx is done. It returns nil if it was woken, and otherwise an error that
// wraps the [context.Cause] of ctx. It always returns with c.L locked, which may take time after ctx is
// done. If ctx is already done, WaitContext returns its cause and does not unlock c.L. A nil ctx panics.
func (c *Cond) WaitContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	return c.WaitLimit(park.Context(ctx))
}

// WaitLimit is Wait until limit is reached, such as the deadline [park.Until](t). It returns nil if it was
// woken. Otherwise it returns an error that wraps [os.ErrDeadlineExceeded], or what [park.Ended] returns if
// limit is a context. It always returns with c.L locked, which may take time after limit. If limit has
// already passed, WaitLimit only unlocks and locks c.L. A loop that waits for a condition can spend one
// limit on all its waits.
func (c *Cond) WaitLimit(limit park.Limit) error {
	c.checkCopied()
	c.checkLocked()
	if debugging {
		noteWait(c.L)
	}
	w := park.NewWaiter(park.Condition, limit)
	token, err := w.Sleep(&c.queued, (*condQueue)(c), c.L)
	return c.relock(w, token, err)
}

// A condQueue is a Cond as an Enqueuer.
type condQueue Cond

func (c *condQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	if c.queued.Load() == 0 {
		c.queued.Store(1)
	}
	q.Push(w)
	return 0
}

func (c *condQueue) GiveUp(q park.Queue, _ *park.Waiter) { clearIfEmpty(q, &c.queued, 1) }

// relock locks c.L after a wait of w that ended with token or err, frees w, and returns err.
func (c *Cond) relock(w *park.Waiter, token uint32, err error) error {
	if err == nil && token == tokenRetry {
		// An Unlock of c.L has woken w from the queue of c.L.
		w.Unlimit()
		m := c.L.(*Mutex)
		m.lockWith((*mutexQueue)(m), w, park.Limit{})
		if debugging {
			noteLocked(unsafe.Pointer(m), typeMutex, debugWrite)
		}
		return nil
	}
	w.Free()
	if err != nil || token == tokenSignal {
		c.L.Lock()
	} else if debugging {
		noteLocked(unsafe.Pointer(c.L.(*Mutex)), typeMutex, debugWrite)
	}
	return err
}

// Signal wakes the longest waiter, if there is one. The caller may hold c.L, but need not.
func (c *Cond) Signal() {
	c.checkCopied()
	if c.queued.Load() == 0 {
		return
	}
	var w *park.Waiter
	park.WithQueue(&c.queued, func(q park.Queue) {
		if w = q.Pop(); w == nil {
			c.queued.Store(0)
		}
	})
	if w != nil {
		w.Wake(tokenSignal)
	}
}

// Broadcast wakes all waiters. The caller may hold c.L, but need not.
func (c *Cond) Broadcast() {
	c.checkCopied()
	if c.queued.Load() == 0 {
		return
	}
	if m, ok := c.L.(*Mutex); ok {
		c.requeue(m)
		return
	}
	var ws park.Waiters
	park.WithQueue(&c.queued, func(q park.Queue) {
		ws = q.PopAll()
		c.queued.Store(0)
	})
	ws.Wake(tokenSignal)
}

// requeue moves all waiters to the end of the queue of m, in order, and wakes the head of that
// queue if m is free. Otherwise an Unlock that is still to come sees Parked and wakes it.
func (c *Cond) requeue(m *Mutex) {
	moved := 0
	park.WithQueues(&c.queued, &m.state, func(q, to park.Queue) {
		c.queued.Store(0)
		if !q.Empty() {
			m.state.Or(mutexParked) // under the lock of its queue, before it is filled
			moved = q.MoveWoken(to, math.MaxInt)
		}
	})
	if moved != 0 {
		m.wakeNext(m.state.Load())
	}
}

// checkLocked panics if c.L is nil, or a Mutex that is not locked. Any other Locker panics in its
// Unlock, when the waiter is in the queue; Sleep then takes it out.
func (c *Cond) checkLocked() {
	switch l := c.L.(type) {
	case nil:
		panic("locks: wait at a Cond without L")
	case *Mutex:
		if l.state.Load()&mutexLocked == 0 {
			panic("locks: unlock of unlocked mutex")
		}
	}
}

// checkCopied panics if c is a copy of a Cond that was used.
func (c *Cond) checkCopied() {
	// The address becomes a number that is only compared. The queues keep the address of c.queued, so
	// c is on the heap and does not move.
	here := uint32(uint64(uintptr(unsafe.Pointer(c)))*0x9E3779B97F4A7C15>>32) | 1
	if self := c.self.Load(); self != here && (self != 0 || !c.self.CompareAndSwap(0, here)) && c.self.Load() != here {
		panic("locks: Cond is copied")
	}
}
