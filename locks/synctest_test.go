// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// exclusions returns each wait for the end of a critical section.
func exclusions() []locktest.Exclusion {
	var m locks.Mutex
	var fair locks.FairMutex
	var r, w, u, up locks.RWMutex
	var br, bw locks.BiasedRWMutex
	var t locks.ReadToken
	var once locks.Once
	nothing := func() {}
	return []locktest.Exclusion{
		locktest.Held("Mutex", m.Lock, m.Unlock, m.Lock, m.Unlock, m.Waiting),
		locktest.Held("FairMutex", fair.Lock, fair.Unlock, fair.Lock, fair.Unlock, fair.Waiting),
		locktest.Held("RWMutex reader", r.Lock, r.Unlock, r.RLock, r.RUnlock, r.Waiting),
		locktest.Held("RWMutex writer", w.RLock, w.RUnlock, w.Lock, w.Unlock, w.Waiting),
		locktest.Held("RWMutex upgradable", u.Lock, u.Unlock, u.UpgradableLock, u.UpgradableUnlock, u.Waiting),
		locktest.Held("RWMutex upgrade", up.RLock, up.RUnlock, func() { up.UpgradableLock(); up.Upgrade() }, up.Unlock, up.Waiting),
		locktest.Held("BiasedRWMutex reader", br.Lock, br.Unlock, func() { br.RUnlock(br.RLock()) }, nothing, br.Waiting),
		locktest.Held("BiasedRWMutex writer", func() { bw.RUnlock(bw.RLock()); t = bw.RLock() }, func() { bw.RUnlock(t) }, bw.Lock, bw.Unlock, bw.Waiting),
		locktest.Inside("Once", once.Do, func() { once.Do(nothing) }, once.Waiting),
	}
}

// TestExclusionsCrossBubbles has locks that are held outside a bubble of their waiters, or inside.
func TestExclusionsCrossBubbles(t *testing.T) { locktest.CrossBubbles(t, exclusions) }

// TestConditionsAreDurable waits in a bubble for each condition, until a limit and then until another goroutine
// makes it true. The time of the bubble passes only if the waits are durably blocked.
func TestConditionsAreDurable(t *testing.T) {
	var m locks.Mutex
	var wg locks.WaitGroup
	var e locks.Event
	var a locks.AutoEvent
	c, l, b, s := locks.NewCond(&m), locks.NewLatch(1), locks.NewBarrier(2), locks.NewSemaphore(1)
	wg.Add(1)
	s.TryAcquire(1)
	for _, tt := range []struct {
		name    string
		waitFor func(time.Duration) bool
		wait    func()
		settle  func()
	}{
		{"WaitGroup", wg.WaitFor, wg.Wait, wg.Done},
		{"Cond", func(d time.Duration) bool {
			m.Lock()
			defer m.Unlock()
			return c.WaitFor(d)
		}, func() {
			var all sync.WaitGroup
			for range 3 { // for Broadcast to requeue some of them
				all.Go(func() { m.Lock(); c.Wait(); m.Unlock() })
			}
			all.Wait()
		}, c.Broadcast},
		{"Event", e.WaitFor, e.Wait, e.Set},
		{"AutoEvent", a.WaitFor, a.Wait, a.Set},
		{"Latch", l.WaitFor, l.Wait, l.Arrive},
		{"Barrier", func(d time.Duration) bool {
			_, ok := b.WaitFor(d)
			b.Reset()
			return ok
		}, func() { b.Wait() }, func() { b.Wait() }},
		{"Semaphore", func(d time.Duration) bool { return s.AcquireFor(1, d) }, func() { s.Acquire(context.Background(), 1) }, func() { s.Release(1) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				if tt.waitFor(time.Hour) || time.Since(begin) != time.Hour {
					t.Errorf("a wait for an hour took %v of the bubble's time", time.Since(begin))
				}
				go func() { time.Sleep(time.Minute); tt.settle() }()
				begin = time.Now()
				if tt.wait(); time.Since(begin) != time.Minute {
					t.Errorf("the wait took %v of the bubble's time, want 1m", time.Since(begin))
				}
			})
		})
	}
}

