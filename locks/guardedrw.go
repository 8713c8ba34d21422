// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// A GuardedRW is a [Guarded] that several may read at a time. Its lock is an [RWMutex], and as
// fair. It is 20 bytes long, and T. All else is as with Guarded; reading is no change.
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

// ReadContext is Read, and blocks until it can or ctx ends. It returns nil if it has called f, and
// the [context.Cause] of ctx otherwise. If ctx is already done, ReadContext returns its cause
// without calling f. A nil ctx panics.
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
	defer g.unlock()
	f(&g.v)
}

// TryWith is [Guarded.TryWith].
func (g *GuardedRW[T]) TryWith(f func(*T)) bool { return g.WithFor(0, f) }

// WithFor is [Guarded.WithFor].
func (g *GuardedRW[T]) WithFor(d time.Duration, f func(*T)) bool {
	if !g.rw.TryLockFor(d) {
		return false
	}
	defer g.unlock()
	f(&g.v)
	return true
}

// WithContext is [Guarded.WithContext].
func (g *GuardedRW[T]) WithContext(ctx context.Context, f func(*T)) error {
	if err := g.rw.LockContext(ctx); err != nil {
		return err
	}
	defer g.unlock()
	f(&g.v)
	return nil
}

// When is [Guarded.When]. The looks at the condition exclude readers, too.
func (g *GuardedRW[T]) When(cond func(*T) bool, f func(*T)) {
	g.rw.Lock()
	when(&g.rw, &g.changes, &g.v, park.Limit{}, false, cond, f) // no limit, no error
}

// WhenFor is [Guarded.WhenFor].
func (g *GuardedRW[T]) WhenFor(d time.Duration, cond func(*T) bool, f func(*T)) bool {
	limit := park.For(d)
	if !g.rw.TryLock() && (d <= 0 || g.rw.LockLimit(limit) != nil) {
		return false
	}
	return when(&g.rw, &g.changes, &g.v, limit, d <= 0, cond, f) == nil
}

// WhenContext is [Guarded.WhenContext].
func (g *GuardedRW[T]) WhenContext(ctx context.Context, cond func(*T) bool, f func(*T)) error {
	if err := g.rw.LockContext(ctx); err != nil {
		return err
	}
	return when(&g.rw, &g.changes, &g.v, park.Context(ctx), false, cond, f)
}

// unlock is changes.unlock, which costs a nanosecond more by its interface.
func (g *GuardedRW[T]) unlock() {
	if g.changes.waiters.Load() != 0 { // by invariant 3
		g.changes.tell(&g.rw)
		return
	}
	g.rw.Unlock()
}
