// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// An oddContext closes Done before it has an error, which package context forbids.
type oddContext struct {
	context.Context
	done chan struct{}
	late time.Duration // after this time it has an error; 0 means never
	err  atomic.Pointer[error]
}

var errLate = errors.New("the error that came late")

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

// limitable returns one of each type with a wait that a context can end.
func limitable() []crowd {
	var biased locks.BiasedRWMutex
	inner, slot := biased.RLock(), biased.RLock() // the first one moves the others to slots
	var upgrade locks.RWMutex
	upgrade.RLock()
	g, reading, writing := locks.NewGuarded(0), locks.NewGuardedRW(0), locks.NewGuardedRW(0)
	nothing := func(*int) {}
	// hold enters with, and returns how to leave it.
	hold := func(with func(func(*int))) (leave func()) {
		inside, out := make(chan struct{}), make(chan struct{})
		go with(func(*int) { close(inside); <-out })
		<-inside
		return func() { close(out) }
	}
	return append(crowds(),
		lockCrowd("RWMutex upgrade", func() int { return locks.Waiting(&upgrade) }, func(ctx context.Context) error {
			upgrade.UpgradableLock()
			err := upgrade.UpgradeContext(ctx)
			if err != nil {
				upgrade.UpgradableUnlock()
			}
			return err
		}, upgrade.Unlock, upgrade.RUnlock),
		lockCrowd("BiasedRWMutex writer", biased.Waiting, biased.LockContext, biased.Unlock,
			func() { biased.RUnlock(inner); biased.RUnlock(slot) }),
		crowd{"Guarded lock", g.Waiting, func(ctx context.Context) error { return g.WithContext(ctx, nothing) }, hold(g.With)},
		crowd{"GuardedRW reader", reading.Waiting, func(ctx context.Context) error {
			return reading.ReadContext(ctx, func(int) {})
		}, hold(reading.With)},
		crowd{"GuardedRW writer", writing.Waiting, func(ctx context.Context) error {
			return writing.WithContext(ctx, nothing)
		}, hold(writing.With)},
	)
}

// TestContextWithoutError ends waits by contexts whose Done is closed while they have no error
// yet: each wait ends with one, and has left its queue.
func TestContextWithoutError(t *testing.T) {
	for _, how := range []locktest.Start{locktest.Goroutines, pinned} {
		for _, c := range limitable() {
			if c.name == "Once" { // it has no such wait
				c.settle()
				continue
			}
			t.Run(how.Name+"/"+c.name, func(t *testing.T) {
				wait := func(ctx context.Context) (result chan error) {
					result = make(chan error, 1)
					how.Go(func() { result <- c.wait(ctx) })
					return result
				}
				check := func(result chan error, when string) {
					t.Helper()
					select {
					case err := <-result:
						if err != context.Canceled && err != errLate {
							t.Fatalf("%s: the wait returned %v, want an error of the context", when, err)
						}
					case <-time.After(time.Minute):
						t.Fatalf("%s: the wait has not ended within a minute", when)
					}
					if n := c.waiting(); n != 0 {
						t.Fatalf("%s: %d are in the queue, want none", when, n)
					}
				}
				for _, late := range []time.Duration{0, 100 * time.Microsecond} {
					ctx := &oddContext{Context: context.Background(), done: make(chan struct{}), late: late}
					result := wait(ctx)
					locktest.Eventually(t, "it waits", func() bool { return c.waiting() == 1 })
					ctx.end()
					check(result, "ended while it waits")
				}
				ctx := &oddContext{Context: context.Background(), done: make(chan struct{})}
				ctx.end()
				check(wait(ctx), "ended before")
				c.settle()
				check(wait(ctx), "ended before, with nothing to wait for")
			})
		}
	}
}

// TestContextWithoutErrorOthers is TestContextWithoutError for those that cannot be used again, or
// do not sleep.
func TestContextWithoutErrorOthers(t *testing.T) {
	for _, how := range []locktest.Start{locktest.Goroutines, pinned} {
		for name, start := range map[string]func() (wait func(context.Context) error, waits func() bool){
			"Barrier": func() (func(context.Context) error, func() bool) {
				b := locks.NewBarrier(2)
				return func(ctx context.Context) error {
					_, err := b.WaitContext(ctx)
					return err
				}, func() bool { return b.Waiting() == 1 }
			},
			"SpinLock": func() (func(context.Context) error, func() bool) {
				l := new(locks.SpinLock)
				l.Lock()
				return l.LockContext, func() bool { return true }
			},
			"free SpinLock": func() (func(context.Context) error, func() bool) {
				return new(locks.SpinLock).LockContext, nil
			},
		} {
			t.Run(how.Name+"/"+name, func(t *testing.T) {
				for _, before := range []bool{true, false} {
					wait, waits := start()
					if !before && waits == nil {
						continue
					}
					ctx := &oddContext{Context: context.Background(), done: make(chan struct{})}
					result := make(chan error, 1)
					if before {
						ctx.end()
					}
					how.Go(func() { result <- wait(ctx) })
					if !before {
						locktest.Eventually(t, "it waits", waits)
						ctx.end()
					}
					select {
					case err := <-result:
						if err != context.Canceled {
							t.Errorf("ended before: %v; the wait returned %v, want %v", before, err, context.Canceled)
						}
					case <-time.After(time.Minute):
						t.Fatal("the wait has not ended within a minute")
					}
				}
			})
		}
	}
}

