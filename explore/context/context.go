// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package context replaces, in explored code, those functions of Go's package context that concern cancellation.
// Programs never import it: the explore command substitutes it when it builds a test.
//
// In an explored goroutine, canceling each context is a step, after that of its parent, and a deadline can expire at
// any moment. Elsewhere the functions are those of Go's package context.
package context

import (
	"context"
	"time"

	"github.com/osync-go/osync/explore/internal/engine"
)

// WithCancel returns a context that is done when cancel is called, or parent is done.
func WithCancel(parent context.Context) (ctx context.Context, cancel context.CancelFunc) {
	t := engine.Self()
	if t == nil {
		return context.WithCancel(parent)
	}
	c := newContext(t, parent, nil)
	return c, func() { c.cancel(context.Canceled, nil) }
}

// WithCancelCause is WithCancel with a cause for the cancellation.
func WithCancelCause(parent context.Context) (ctx context.Context, cancel context.CancelCauseFunc) {
	t := engine.Self()
	if t == nil {
		return context.WithCancelCause(parent)
	}
	c := newContext(t, parent, nil)
	return c, func(cause error) { c.cancel(context.Canceled, cause) }
}

// WithDeadline returns a context that is also done when d has passed.
func WithDeadline(parent context.Context, d time.Time) (context.Context, context.CancelFunc) {
	return WithDeadlineCause(parent, d, nil)
}

// WithDeadlineCause is WithDeadline with the cause that applies if d passes.
func WithDeadlineCause(parent context.Context, d time.Time, cause error) (context.Context, context.CancelFunc) {
	t := engine.Self()
	if t == nil {
		return context.WithDeadlineCause(parent, d, cause)
	}
	return withDeadline(t, parent, t.Now("context.WithDeadline"), d, cause)
}

// WithTimeout is WithDeadline with a deadline that is timeout from now.
func WithTimeout(parent context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	return WithTimeoutCause(parent, timeout, nil)
}

// WithTimeoutCause is WithTimeout with the cause that applies if the deadline passes.
func WithTimeoutCause(parent context.Context, timeout time.Duration, cause error) (context.Context, context.CancelFunc) {
	t := engine.Self()
	if t == nil {
		return context.WithTimeoutCause(parent, timeout, cause)
	}
	now := t.Now("context.WithTimeout")
	return withDeadline(t, parent, now, engine.Date(now).Add(timeout), cause)
}

func withDeadline(t *engine.Thread, parent context.Context, now int64, d time.Time, cause error) (context.Context, context.CancelFunc) {
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	if earlier, ok := parent.Deadline(); ok && earlier.Before(d) {
		return WithCancel(parent)
	}
	c := newContext(t, parent, nil)
	left := d.Sub(engine.Date(now))
	switch {
	case c.err != nil: // parent is done
	case left <= 0:
		c.settle(t, context.DeadlineExceeded, cause)
	default:
		c.startTimer(t, now+int64(left), cause)
	}
	return deadlineContext{c, d}, func() { c.cancel(context.Canceled, nil) }
}

// A deadlineContext is a canceler with its own deadline.
type deadlineContext struct {
	*canceler
	deadline time.Time
}

func (c deadlineContext) Deadline() (deadline time.Time, ok bool) { return c.deadline, true }

// AfterFunc arranges to call f in its own goroutine when ctx is done, unless stop is called first. stop reports whether
// it kept f from being called.
func AfterFunc(ctx context.Context, f func()) (stop func() bool) {
	t := engine.Self()
	if t == nil {
		return context.AfterFunc(ctx, f)
	}
	c := newContext(t, ctx, f)
	return c.stop
}

// Cause returns the cause of c's cancellation, or nil if c is not done.
func Cause(c context.Context) error {
	if engine.Self() == nil {
		return context.Cause(c)
	}
	err := c.Err()
	if err == nil {
		return nil
	}
	own, ok := c.Value(&key).(*canceler)
	switch {
	case !ok:
		return context.Cause(c)
	case own.cause == nil:
		return err
	}
	return own.cause
}
