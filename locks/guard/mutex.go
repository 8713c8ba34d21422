// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard

import (
	"context"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// A Mutex is a value inside its lock, a [locks.Mutex], and as fair as that.
//
// The zero value guards the zero value of T. It must not be copied after first use. It is 16
// bytes long, and T; waiters take memory only while they wait.
//
// After each change the goroutines that wait for a condition look at it again, one after the other, roughly in
// FIFO order. So a change costs a wake-up and a look for each of them, and a Mutex is not for
// thousands of waiters with conditions that rarely hold. It takes up to about twice the time of a
// locks.Mutex and a Cond whose Broadcast follows each change; BenchmarkWhenBuffer has both.
//
// A change that is undone before a waiter has looked passes unnoticed. But the first change of each
// millisecond hands the lock to the next waiter in that order, and no goroutine comes between the change and
// its look. Until the scheduler runs that waiter the lock stands idle.
//
// A goroutine waits in the Go scheduler, and a pinned thread (see package thread) in the kernel. In a bubble
// of testing/synctest, a goroutine that waits for a condition, or with a limit, is durably blocked; see
// [locks.Mutex.TryLockFor].
//
// In the terms of [the Go memory model], the return of a function from its run number n
// synchronizes before the begin of run number m for every n < m, looks at conditions included. A
// call that gives up establishes no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type Mutex[T any] struct {
	_       noCopy
	m       locks.Mutex
	waiters waiters
	v       T
}

// NewMutex returns a Mutex that guards v.
func NewMutex[T any](v T) *Mutex[T] { return &Mutex[T]{v: v} }

// With calls f with the value. It blocks until the lock is available.
func (g *Mutex[T]) With(f func(*T)) {
	g.m.Lock()
	defer g.unlock()
	f(&g.v)
}

// TryWith calls f with the value if that is possible now, and reports whether it succeeded.
func (g *Mutex[T]) TryWith(f func(*T)) bool { return g.TryWithFor(0, f) }

// TryWithFor calls f with the value, and blocks for at most d until it can. It reports false, and
// has not called f, if that was not possible in time. If d <= 0, it is equivalent to
// [Mutex.TryWith].
func (g *Mutex[T]) TryWithFor(d time.Duration, f func(*T)) bool {
	if !g.m.TryLockFor(d) {
		return false
	}
	defer g.unlock()
	f(&g.v)
	return true
}

// WithContext calls f with the value, and blocks until it can or ctx is done. It returns nil if it
// has called f, and an error that wraps the [context.Cause] of ctx otherwise. If ctx is already
// done, WithContext returns its cause without calling f. A nil ctx panics.
func (g *Mutex[T]) WithContext(ctx context.Context, f func(*T)) error {
	checkContext(ctx)
	if err := g.m.LockContext(ctx); err != nil {
		return err
	}
	defer g.unlock()
	f(&g.v)
	return nil
}

// WithLimit calls f with the value, and blocks until it can or limit is reached. It returns nil if it has called f.
// Otherwise it returns an error that wraps [os.ErrDeadlineExceeded], or what [park.Ended] returns if limit is a
// context. It is for deadlines, and for code that spends one limit on several waits. WithLimit tries the lock before it
// looks at limit; see [locks.Mutex.LockLimit].
func (g *Mutex[T]) WithLimit(limit park.Limit, f func(*T)) error {
	if err := g.m.LockLimit(limit); err != nil {
		return err
	}
	defer g.unlock()
	f(&g.v)
	return nil
}

// When blocks until cond holds for the value, and then calls f with it: no goroutine comes between
// the last look and f.
func (g *Mutex[T]) When(cond func(*T) bool, f func(*T)) {
	g.m.Lock()
	when(&g.m, &g.waiters, &g.v, park.Limit{}, false, cond, f) // no limit, no error
}

// WhenFor is When for at most d. It reports false, and has not called f, if cond was not found to
// hold in time. With d of zero or less it looks at most once. The limit also ends a wait for the
// lock, but not a call of cond or f.
func (g *Mutex[T]) WhenFor(d time.Duration, cond func(*T) bool, f func(*T)) bool {
	limit := park.For(d)
	if !g.m.TryLock() && (d <= 0 || g.m.LockLimit(limit) != nil) {
		return false
	}
	return when(&g.m, &g.waiters, &g.v, limit, d <= 0, cond, f) == nil
}

// WhenContext is When until ctx is done. It returns nil if it has called f, and an error that wraps
// the [context.Cause] of ctx otherwise. If ctx is already done, WhenContext returns its cause
// without calling f. A nil ctx panics.
func (g *Mutex[T]) WhenContext(ctx context.Context, cond func(*T) bool, f func(*T)) error {
	checkContext(ctx)
	if err := g.m.LockContext(ctx); err != nil {
		return err
	}
	return when(&g.m, &g.waiters, &g.v, park.Context(ctx), false, cond, f)
}

// WhenLimit is When until limit is reached. It returns nil if it has called f, and otherwise the error of [Mutex.WithLimit].
// If it gets the lock it looks at least once, even if limit is over already.
func (g *Mutex[T]) WhenLimit(limit park.Limit, cond func(*T) bool, f func(*T)) error {
	if err := g.m.LockLimit(limit); err != nil {
		return err
	}
	return when(&g.m, &g.waiters, &g.v, limit, false, cond, f)
}

// AssertHeld is [locks.Mutex.AssertHeld] of the lock: the caller must have been called by With, or a form of it.
func (g *Mutex[T]) AssertHeld() { g.m.AssertHeld() }

// unlock is waiters.unlock, which costs a nanosecond more by its interface.
func (g *Mutex[T]) unlock() {
	if !g.waiters.exist() {
		g.m.Unlock()
		return
	}
	g.waiters.announceChange(&g.m)
}

// checkContext panics if ctx is nil, as package context does.
func checkContext(ctx context.Context) {
	if ctx == nil {
		panic("guard: nil context")
	}
}
