// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"errors"
	"runtime"
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
// The zero value guards the zero value of T. It must not be copied after first use. It is 20
// bytes long, and T; memory for waiters is used only while someone waits.
//
// The functions that it is given run in the goroutine that gave them, with the lock held. They
// must not use the Guarded itself, and not keep the pointer. If one panics the lock is
// released, and the value stays as it was then.
//
// The lock is a [Mutex], and as fair. After each change (each end of a With or When) those
// who wait for a condition look at it again, one after the other, in the order of their last
// looks. So a change costs a wake-up and a look for each of them, and a Guarded is not for a
// crowd of thousands with conditions that rarely hold. A change that is undone before a waiter has
// looked passes unnoticed; but once in a millisecond the lock is handed to the one whose
// last look is longest ago, and nobody comes between the change and its look. A goroutine waits in the Go scheduler, a pinned thread (see package thread)
// in the kernel. In a bubble of testing/synctest, one that waits for a condition is durably
// blocked.
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
	defer g.changes.unlock(&g.m, false)
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
	defer g.changes.unlock(&g.m, false)
	f(&g.v)
	return true
}

// WithContext calls f with the value, and blocks until it can or ctx ends. It returns nil if
// it has called f, and the [context.Cause] of ctx otherwise. A ctx that has ended before
// the call is told first. A nil ctx panics.
func (g *Guarded[T]) WithContext(ctx context.Context, f func(*T)) error {
	if err := g.m.LockContext(ctx); err != nil {
		return err
	}
	defer g.changes.unlock(&g.m, false)
	f(&g.v)
	return nil
}

// When blocks until cond holds for the value, and then calls f with it: nobody comes between
// the last look and f. cond must not change the value, and what it looks at beside it must
// not change either: nobody would tell it.
func (g *Guarded[T]) When(cond func(*T) bool, f func(*T)) {
	g.m.Lock()
	g.when(park.Limit{}, false, cond, f) // no limit, no error
}

// WhenFor is When for at most d. It reports false, and has not called f, if cond was not found to
// hold in time. With d of zero or less it looks at most once. The time ends the wait also
// while somebody else holds the lock, but not a call of cond or f.
func (g *Guarded[T]) WhenFor(d time.Duration, cond func(*T) bool, f func(*T)) bool {
	limit := park.For(d)
	if !g.m.TryLock() && (d <= 0 || g.m.lockLimited(limit) != nil) {
		return false
	}
	return g.when(limit, d <= 0, cond, f) == nil
}

// WhenContext is When until ctx ends. It returns nil if it has called f, and the
// [context.Cause] of ctx otherwise. A ctx that has ended before the call is told first. A
// nil ctx panics.
func (g *Guarded[T]) WhenContext(ctx context.Context, cond func(*T) bool, f func(*T)) error {
	if err := g.m.LockContext(ctx); err != nil {
		return err
	}
	return g.when(park.Context(ctx), false, cond, f)
}

// when is what remains of When and its forms once the lock is held.
func (g *Guarded[T]) when(limit park.Limit, once bool, cond func(*T) bool, f func(*T)) error {
	return g.changes.when(&g.m, limit, once, func() bool { return cond(&g.v) }, func() { f(&g.v) })
}

// A GuardedRW is a [Guarded] that several may read at a time. Its lock is a [RWMutex], and as
// fair. It is 24 bytes long, and T. All else is as with Guarded; reading is no change.
type GuardedRW[T any] struct {
	_       noCopy
	rw      RWMutex
	changes changes
	v       T
}

// NewGuardedRW returns a GuardedRW with the value v.
func NewGuardedRW[T any](v T) *GuardedRW[T] { return &GuardedRW[T]{v: v} }

// Read calls f with a copy of the value, beside other readers. It blocks until it can. f must not
// change what the copy refers to, and not use the GuardedRW.
func (g *GuardedRW[T]) Read(f func(T)) {
	g.rw.RLock()
	defer g.rw.RUnlock()
	f(g.v)
}

// TryRead is Read if that is possible now, and reports whether it has called f.
func (g *GuardedRW[T]) TryRead(f func(T)) bool { return g.ReadFor(0, f) }

