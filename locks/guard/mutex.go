// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard

import (
	"context"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// A Mutex is a value inside its lock, a [locks.Mutex], whose fairness it shares.
//
// The zero value guards the zero value of T. It must not be copied after first use. It takes 16
// bytes besides T; waiters take memory only while they wait.
//
// After each change the goroutines that wait for a condition evaluate it again, one after the other, roughly
// in FIFO order. So a change costs a wake-up and an evaluation for each of them, and a Mutex is not for
// thousands of waiters with conditions that rarely hold. It takes up to about twice the time of a locks.Mutex
// and a Cond whose Broadcast follows each change; BenchmarkWhenBuffer measures both.
//
// A waiter does not notice a change that is undone before it evaluates its condition. But the first change
// of each millisecond hands the lock off to the next waiter in that order, and no other goroutine gets in
// between. Until the scheduler runs that waiter, the lock is idle.
//
// A goroutine waits in the Go scheduler, and a pinned thread (see package thread) in the kernel. In a bubble
// of testing/synctest, a goroutine that waits for a condition, or with a limit, is durably blocked; see
// [locks.Mutex.TryLockFor].
//
// In the terms of [the Go memory model], the return of the n'th function call synchronizes before
// the start of the m'th for every n < m, where evaluations of conditions count as calls. A call
// that gives up establishes no ordering.
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

// TryWith calls f with the value if the lock is available, and reports whether it did. It does not
// wait for the lock.
func (g *Mutex[T]) TryWith(f func(*T)) bool { return g.TryWithFor(0, f) }

// TryWithFor calls f with the value, blocking for at most d until the lock is available, and
// reports whether it called f. If d <= 0, it is equivalent to [Mutex.TryWith].
func (g *Mutex[T]) TryWithFor(d time.Duration, f func(*T)) bool {
	if !g.m.TryLockFor(d) {
		return false
	}
	defer g.unlock()
	f(&g.v)
	return true
}

// WithContext calls f with the value, blocking until the lock is available or ctx is done. It
// returns nil if it called f, and otherwise an error that wraps the [context.Cause] of ctx. If ctx
// is already done, WithContext returns its cause without calling f. A nil ctx panics.
func (g *Mutex[T]) WithContext(ctx context.Context, f func(*T)) error {
	checkContext(ctx)
	if err := g.m.LockContext(ctx); err != nil {
		return err
	}
	defer g.unlock()
	f(&g.v)
	return nil
}

// WithLimit calls f with the value, blocking until the lock is available or limit is reached. It returns nil if it
// called f. Otherwise it returns an error that wraps [os.ErrDeadlineExceeded], or what [park.Ended] returns if limit is
// a context. It is for deadlines, and for code that spends one limit on several waits. WithLimit tries the lock before
// it looks at limit; see [locks.Mutex.LockLimit].
func (g *Mutex[T]) WithLimit(limit park.Limit, f func(*T)) error {
	if err := g.m.LockLimit(limit); err != nil {
		return err
	}
	defer g.unlock()
	f(&g.v)
	return nil
}

// When blocks until cond holds for the value, and then calls f with it. No other goroutine gets in
// between the evaluation of cond and the call of f.
func (g *Mutex[T]) When(cond func(*T) bool, f func(*T)) {
	g.m.Lock()
	when(&g.m, &g.waiters, &g.v, park.Limit{}, false, cond, f) // no limit, no error
}

// WhenFor is When for at most d. It reports whether it called f; it did not if cond was not found
// to hold in time. If d <= 0, it evaluates cond at most once. The limit also ends a wait for the
// lock, but not a call of cond or f.
func (g *Mutex[T]) WhenFor(d time.Duration, cond func(*T) bool, f func(*T)) bool {
	limit := park.For(d)
	if !g.m.TryLock() && (d <= 0 || g.m.LockLimit(limit) != nil) {
		return false
	}
	return when(&g.m, &g.waiters, &g.v, limit, d <= 0, cond, f) == nil
}

// WhenContext is When until ctx is done. It returns nil if it called f, and otherwise an error that
// wraps the [context.Cause] of ctx. If ctx is already done, WhenContext returns its cause without
// calling f. A nil ctx panics.
func (g *Mutex[T]) WhenContext(ctx context.Context, cond func(*T) bool, f func(*T)) error {
	checkContext(ctx)
	if err := g.m.LockContext(ctx); err != nil {
		return err
	}
	return when(&g.m, &g.waiters, &g.v, park.Context(ctx), false, cond, f)
}

// WhenLimit is When until limit is reached. It returns nil if it called f, and otherwise the error of
// [Mutex.WithLimit]. If it gets the lock, it evaluates cond at least once, even if limit has already passed.
func (g *Mutex[T]) WhenLimit(limit park.Limit, cond func(*T) bool, f func(*T)) error {
	if err := g.m.LockLimit(limit); err != nil {
		return err
	}
	return when(&g.m, &g.waiters, &g.v, limit, false, cond, f)
}

// AssertHeld is [locks.Mutex.AssertHeld] of the lock: it must be called in a function that With, or a form of
// it, calls.
func (g *Mutex[T]) AssertHeld() { g.m.AssertHeld() }

// unlock is waiters.unlock, which costs a nanosecond more because of its interface.
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
