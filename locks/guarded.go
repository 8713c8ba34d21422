// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// A Guarded is a value inside its lock: there is no way to the value but with the lock held. It
// also is a monitor with conditional critical sections: [Guarded.When] waits until a condition
// holds for the value, and there is no condition variable to signal, or to forget.
//
//	jobs := locks.NewGuarded(queue{})
//	jobs.With(func(q *queue) { q.push(job) })                          // a producer
//	jobs.When((*queue).filled, func(q *queue) { job = q.pop() })       // a consumer
//
// The zero value guards the zero value of T. It must not be copied after first use. It is 16
// bytes long, and T; memory for waiters is used only while someone waits.
//
// The functions that are passed to it run in the caller's goroutine, with the lock held. They
// must not use the Guarded itself, and not keep the pointer. If one panics the lock is
// released, and the value stays as it was then.
//
// The lock is a [Mutex], and as fair. After each change (each end of a With or When) the
// goroutines that wait for a condition look at it again, one after the other, about in the order in which they
// came. So a change costs a wake-up and a look for each of them, and a Guarded is not for a
// crowd of thousands with conditions that rarely hold. It takes up to about twice the time of a
// Mutex and a Cond whose Broadcast follows each change; BenchmarkWhenBuffer has both.
//
// A change that is undone before a waiter has looked passes unnoticed. But once in a millisecond the
// lock is handed to the next waiter in that order, and no goroutine comes between the change and
// its look.
//
// A goroutine waits in the Go scheduler, a pinned thread (see package thread) in the kernel. In
// a bubble of testing/synctest, one that waits for a condition, or with a limit, is durably blocked;
// see [Mutex.TryLockFor].
//
// In the terms of [the Go memory model], the return of a function from its run number n
// synchronizes before the begin of run number m for every n < m, looks at conditions
// included. A call that gives up orders nothing.
//
// [the Go memory model]: https://go.dev/ref/mem
type Guarded[T any] struct {
	_       noCopy
	m       Mutex
	changes changes
	v       T
}

// NewGuarded returns a Guarded with the value v.
func NewGuarded[T any](v T) *Guarded[T] { return &Guarded[T]{v: v} }

// With calls f with the value. It blocks until it can.
func (g *Guarded[T]) With(f func(*T)) {
	g.m.Lock()
	defer g.unlock()
	f(&g.v)
}

// TryWith calls f with the value if that is possible now, and reports whether it has.
func (g *Guarded[T]) TryWith(f func(*T)) bool { return g.WithFor(0, f) }

// WithFor calls f with the value, and blocks for at most d until it can. It reports false, and
// has not called f, if that was not possible in time. With d of zero or less it is
// [Guarded.TryWith].
func (g *Guarded[T]) WithFor(d time.Duration, f func(*T)) bool {
	if !g.m.TryLockFor(d) {
		return false
	}
	defer g.unlock()
	f(&g.v)
	return true
}

// WithContext calls f with the value, and blocks until it can or ctx ends. It returns nil if it
// has called f, and the [context.Cause] of ctx otherwise. If ctx is already done, WithContext
// returns its cause without calling f. A nil ctx panics.
func (g *Guarded[T]) WithContext(ctx context.Context, f func(*T)) error {
	if err := g.m.LockContext(ctx); err != nil {
		return err
	}
	defer g.unlock()
	f(&g.v)
	return nil
}

// When blocks until cond holds for the value, and then calls f with it: no goroutine comes between
// the last look and f. cond must not change the value. It is called again only after a change of the
// value, so it must not depend on anything else that changes.
func (g *Guarded[T]) When(cond func(*T) bool, f func(*T)) {
	g.m.Lock()
	when(&g.m, &g.changes, &g.v, park.Limit{}, false, cond, f) // no limit, no error
}

// WhenFor is When for at most d. It reports false, and has not called f, if cond was not found to
// hold in time. With d of zero or less it looks at most once. The limit also ends a wait for the
// lock, but not a call of cond or f.
func (g *Guarded[T]) WhenFor(d time.Duration, cond func(*T) bool, f func(*T)) bool {
	limit := park.For(d)
	if !g.m.TryLock() && (d <= 0 || g.m.LockLimit(limit) != nil) {
		return false
	}
	return when(&g.m, &g.changes, &g.v, limit, d <= 0, cond, f) == nil
}

// WhenContext is When until ctx ends. It returns nil if it has called f, and the [context.Cause]
// of ctx otherwise. If ctx is already done, WhenContext returns its cause without calling f. A nil
// ctx panics.
func (g *Guarded[T]) WhenContext(ctx context.Context, cond func(*T) bool, f func(*T)) error {
	if err := g.m.LockContext(ctx); err != nil {
		return err
	}
	return when(&g.m, &g.changes, &g.v, park.Context(ctx), false, cond, f)
}

// unlock is changes.unlock, which costs a nanosecond more by its interface.
func (g *Guarded[T]) unlock() {
	if g.changes.waiters.Load() != 0 { // by invariant 3
		g.changes.tell(&g.m)
		return
	}
	g.m.Unlock()
}

