// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// limitable returns each wait that a context can end.
func limitable() []locktest.Wait {
	var biased locks.BiasedRWMutex
	inner, slot := biased.RLock(), biased.RLock() // the first one moves the others to slots
	var upgrade locks.RWMutex
	upgrade.RLock()
	k, rw := new(locks.Keyed[string]), new(locks.KeyedRW[int])
	write, read := locks.KeyLock{K: rw, Hash: 1, Key: 1}, locks.KeyLock{K: rw, Hash: 2, Key: 2} // of the same bucket
	k.Lock("key")
	write.RLock()
	read.Lock()
	return append(append(waits(),
		locktest.LockWait("Keyed", func() int { return k.Waiting("key") },
			func(d time.Duration) bool { return k.TryLockFor("key", d) },
			func(ctx context.Context) error { return k.LockContext(ctx, "key") },
			func() { k.Unlock("key") }, func() { k.Unlock("key") },
		).Limited(limitOf(func(limit park.Limit) error { return k.LockLimit(limit, "key") }), func() { k.Unlock("key") }),
		locktest.LockWait("KeyedRW writer", write.Waiting, write.TryLockFor, write.LockContext, write.Unlock, write.RUnlock).
			Limited(limitOf(write.LockLimit), write.Unlock),
		locktest.LockWait("KeyedRW reader", read.Waiting, read.TryRLockFor, read.RLockContext, read.RUnlock, read.Unlock).
			Limited(limitOf(read.RLockLimit), read.RUnlock),
		locktest.LockWait("RWMutex upgrade", upgrade.Waiting, func(d time.Duration) bool {
			upgrade.UpgradableLock()
			defer upgrade.UpgradableUnlock()
			return upgrade.TryUpgradeFor(d)
		}, func(ctx context.Context) error {
			upgrade.UpgradableLock()
			err := upgrade.UpgradeContext(ctx)
			if err != nil {
				upgrade.UpgradableUnlock()
			}
			return err
		}, upgrade.Unlock, upgrade.RUnlock).Limited(limitOf(func(limit park.Limit) error {
			upgrade.UpgradableLock()
			err := upgrade.UpgradeLimit(limit)
			if err != nil {
				upgrade.UpgradableUnlock()
			}
			return err
		}), upgrade.Unlock),
		locktest.LockWait("BiasedRWMutex writer", biased.Waiting, biased.TryLockFor, biased.LockContext, biased.Unlock,
			func() { biased.RUnlock(inner); biased.RUnlock(slot) }).Limited(limitOf(biased.LockLimit), biased.Unlock),
	), anyWaits()...)
}

// limitOf returns wait with the limits of package locktest.
func limitOf(wait func(park.Limit) error) func(locktest.Limit) error {
	return func(l locktest.Limit) error {
		if l.Context != nil {
			return wait(park.Context(l.Context))
		}
		return wait(park.Until(l.Deadline)) // the zero Time is no limit
	}
}

func TestLimits(t *testing.T) { locktest.Limits(t, pinned, limitable) }

func TestContextWithoutError(t *testing.T) {
	locktest.ContextWithoutError(t, pinned, limitable)
	t.Run("Barrier", func(t *testing.T) {
		locktest.ContextWithoutErrorOnce(t, pinned, func() (func(context.Context) error, func() bool) {
			b := locks.NewBarrier(2)
			return func(ctx context.Context) error {
				_, err := b.WaitContext(ctx)
				return err
			}, func() bool { return b.Waiting() == 1 }
		})
	})
}

func TestContextPanics(t *testing.T) {
	locktest.ContextPanics(t, pinned, func() []locktest.Wait {
		var rw locks.RWMutex
		rw.RLock()
		var biased locks.BiasedRWMutex
		biased.RLock()
		biased.RLock()
		s := locks.NewSemaphore(2)
		s.TryAcquire(1)
		b := locks.NewBarrier(3)
		other := make(chan error)
		go func() {
			_, err := b.WaitContext(context.Background())
			other <- err
		}()
		locktest.Eventually(t, "the other waits", func() bool { return b.Waiting() == 1 })
		once, ran, running := new(locks.Once), make(chan struct{}), make(chan struct{})
		go once.Do(func() { close(running); <-ran })
		<-running
		return append(limitable(),
			locktest.Wait{
				Name: "Once", Waiting: once.Waiting, Settle: func() { close(ran) },
				Wait: func(ctx context.Context) error {
					return once.DoContext(ctx, func(context.Context) error { t.Error("f was called"); return nil })
				},
			},
			locktest.Wait{
				Name: "RWMutex readers behind", Waiting: rw.Waiting,
				Wait: rw.LockContext, Settle: rw.RLock, Transient: true,
			},
			locktest.Wait{
				Name: "BiasedRWMutex readers behind", Waiting: biased.Waiting,
				Wait: biased.LockContext, Settle: func() { biased.RLock() }, Transient: true,
			},
			locktest.Wait{
				Name: "Semaphore behind", Waiting: s.Waiting,
				Wait:   func(ctx context.Context) error { return s.AcquireContext(ctx, 2) },
				Settle: func() { s.Acquire(1) }, Transient: true,
			},
			locktest.Wait{
				Name: "Barrier", Waiting: b.Waiting, Wait: func(ctx context.Context) error {
					_, err := b.WaitContext(ctx)
					return err
				}, Settle: func() {
					if err := <-other; err != locks.ErrBroken {
						t.Errorf("the other's wait returned %v, want ErrBroken", err)
					}
				}, Transient: true,
			})
	})
}

// TestFreshContextAllocations shows that a call with a context that does not wait allocates nothing, not
// even a Done channel in a context that has none yet.
func TestFreshContextAllocations(t *testing.T) {
	var m locks.Mutex
	var rw locks.RWMutex
	var biased locks.BiasedRWMutex
	biased.RUnlock(biased.RLock()) // makes the slots
	var once locks.Once
	for name, fresh := range map[string]func() (context.Context, context.CancelFunc){
		"WithCancel": func() (context.Context, context.CancelFunc) { return context.WithCancel(context.Background()) },
		"WithTimeout": func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(context.Background(), time.Hour)
		},
	} {
		idle := allocs.PerRun(t, 100, func() { _, cancel := fresh(); cancel() })
		for call, pass := range map[string]func(context.Context) error{
			"Once.DoContext": func(ctx context.Context) error {
				return once.DoContext(ctx, func(context.Context) error { return nil })
			},
			"Mutex.LockContext":             locktest.PassOn(m.LockContext, m.Unlock),
			"RWMutex.LockContext":           locktest.PassOn(rw.LockContext, rw.Unlock),
			"RWMutex.RLockContext":          locktest.PassOn(rw.RLockContext, rw.RUnlock),
			"RWMutex.UpgradableLockContext": locktest.PassOn(rw.UpgradableLockContext, rw.UpgradableUnlock),
			"BiasedRWMutex.LockContext":     locktest.PassOn(biased.LockContext, biased.Unlock),
			"BiasedRWMutex.RLockContext": func(ctx context.Context) error {
				token, err := biased.RLockContext(ctx)
				if err == nil {
					biased.RUnlock(token)
				}
				return err
			},
		} {
			used := allocs.PerRun(t, 100, func() {
				ctx, cancel := fresh()
				if err := pass(ctx); err != nil {
					t.Errorf("%s: %v", call, err)
				}
				cancel()
			})
			if used > idle {
				t.Errorf("%s, %s: %v allocations, %v without the call", call, name, used, idle)
			}
		}
	}
}
