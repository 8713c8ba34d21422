// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"testing"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks"
)

// A begun is a context that tells when a wait has found that it has not ended, and waits for it to end.
type begun struct {
	context.Context
	asked *int
	waits chan struct{}
}

// Done is called first to see whether c has ended, and then to wait.
func (c begun) Done() <-chan struct{} {
	if *c.asked++; *c.asked == 2 {
		close(c.waits)
	}
	return c.Context.Done()
}

// TestExploreLimitComesLate ends a context after what a wait waits for has happened, perhaps before the waiter knows:
// the wait succeeds. Afterwards a wait with that context, which has ended, fails at once.
func TestExploreLimitComesLate(t *testing.T) {
	for _, test := range []struct {
		name string
		// make returns a wait, and what makes it succeed.
		make func() (wait func(ctx context.Context) error, happen func())
	}{
		{"Mutex", func() (func(context.Context) error, func()) {
			var m locks.Mutex
			m.Lock()
			return m.LockContext, m.Unlock
		}},
		{"FairMutex", func() (func(context.Context) error, func()) {
			var m locks.FairMutex
			m.Lock()
			return m.LockContext, m.Unlock
		}},
		{"WaitGroup", func() (func(context.Context) error, func()) {
			var wg locks.WaitGroup
			wg.Add(1)
			return wg.WaitContext, wg.Done
		}},
		{"Once", func() (func(context.Context) error, func()) {
			var o locks.Once
			running, ran := make(chan struct{}), make(chan struct{})
			go o.Do(func() { close(running); <-ran })
			<-running
			return func(ctx context.Context) error { return o.DoContext(ctx, nil) }, func() { close(ran); o.Do(nil) }
		}},
		{"Semaphore", func() (func(context.Context) error, func()) {
			s := locks.NewSemaphore(3)
			s.TryAcquire(2)
			return func(ctx context.Context) error { return s.AcquireContext(ctx, 2) }, func() { s.Release(1) }
		}},
		{"Event", func() (func(context.Context) error, func()) {
			var e locks.Event
			return e.WaitContext, e.Set
		}},
		{"AutoEvent", func() (func(context.Context) error, func()) {
			var e locks.AutoEvent
			return e.WaitContext, e.Set
		}},
		{"Latch", func() (func(context.Context) error, func()) {
			l := locks.NewLatch(1)
			return l.WaitContext, func() { l.Arrive(1) }
		}},
		{"Cond, Signal", func() (func(context.Context) error, func()) { return condWait((*locks.Cond).Signal) }},
		{"Cond, Broadcast", func() (func(context.Context) error, func()) { return condWait((*locks.Cond).Broadcast) }},
		{"Barrier", func() (func(context.Context) error, func()) {
			b := locks.NewBarrier(2)
			return func(ctx context.Context) error { _, err := b.WaitContext(ctx); return err }, func() { b.Wait() }
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			complete.Check(t, func(x *explore.Run) {
				wait, happen := test.make()
				parent, cancel := context.WithCancel(context.Background())
				ctx := begun{parent, new(int), make(chan struct{})}
				x.Go(func() {
					err := wait(ctx)
					x.Assert(err == nil, "the wait has failed: %v", err)
				})
				<-ctx.waits
				happen()
				cancel()
				x.Wait()
				err := wait(ctx)
				x.Assert(errors.Is(err, context.Canceled), "a wait with an ended context has returned %v", err)
			})
		})
	}
}

// condWait returns a wait at a Cond, and what wakes it, which takes its lock first.
func condWait(wake func(*locks.Cond)) (wait func(ctx context.Context) error, happen func()) {
	c := locks.NewCond(new(locks.Mutex))
	return func(ctx context.Context) error {
			c.L.Lock()
			defer c.L.Unlock()
			return c.WaitContext(ctx)
		}, func() {
			c.L.Lock()
			defer c.L.Unlock()
			wake(c)
		}
}