// A guard is the lock of a guarded value.
type guard interface {
	Locker
	TryLock() bool
	LockLimit(park.Limit) error
}

// changes is the queue of the goroutines that wait for a guarded value to change. A change wakes the
// head, which looks and wakes the next one. Waking all at once would let them meet at the lock, and
// having no more than one on its way made each wait for its thread to run: BenchmarkWhenBuffer
// took 1.6 times as long with 16 goroutines, 7 times with 16 pinned threads.
//
// Each waiter's tag is the version at which it first looked, times 2³², plus the version at which it
// last looked.
//
// Invariants
//  1. version changes, and waiters enter the queue, with the guard's lock held, and the queue's.
//     Those that have not seen version stand before those that have. So if the head has seen it, all
//     have. Those that have seen it stand in the order of their first looks: one that looks in vain,
//     and takes its time, does not lose its place to others that come meanwhile.
//  2. If the head has not seen version, a waiter that was taken out is on its way to look. It
//     looks, and then makes a change or enters the queue again; in both cases, and also if it
//     gives up while it waits for the guard, it takes the next head out and wakes it.
//  3. A waiter looks before it enters the queue. So a change that finds the queue empty need not
//     wake any.
//  4. A waiter that is woken with tokenLocked holds the guard: the change before did not unlock it.
type changes struct {
	waiters  atomic.Uint32 // how many are in the queue. Its address is the queue's
	version  atomic.Uint32 // counts changes, those that find the queue empty left out
	handedMs uint32        // when the guard was last handed to a waiter; guarded by the guard
}

// errNotNow ends a wait that was to take no time.
var errNotNow = errors.New("locks: not now")

// when is what remains of When and its forms, of both guarded types, once the lock g of the
// value v is held. If once is set it looks once.
func when[T any](g guard, c *changes, v *T, limit park.Limit, once bool, cond func(*T) bool, f func(*T)) error {
	locked := true
	defer func() {
		if locked { // f has returned, or it or cond has panicked
			c.unlock(g)
		}
	}()
	var over error // what ends the wait if this look does not
	if once {
		over = errNotNow
	}
	came := c.version.Load()
	for !cond(v) {
		locked = false
		if over != nil {
			g.Unlock()
			return over
		}
		if over = c.wait(g, limit, came); over != nil && !g.TryLock() {
			return over
		}
		locked = true
	}
	f(v)
	return nil
}

// unlock ends a change.
func (c *changes) unlock(g guard) {
	if c.waiters.Load() != 0 { // by invariant 3
		c.tell(g)
		return
	}
	g.Unlock()
}

// tell unlocks g after a change, and wakes the next waiter to look.
//
// Once in a millisecond it hands g to that waiter. Newcomers that undo each change at once could
// otherwise keep it from ever seeing one.
func (c *changes) tell(g guard) {
	var next *park.Waiter
	park.WithQueue(&c.waiters, func(q park.Queue) {
		c.version.Add(1) // release
		next = c.next(q)
	})
	now := uint32(park.Now() / handOffAfterNs)
	if next == nil || now == c.handedMs {
		g.Unlock()
		wakeToLook(next)
		return
	}
	c.handedMs = now
	next.Wake(tokenLocked)
}

// wait unlocks g, waits for a change, and locks g again. If the limit ends the wait it returns its
// error, and g is not locked. came is the version at which the call of When has first looked.
func (c *changes) wait(g guard, limit park.Limit, came uint32) error {
	w := park.NewWaiter(park.Condition, limit)
	defer w.Free()
	var next *park.Waiter
	park.WithQueue(&c.waiters, func(q park.Queue) {
		version := c.version.Load()
		w.SetTag(uint64(came)<<32 | uint64(version))
		c.waiters.Add(1)
		q.PushBefore(w, func(other *park.Waiter) bool { // by invariant 1
			return uint32(other.Tag()) == version && int32(uint32(other.Tag()>>32)-came) > 0
		})
		next = c.next(q) // by invariant 2
	})
	g.Unlock()
	wakeToLook(next)

	token, err := w.Sleep(func(park.Queue) { c.waiters.Add(^uint32(0)) })
	if err != nil {
		return err
	}
	if token == tokenLocked {
		c.version.Load() // acquire: what the change has written
		return nil
	}
	if err := g.LockLimit(limit); err != nil {
		park.WithQueue(&c.waiters, func(q park.Queue) { next = c.next(q) }) // by invariant 2
		wakeToLook(next)
		return err
	}
	return nil
}

// next takes the head out of the locked queue, if it has not seen the present version.
func (c *changes) next(q park.Queue) *park.Waiter {
	head := q.Front()
	if head == nil || uint32(head.Tag()) == c.version.Load() {
		return nil
	}
	c.waiters.Add(^uint32(0))
	return q.Pop()
}

// wakeToLook wakes w, if there is one, to lock the guard and look.
func wakeToLook(w *park.Waiter) {
	if w != nil {
		w.Wake(tokenRetry)
	}
}