// ReadFor is Read, and blocks for at most d until it can. It reports false, and has not called
// f, if that was not possible in time. With d of zero or less it is [GuardedRW.TryRead].
func (g *GuardedRW[T]) ReadFor(d time.Duration, f func(T)) bool {
	if !g.rw.TryRLockFor(d) {
		return false
	}
	defer g.rw.RUnlock()
	f(g.v)
	return true
}

// ReadContext is Read, and blocks until it can or ctx ends. It returns nil if it has called f,
// and the [context.Cause] of ctx otherwise. A ctx that has ended before the call is told
// first. A nil ctx panics.
func (g *GuardedRW[T]) ReadContext(ctx context.Context, f func(T)) error {
	if err := g.rw.RLockContext(ctx); err != nil {
		return err
	}
	defer g.rw.RUnlock()
	f(g.v)
	return nil
}

// With calls f with the value, beside nobody else. It blocks until it can.
func (g *GuardedRW[T]) With(f func(*T)) {
	g.rw.Lock()
	defer g.changes.unlock(&g.rw, false)
	f(&g.v)
}

// TryWith is [Guarded.TryWith].
func (g *GuardedRW[T]) TryWith(f func(*T)) bool { return g.WithFor(0, f) }

// WithFor is [Guarded.WithFor].
func (g *GuardedRW[T]) WithFor(d time.Duration, f func(*T)) bool {
	if !g.rw.TryLockFor(d) {
		return false
	}
	defer g.changes.unlock(&g.rw, false)
	f(&g.v)
	return true
}

// WithContext is [Guarded.WithContext].
func (g *GuardedRW[T]) WithContext(ctx context.Context, f func(*T)) error {
	if err := g.rw.LockContext(ctx); err != nil {
		return err
	}
	defer g.changes.unlock(&g.rw, false)
	f(&g.v)
	return nil
}

// When is [Guarded.When]. The looks at the condition exclude readers, too.
func (g *GuardedRW[T]) When(cond func(*T) bool, f func(*T)) {
	g.rw.Lock()
	g.when(park.Limit{}, false, cond, f) // no limit, no error
}

// WhenFor is [Guarded.WhenFor].
func (g *GuardedRW[T]) WhenFor(d time.Duration, cond func(*T) bool, f func(*T)) bool {
	limit := park.For(d)
	if !g.rw.TryLock() && (d <= 0 || g.rw.lockLimited(limit) != nil) {
		return false
	}
	return g.when(limit, d <= 0, cond, f) == nil
}

// WhenContext is [Guarded.WhenContext].
func (g *GuardedRW[T]) WhenContext(ctx context.Context, cond func(*T) bool, f func(*T)) error {
	if err := g.rw.LockContext(ctx); err != nil {
		return err
	}
	return g.when(park.Context(ctx), false, cond, f)
}

// when is what remains of When and its forms once the lock is held.
func (g *GuardedRW[T]) when(limit park.Limit, once bool, cond func(*T) bool, f func(*T)) error {
	return g.changes.when(&g.rw, limit, once, func() bool { return cond(&g.v) }, func() { f(&g.v) })
}

// A guard is the lock of a guarded value.
type guard interface {
	Locker
	lockLimited(park.Limit) error
}

// lockLimited locks rw for writing. It returns the error of the limit if that ends the wait.
func (rw *RWMutex) lockLimited(limit park.Limit) error {
	if err := rw.w.lockLimited(limit); err != nil {
		return err
	}
	return rw.lockWaiting(limit)
}

