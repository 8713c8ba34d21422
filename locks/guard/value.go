// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard

import (
	"context"

	"github.com/osync-go/osync/locks/park"
)

// A Monitor is a *[Mutex] or a *[RWMutex]; [With], [When] and their forms take either.
type Monitor[T any] interface {
	lock()
	unlock()
	lockContext(ctx context.Context) error
	value() *T
}

// With calls f with the value of g, as the method With does, and returns what f returns.
//
//	job := guard.With(jobs, (*queue).pop)
//
// The result must not refer to the value, or to what only the lock protects.
func With[T, R any](g Monitor[T], f func(*T) R) R {
	g.lock()
	defer g.unlock()
	return f(g.value())
}

// WithContext calls f with the value of g, as the method WithContext does, and returns the result of f and nil.
// If it did not call f, it returns the zero R and the error of the method.
func WithContext[T, R any](ctx context.Context, g Monitor[T], f func(*T) R) (r R, err error) {
	if err := g.lockContext(ctx); err != nil {
		return r, err
	}
	defer g.unlock()
	return f(g.value()), nil
}

// When calls f with the value of g once cond holds for it, as the method When does, and returns what f returns.
//
//	job := guard.When(jobs, (*queue).filled, (*queue).pop)
func When[T, R any](g Monitor[T], cond func(*T) bool, f func(*T) R) (r R) {
	g.lock()
	whenLocked(g, park.Limit{}, cond, func(v *T) { r = f(v) }) // no limit, no error
	return r
}

// WhenContext calls f with the value of g once cond holds for it, as the method WhenContext does, and returns
// the result of f and nil. If it did not call f, it returns the zero R and the error of the method.
func WhenContext[T, R any](ctx context.Context, g Monitor[T], cond func(*T) bool, f func(*T) R) (r R, err error) {
	if err := g.lockContext(ctx); err != nil {
		return r, err
	}
	err = whenLocked(g, park.Context(ctx), cond, func(v *T) { r = f(v) })
	return r, err
}

// whenLocked is the rest of When once g is locked. If it were a method of Monitor, f and the result would escape to
// the heap.
func whenLocked[T any](g Monitor[T], limit park.Limit, cond func(*T) bool, f func(*T)) error {
	switch g := g.(type) {
	case *Mutex[T]:
		return when(&g.m, &g.waiters, &g.v, limit, false, cond, f)
	case *RWMutex[T]:
		return when(&g.rw, &g.waiters, &g.v, limit, false, cond, f)
	}
	panic("unreachable")
}

// Read calls f with a copy of the value of g, as [RWMutex.Read] does, and returns what f returns.
//
//	n := guard.Read(prices, func(p map[string]int) int { return p["tea"] })
func Read[T, R any](g *RWMutex[T], f func(T) R) R {
	g.rw.RLock()
	defer g.rw.RUnlock()
	return f(g.v)
}

// ReadContext calls f with a copy of the value of g, as [RWMutex.ReadContext] does, and returns the result of f
// and nil. If it did not call f, it returns the zero R and the error of the method.
func ReadContext[T, R any](ctx context.Context, g *RWMutex[T], f func(T) R) (r R, err error) {
	checkContext(ctx)
	if err := g.rw.RLockContext(ctx); err != nil {
		return r, err
	}
	defer g.rw.RUnlock()
	return f(g.v), nil
}

// Load returns a copy of the value. It blocks until the lock is available. The lock does not protect what the
// copy refers to. A Load and a Store are two steps, between which another goroutine can get in: to change the
// value depending on the old one, use [Mutex.With].
func (g *Mutex[T]) Load() T {
	g.m.Lock()
	defer g.m.Unlock() // not a change
	return g.v
}

// Store sets the value to v. It blocks until the lock is available. It counts as a change.
func (g *Mutex[T]) Store(v T) { g.Swap(v) }

// Swap sets the value to v, and returns the old one. It blocks until the lock is available. It
// counts as a change.
func (g *Mutex[T]) Swap(v T) (old T) {
	g.m.Lock()
	defer g.unlock()
	old, g.v = g.v, v
	return old
}

// Load is [Mutex.Load], concurrently with readers.
func (g *RWMutex[T]) Load() T {
	g.rw.RLock()
	defer g.rw.RUnlock()
	return g.v
}

// Store is [Mutex.Store].
func (g *RWMutex[T]) Store(v T) { g.Swap(v) }

// Swap is [Mutex.Swap].
func (g *RWMutex[T]) Swap(v T) (old T) {
	g.rw.Lock()
	defer g.unlock()
	old, g.v = g.v, v
	return old
}

func (g *Mutex[T]) lock()     { g.m.Lock() }
func (g *Mutex[T]) value() *T { return &g.v }

func (g *Mutex[T]) lockContext(ctx context.Context) error {
	checkContext(ctx)
	return g.m.LockContext(ctx)
}

func (g *RWMutex[T]) lock()     { g.rw.Lock() }
func (g *RWMutex[T]) value() *T { return &g.v }

func (g *RWMutex[T]) lockContext(ctx context.Context) error {
	checkContext(ctx)
	return g.rw.LockContext(ctx)
}
