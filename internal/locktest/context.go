// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// A contextLocker can stop waiting when a context ends.
type contextLocker interface {
	sync.Locker
	LockContext(ctx context.Context) error
}

var errCause = errors.New("the cause that the test gave")

// cancelled returns a context that has ended for errCause.
func cancelled() context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errCause)
	return ctx
}

// contextChecks returns the checks of a LockContext; see timedChecks for split.
func contextChecks[L any](name string, split func(L) (holder sync.Locker, waiter contextLocker)) []check[L] {
	with := func(f func(e *env, holder sync.Locker, waiter contextLocker)) func(*env, func() L) {
		return func(e *env, make func() L) {
			holder, waiter := split(make())
			f(e, holder, waiter)
		}
	}
	return []check[L]{
		{name: name + "/Free", run: with(checkContextFree)},
		{name: name + "/Held", run: with(checkContextHeld)},
		{name: name + "/NothingLeft", run: with(checkContextNothingLeft)},
		{name: name + "/UnlockRace", run: with(checkContextUnlockRace)},
		{name: name + "/Stress", run: with(checkContextStress)},
		{name: name + "/Allocations", alone: true, run: with(func(e *env, _ sync.Locker, l contextLocker) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			e.noAllocs("LockContext that need not wait", func() {
				if l.LockContext(ctx) == nil {
					l.Unlock()
				}
			})
		})},
	}
}

// checkContextFree uses a free lock.
func checkContextFree(e *env, _ sync.Locker, l contextLocker) {
	//lint:ignore SA1012 a nil context is what this is about
	e.panicsWith("nil context", func() { _ = l.LockContext(nil) })
	if err := l.LockContext(cancelled()); !errors.Is(err, errCause) {
		e.Errorf("LockContext of an ended context returned %v, want its cause", err)
	}
	// Neither of the two took the lock.
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for _, ctx := range []context.Context{context.Background(), ctx} {
		e.worker("LockContext of a free lock", func() {
			if err := l.LockContext(ctx); err != nil {
				e.Errorf("LockContext of a free lock: %v", err)
				return
			}
			l.Unlock()
		})
	}
}

// checkContextHeld waits in vain, until its context ends.
func checkContextHeld(e *env, holder sync.Locker, l contextLocker) {
	holder.Lock()
	e.worker("LockContext of a held lock", func() {
		if err := l.LockContext(cancelled()); !errors.Is(err, errCause) {
			e.Errorf("LockContext of an ended context returned %v, want its cause", err)
		}

		const d = 20 * time.Millisecond
		start := time.Now()
		ctx, cancel := context.WithTimeoutCause(context.Background(), d, errCause)
		defer cancel()
		if err := l.LockContext(ctx); !errors.Is(err, errCause) {
			e.Errorf("LockContext until a deadline returned %v, want the context's cause", err)
		}
		e.took("LockContext until a deadline", start, d)
	})

	ctx, cancel := context.WithCancelCause(context.Background())
	c := e.crew()
	c.start(func() {
		if err := l.LockContext(ctx); !errors.Is(err, errCause) {
			e.Errorf("LockContext that was cancelled returned %v, want the context's cause", err)
		}
	})
	time.Sleep(time.Millisecond) // so that it is asleep; nothing depends on it
	cancel(errCause)
	c.join("LockContext that was cancelled")
	holder.Unlock()
	checkContextFree(e, holder, l)
}

// checkContextNothingLeft cancels many waits, which must leave no goroutines behind.
func checkContextNothingLeft(e *env, holder sync.Locker, l contextLocker) {
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancelCause(context.Background())
	c := e.crew()
	holder.Lock()
	for range e.times(300) {
		c.start(func() {
			if err := l.LockContext(ctx); !errors.Is(err, errCause) {
				e.Errorf("LockContext that was cancelled returned %v, want the context's cause", err)
			}
		})
	}
	time.Sleep(time.Millisecond) // so that many are asleep; nothing depends on it
	cancel(errCause)
	c.join("many that were cancelled")
	e.goroutines(before)
	holder.Unlock()
	checkContextFree(e, holder, l)
}

// checkContextUnlockRace ends a wait at the moment of an unlock. If the lock was meant for
// the waiter that gave up, the other one must get it.
func checkContextUnlockRace(e *env, holder sync.Locker, l contextLocker) {
	for range e.times(500) {
		ctx, cancel := context.WithCancel(context.Background())
		var come atomic.Int32
		holder.Lock()
		c := e.crew()
		c.start(func() {
			come.Add(1)
			if l.LockContext(ctx) == nil {
				l.Unlock()
			}
		})
		c.start(func() {
			come.Add(1)
			pass(l)
		})
		e.eventually("two on their way to the lock", func() bool { return come.Load() == 2 })
		cancelled := Goroutines.Go(cancel)
		holder.Unlock()
		c.join("a waiter beside one that gave up, and the lock free")
		cancelled()
	}
	checkContextFree(e, holder, l)
}

// checkContextStress lets cancellations and unlocks meet, at random.
func checkContextStress(e *env, holder sync.Locker, l contextLocker) {
	stressLimits(e, holder, l, func(d time.Duration) bool {
		ctx, cancel := context.WithTimeout(context.Background(), d)
		defer cancel()
		return l.LockContext(ctx) == nil
	})
	checkContextFree(e, holder, l)
}