// changes is the queue of those who wait for a guarded value to change. They look one after the
// other, as each wakes the next: to wake all would let them meet at the lock.
//
// Each waiter's tag is the version at which it has looked last.
//
// Invariants
//  1. version changes, and waiters enter the queue, with the guard's lock held, and the queue's.
//     So the head is one that has looked longest ago, and if it has seen version, all have.
//  2. A looker is a waiter that was taken out, until it has looked and is done: it makes a change
//     or enters the queue again, or gives up before it has the guard. The last looker to be
//     done takes the head out, as the next one, if that has not seen version. So if the head
//     has not, there is a looker.
//  3. One that is not in the queue looks before it enters. So a change that finds the queue
//     empty need not be told.
//  4. One that is woken with tokenLocked holds the guard: the change before has not unlocked it.
type changes struct {
	waiters  atomic.Uint32 // how many are in the queue. Its address is the queue's
	version  atomic.Uint32 // counts changes, those that find the queue empty left out
	lookers  atomic.Uint32 // how many lookers there are. Changed under the queue's lock
	handedMs uint32        // when the guard was last handed to a waiter; guarded by the guard
}

// errNotNow ends a wait that was to take no time.
var errNotNow = errors.New("locks: not now")

// unlock unlocks g after a change, and tells those who wait. looker says that the caller is one.
//
// Once in a millisecond it hands g to the one whose last look is longest ago. Newcomers that
// undo each change at once could otherwise keep it from ever seeing one.
func (c *changes) unlock(g guard, looker bool) {
	if c.waiters.Load() == 0 && !looker { // by invariant 3
		g.Unlock()
		return
	}
	now := uint32(park.Now() / handOffAfterNs)
	due := now != c.handedMs
	q := park.LockQueue(&c.waiters)
	c.version.Add(1) // release
	next := c.next(q, looker, due)
	q.Unlock()
	if next == nil || !due {
		g.Unlock()
		wakeLooker(next)
		return
	}
	c.handedMs = now
	next.Wake(tokenLocked)
	runtime.Gosched() // the guard is idle until next runs: let it run here
}

// when calls f as soon as cond holds. g is locked when it is called, and unlocked when it
// returns. It returns the error of the limit if that ends the wait. If once is set it looks once.
func (c *changes) when(g guard, limit park.Limit, once bool, cond func() bool, f func()) error {
	locked, looker := true, false
	defer func() {
		if locked { // f has returned, or it or cond has panicked
			c.unlock(g, looker)
		}
	}()
	for !cond() {
		locked = false
		if once {
			g.Unlock()
			return errNotNow
		}
		if err := c.wait(g, limit, looker); err != nil {
			return err
		}
		locked, looker = true, true
	}
	f()
	return nil
}

// wait unlocks g, waits for a change, and locks g again: the caller is then a looker. looker says
// that it was one before. If the limit ends the wait it returns its error; g is not locked
// then, and the caller is no looker.
func (c *changes) wait(g guard, limit park.Limit, looker bool) error {
	w := park.NewWaiter(park.Condition, limit)
	defer w.Free()
	q := park.LockQueue(&c.waiters)
	w.SetTag(uint64(c.version.Load()))
	c.waiters.Add(1)
	q.Push(w)
	next := c.next(q, looker, false)
	q.Unlock()
	g.Unlock()
	wakeLooker(next)

	token, left, err := w.Sleep()
	if err != nil {
		c.waiters.Add(^uint32(0))
		left.Unlock()
		return err
	}
	if token == tokenLocked {
		c.version.Load() // acquire: what the change has written
		return nil
	}
	if err := g.lockLimited(limit); err != nil {
		q := park.LockQueue(&c.waiters)
		next := c.next(q, true, false) // in its place
		q.Unlock()
		wakeLooker(next)
		return err
	}
	return nil
}

// next takes the head out of the locked queue, to be a looker, if it has not seen the present
// version and nobody else is one. evenSo takes it out also if somebody else is. looker says that
// the caller was one, and is done.
func (c *changes) next(q park.Queue, looker, evenSo bool) *park.Waiter {
	if looker {
		c.lookers.Add(^uint32(0))
	}
	head := q.Front()
	if c.lookers.Load() > 0 && !evenSo || head == nil || head.Tag() == uint64(c.version.Load()) {
		return nil
	}
	c.lookers.Add(1)
	c.waiters.Add(^uint32(0))
	return q.Pop()
}

// wakeLooker wakes w, if there is one, to lock the guard and look.
func wakeLooker(w *park.Waiter) {
	if w != nil {
		w.Wake(tokenRetry)
	}
}