// A brokenContext panics when it is asked for a value, as by [context.Cause].
type brokenContext struct{ context.Context }

func (brokenContext) Value(any) any { panic("broken") }

// TestContextPanics ends waits by contexts that panic then. Each wait ends with an error, and has done
// all that others need to go on.
func TestContextPanics(t *testing.T) {
	for _, how := range []locktest.Start{locktest.Goroutines, pinned} {
		run := func(t *testing.T, waiting func() int, wait func(context.Context) error, then func()) {
			ctx, cancel := context.WithCancel(context.Background())
			ended := make(chan struct{})
			n := waiting()
			how.Go(func() {
				defer close(ended)
				if err := wait(brokenContext{ctx}); err == nil {
					t.Error("the wait returned nil")
				}
			})
			locktest.Eventually(t, "it waits", func() bool { return waiting() == n+1 })
			cancel()
			gone := make(chan struct{})
			go func() { <-ended; then(); close(gone) }()
			select {
			case <-gone:
			case <-time.After(30 * time.Second):
				t.Fatal("others are stuck for 30 s")
			}
		}
		for _, c := range limitable() {
			if c.name == "Once" { // it has no such wait
				c.settle()
				continue
			}
			t.Run(how.Name+"/"+c.name, func(t *testing.T) {
				run(t, c.waiting, c.wait, func() {
					c.settle()
					if c.name != "Cond" { // settle is a Broadcast, which later ones do not hear
						c.wait(context.Background())
					}
				})
			})
		}
		t.Run(how.Name+"/RWMutex readers behind", func(t *testing.T) {
			var rw locks.RWMutex
			rw.RLock()
			run(t, func() int { return locks.Waiting(&rw) }, rw.LockContext, rw.RLock)
		})
		t.Run(how.Name+"/BiasedRWMutex readers behind", func(t *testing.T) {
			var rw locks.BiasedRWMutex
			rw.RLock()
			rw.RLock()
			run(t, rw.Waiting, rw.LockContext, func() { rw.RLock() })
		})
		t.Run(how.Name+"/Semaphore behind", func(t *testing.T) {
			s := locks.NewSemaphore(2)
			s.TryAcquire(1)
			run(t, s.Waiting, func(ctx context.Context) error { return s.Acquire(ctx, 2) },
				func() { s.Acquire(context.Background(), 1) })
		})
		t.Run(how.Name+"/Barrier", func(t *testing.T) {
			b := locks.NewBarrier(3)
			other := make(chan error)
			go func() {
				_, err := b.WaitContext(context.Background())
				other <- err
			}()
			locktest.Eventually(t, "the other waits", func() bool { return b.Waiting() == 1 })
			run(t, b.Waiting, func(ctx context.Context) error {
				_, err := b.WaitContext(ctx)
				return err
			}, func() {
				if err := <-other; err != locks.ErrBroken {
					t.Errorf("the other's wait returned %v, want ErrBroken", err)
				}
			})
		})
	}
}

// TestFreshContextAllocations shows that a LockContext which need not wait makes nothing, also no
// Done channel in a context that has none yet.
func TestFreshContextAllocations(t *testing.T) {
	var m locks.Mutex
	for name, fresh := range map[string]func() (context.Context, context.CancelFunc){
		"WithCancel": func() (context.Context, context.CancelFunc) { return context.WithCancel(context.Background()) },
		"WithTimeout": func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(context.Background(), time.Hour)
		},
	} {
		idle := allocs.PerRun(t, 100, func() { _, cancel := fresh(); cancel() })
		used := allocs.PerRun(t, 100, func() {
			ctx, cancel := fresh()
			if m.LockContext(ctx) == nil {
				m.Unlock()
			}
			cancel()
		})
		if used > idle {
			t.Errorf("%s: %v allocations with a LockContext, %v without", name, used, idle)
		}
	}
}
