// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

// An oddContext closes Done before it has an error, which package context forbids.
type oddContext struct {
	context.Context
	done chan struct{}
	late time.Duration // after this time it has an error; 0 means never
	err  atomic.Pointer[error]
}

var errLate = errors.New("the error that came late")

func newOddContext(late time.Duration) *oddContext {
	return &oddContext{Context: context.Background(), done: make(chan struct{}), late: late}
}

func (c *oddContext) Done() <-chan struct{} { return c.done }

func (c *oddContext) Err() error {
	if err := c.err.Load(); err != nil {
		return *err
	}
	return nil
}

func (c *oddContext) end() {
	close(c.done)
	if c.late > 0 {
		time.AfterFunc(c.late, func() { c.err.Store(&errLate) })
	}
}

// ContextWithoutError ends waits by contexts whose Done is closed while they have no error
// yet: each wait ends with an error, and has left its queue.
func ContextWithoutError(t *testing.T, threads Start, newWaits func() []Wait) {
	for _, how := range []Start{Goroutines, threads} {
		for _, w := range newWaits() {
			if w.Endless {
				w.Settle()
				continue
			}
			t.Run(how.Name+"/"+w.Name, func(t *testing.T) {
				check := func(when string, ctx context.Context, meanwhile func()) {
					t.Helper()
					result := make(chan error, 1)
					how.Go(func() { result <- w.Wait(ctx) })
					meanwhile()
					if err := <-result; !errors.Is(err, context.Canceled) && !errors.Is(err, errLate) {
						t.Fatalf("%s: the wait returned %v, want an error of the context", when, err)
					}
					if n := w.Waiting(); n != 0 {
						t.Fatalf("%s: %d are in the queue, want none", when, n)
					}
				}
				for _, late := range []time.Duration{0, 100 * time.Microsecond} {
					ctx := newOddContext(late)
					check("ended while it waits", ctx, func() {
						Eventually(t, "it waits", func() bool { return w.Waiting() == 1 })
						ctx.end()
					})
				}
				ctx := newOddContext(0)
				ctx.end()
				check("ended before", ctx, func() {})
				w.Settle()
				check("ended before, with nothing to wait for", ctx, func() {})
			})
		}
	}
}

// ContextWithoutErrorOnce is ContextWithoutError for a wait that cannot be used again, or does not sleep.
// start returns a new one, and a function that reports whether a goroutine is in the wait, or nil if
// there is nothing to wait for.
func ContextWithoutErrorOnce(t *testing.T, threads Start, start func() (wait func(context.Context) error, waits func() bool)) {
	for _, how := range []Start{Goroutines, threads} {
		t.Run(how.Name, func(t *testing.T) {
			for _, before := range []bool{true, false} {
				wait, waits := start()
				if !before && waits == nil {
					continue
				}
				ctx := newOddContext(0)
				result := make(chan error, 1)
				if before {
					ctx.end()
				}
				how.Go(func() { result <- wait(ctx) })
				if !before {
					Eventually(t, "it waits", waits)
					ctx.end()
				}
				if err := <-result; !errors.Is(err, context.Canceled) {
					t.Errorf("ended before: %v; the wait returned %v, want %v", before, err, context.Canceled)
				}
			}
		})
	}
}

// A brokenContext panics when it is asked for a value, as by [context.Cause].
type brokenContext struct{ context.Context }

func (brokenContext) Value(any) any { panic("broken") }

// ContextPanics ends waits by contexts that panic then. Each wait ends with an error, and has done
// all that other waiters need to go on: Settle returns, and a Wait after that.
func ContextPanics(t *testing.T, threads Start, newWaits func() []Wait) {
	for _, how := range []Start{Goroutines, threads} {
		for _, w := range newWaits() {
			if w.Endless {
				w.Settle()
				continue
			}
			t.Run(how.Name+"/"+w.Name, func(t *testing.T) {
				ctx, cancel := context.WithCancel(context.Background())
				n := w.Waiting()
				ended := how.Go(func() {
					if err := w.Wait(brokenContext{ctx}); err == nil {
						t.Error("the wait returned nil")
					}
				})
				Eventually(t, "it waits", func() bool { return w.Waiting() == n+1 })
				cancel()
				ended()
				w.Settle()
				if !w.Transient {
					w.Wait(context.Background())
				}
			})
		}
	}
}