// TestLimitsAreDurable lets each wait with a limit end by the time of a bubble.
func TestLimitsAreDurable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m locks.Mutex
		var fair locks.FairMutex
		var w, r, upgrade locks.RWMutex
		var bw, br locks.BiasedRWMutex
		m.Lock()
		fair.Lock()
		w.Lock()
		r.RLock()
		upgrade.RLock()
		upgrade.UpgradableLock()
		bw.Lock()
		token := br.RLock()
		token2 := br.RLock() // in a slot
		locktest.LimitsAreDurable(t, map[string]func(ctx context.Context, d time.Duration) (bool, error){
			"Mutex": func(ctx context.Context, d time.Duration) (bool, error) {
				return m.TryLockFor(d), m.LockContext(ctx)
			},
			"FairMutex": func(ctx context.Context, d time.Duration) (bool, error) {
				return fair.TryLockFor(d), fair.LockContext(ctx)
			},
			"RWMutex writer": func(ctx context.Context, d time.Duration) (bool, error) {
				return r.TryLockFor(d), r.LockContext(ctx)
			},
			"RWMutex reader": func(ctx context.Context, d time.Duration) (bool, error) {
				return w.TryRLockFor(d), w.RLockContext(ctx)
			},
			"RWMutex upgradable": func(ctx context.Context, d time.Duration) (bool, error) {
				return w.TryUpgradableLockFor(d), w.UpgradableLockContext(ctx)
			},
			"RWMutex upgrade": func(ctx context.Context, d time.Duration) (bool, error) {
				return upgrade.TryUpgradeFor(d), upgrade.UpgradeContext(ctx)
			},
			"BiasedRWMutex reader": func(ctx context.Context, d time.Duration) (bool, error) {
				_, ok := bw.TryRLockFor(d)
				_, err := bw.RLockContext(ctx)
				return ok, err
			},
			"BiasedRWMutex writer": func(ctx context.Context, d time.Duration) (bool, error) {
				return br.TryLockFor(d), br.LockContext(ctx)
			},
		})
		br.RUnlock(token)
		br.RUnlock(token2)
	})
}

// TestLockHeldAcrossSleep is the recipe of docs/faq.md, for a lock that is held while the time of a
// bubble has to pass.
func TestLockHeldAcrossSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var m locks.Mutex
		go func() {
			m.Lock()
			defer m.Unlock()
			time.Sleep(time.Hour)
		}()
		synctest.Wait()
		if err := m.LockContext(t.Context()); err != nil {
			t.Fatal(err)
		}
		m.Unlock()
		s := locks.NewSemaphore(1)
		for range 2 {
			go func() {
				s.Acquire(context.Background(), 1)
				defer s.Release(1)
				time.Sleep(time.Hour)
			}()
		}
		synctest.Wait()
		s.Acquire(context.Background(), 1)
		if passed := time.Since(begin); passed != 3*time.Hour {
			t.Errorf("%v have passed in the bubble, want three hours", passed)
		}
	})
}

// TestLimitsOutsideBubbles ends waits from inside a bubble.
func TestLimitsOutsideBubbles(t *testing.T) { locktest.LimitsOutsideBubbles(t, limitable()) }

// TestDurableWaitEndedFromOutside is about what the comment of Mutex.TryLockFor warns of.
func TestDurableWaitEndedFromOutside(t *testing.T) {
	if os.Getenv("OSYNC_FROM_OUTSIDE") == "" {
		out, err := locktest.Child(t, "OSYNC_FROM_OUTSIDE=1", "-test.run=^"+t.Name()+"$", "-test.timeout=1m")
		if err == nil || !strings.Contains(string(out), "synctest channel from outside bubble") {
			t.Errorf("an Unlock outside the bubble of a durable wait: %v\n%s", err, out)
		}
		return
	}
	var m locks.Mutex
	m.Lock()
	go func() {
		for m.Waiting() != 1 {
			runtime.Gosched()
		}
		m.Unlock()
	}()
	synctest.Test(t, func(t *testing.T) {
		go func() {
			for { // so that the time of the bubble stands still
				runtime.Gosched()
			}
		}()
		m.TryLockFor(time.Hour)
	})
}
