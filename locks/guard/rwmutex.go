// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard

import (
	"context"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// An RWMutex is a [Mutex] that lets several goroutines read at a time. Its lock is a [locks.RWMutex], whose
// fairness it shares. It takes 20 bytes besides T. Reading does not count as a change. Otherwise an RWMutex
// is like a Mutex.
type RWMutex[T any] struct {
	_       noCopy
	rw      locks.RWMutex
	waiters waiters
	v       T
}

// NewRWMutex returns an RWMutex that guards v.
func NewRWMutex[T any](v T) *RWMutex[T] { return &RWMutex[T]{v: v} }

// Read calls f with a copy of the value, concurrently with other readers. It blocks until the lock
// is available. f must not change what the copy refers to.
func (g *RWMutex[T]) Read(f func(T)) {
	g.rw.RLock()
	defer g.rw.RUnlock()
	f(g.v)
}

// TryRead is Read if the lock is available, and reports whether it called f. It does not wait for the lock.
func (g *RWMutex[T]) TryRead(f func(T)) bool { return g.TryReadFor(0, f) }

// TryReadFor is Read, blocking for at most d until the lock is available, and reports whether it
// called f. If d <= 0, it is equivalent to [RWMutex.TryRead].
func (g *RWMutex[T]) TryReadFor(d time.Duration, f func(T)) bool {
	if !g.rw.TryRLockFor(d) {
		return false
	}
	defer g.rw.RUnlock()
	f(g.v)
	return true
}

// ReadContext is Read, blocking until the lock is available or ctx is done. It returns nil if it
// called f, and otherwise an error that wraps the [context.Cause] of ctx. If ctx is already done,
// ReadContext returns its cause without calling f. A nil ctx panics.
func (g *RWMutex[T]) ReadContext(ctx context.Context, f func(T)) error {
	checkContext(ctx)
	if err := g.rw.RLockContext(ctx); err != nil {
		return err
	}
	defer g.rw.RUnlock()
	f(g.v)
	return nil
}

// ReadLimit is Read, blocking until the lock is available or limit is reached. It returns nil if it called f, and
// otherwise the error of [Mutex.WithLimit].
func (g *RWMutex[T]) ReadLimit(limit park.Limit, f func(T)) error {
	if err := g.rw.RLockLimit(limit); err != nil {
		return err
	}
	defer g.rw.RUnlock()
	f(g.v)
	return nil
}

// With is [Mutex.With]. It excludes readers, too.
func (g *RWMutex[T]) With(f func(*T)) {
	g.rw.Lock()
	defer g.unlock()
	f(&g.v)
}

// TryWith is [Mutex.TryWith].
func (g *RWMutex[T]) TryWith(f func(*T)) bool { return g.TryWithFor(0, f) }

// TryWithFor is [Mutex.TryWithFor].
func (g *RWMutex[T]) TryWithFor(d time.Duration, f func(*T)) bool {
	if !g.rw.TryLockFor(d) {
		return false
	}
	defer g.unlock()
	f(&g.v)
	return true
}

// WithContext is [Mutex.WithContext].
func (g *RWMutex[T]) WithContext(ctx context.Context, f func(*T)) error {
	checkContext(ctx)
	if err := g.rw.LockContext(ctx); err != nil {
		return err
	}
	defer g.unlock()
	f(&g.v)
	return nil
}

// WithLimit is [Mutex.WithLimit].
func (g *RWMutex[T]) WithLimit(limit park.Limit, f func(*T)) error {
	if err := g.rw.LockLimit(limit); err != nil {
		return err
	}
	defer g.unlock()
	f(&g.v)
	return nil
}

// When is [Mutex.When]. The evaluations of cond exclude readers, too.
func (g *RWMutex[T]) When(cond func(*T) bool, f func(*T)) {
	g.rw.Lock()
	when(&g.rw, &g.waiters, &g.v, park.Limit{}, false, cond, f) // no limit, no error
}

// WhenFor is [Mutex.WhenFor].
func (g *RWMutex[T]) WhenFor(d time.Duration, cond func(*T) bool, f func(*T)) bool {
	limit := park.For(d)
	if !g.rw.TryLock() && (d <= 0 || g.rw.LockLimit(limit) != nil) {
		return false
	}
	return when(&g.rw, &g.waiters, &g.v, limit, d <= 0, cond, f) == nil
}

// WhenContext is [Mutex.WhenContext].
func (g *RWMutex[T]) WhenContext(ctx context.Context, cond func(*T) bool, f func(*T)) error {
	checkContext(ctx)
	if err := g.rw.LockContext(ctx); err != nil {
		return err
	}
	return when(&g.rw, &g.waiters, &g.v, park.Context(ctx), false, cond, f)
}

// WhenLimit is [Mutex.WhenLimit].
func (g *RWMutex[T]) WhenLimit(limit park.Limit, cond func(*T) bool, f func(*T)) error {
	if err := g.rw.LockLimit(limit); err != nil {
		return err
	}
	return when(&g.rw, &g.waiters, &g.v, limit, false, cond, f)
}

// AssertHeld is [locks.RWMutex.AssertHeld] of the lock: it must be called in a function that With, or a form of
// it, calls.
func (g *RWMutex[T]) AssertHeld() { g.rw.AssertHeld() }

// AssertRHeld is [locks.RWMutex.AssertRHeld] of the lock: it must be called in a function that Read or With, or a form
// of them, calls.
func (g *RWMutex[T]) AssertRHeld() { g.rw.AssertRHeld() }

// unlock is waiters.unlock; see [Mutex.unlock].
func (g *RWMutex[T]) unlock() {
	if !g.waiters.exist() {
		g.rw.Unlock()
		return
	}
	g.waiters.announceChange(&g.rw)
}
