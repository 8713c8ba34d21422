// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"os"
	"runtime"
	"strings"
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
	waiting := func(lock any) func() int { return func() int { return locks.Waiting(lock) } }
	nothing := func() {}
	return []locktest.Exclusion{
		locktest.Held("Mutex", m.Lock, m.Unlock, m.Lock, m.Unlock, waiting(&m)),
		locktest.Held("FairMutex", fair.Lock, fair.Unlock, fair.Lock, fair.Unlock, fair.Waiting),
		locktest.Held("RWMutex reader", r.Lock, r.Unlock, r.RLock, r.RUnlock, waiting(&r)),
		locktest.Held("RWMutex writer", w.RLock, w.RUnlock, w.Lock, w.Unlock, waiting(&w)),
		locktest.Held("RWMutex upgradable", u.Lock, u.Unlock, u.UpgradableLock, u.UpgradableUnlock, waiting(&u)),
		locktest.Held("RWMutex upgrade", up.RLock, up.RUnlock, func() { up.UpgradableLock(); up.Upgrade() }, up.Unlock, waiting(&up)),
		locktest.Held("BiasedRWMutex reader", br.Lock, br.Unlock, func() { br.RUnlock(br.RLock()) }, nothing, br.Waiting),
		locktest.Held("BiasedRWMutex writer", func() { bw.RUnlock(bw.RLock()); t = bw.RLock() }, func() { bw.RUnlock(t) }, bw.Lock, bw.Unlock, bw.Waiting),
		locktest.Inside("Once", once.Do, func() { once.Do(nothing) }, waiting(&once)),
	}
}

// TestExclusionsCrossBubbles has locks that are held outside a bubble of their waiters, or inside.
func TestExclusionsCrossBubbles(t *testing.T) { locktest.CrossBubbles(t, exclusions) }

// TestConditionsAreDurable waits for a time of the bubble, which passes only if all that wait are
// durably blocked. The other types have tests of their own.
func TestConditionsAreDurable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m locks.Mutex
		var wg locks.WaitGroup
		c := locks.NewCond(&m)
		woken := 0
		for range 3 { // so that Broadcast moves some to the mutex
			wg.Go(func() {
				m.Lock()
				c.Wait()
				woken++
				m.Unlock()
			})
		}
		begin := time.Now()
		go func() {
			time.Sleep(time.Hour)
			c.Broadcast()
		}()
		wg.Wait()
		if passed := time.Since(begin); passed != time.Hour || woken != 3 {
			t.Errorf("%d were woken after %v, want 3 after an hour", woken, passed)
		}
		c.L.Lock()
		if c.WaitFor(time.Hour) || time.Since(begin) != 2*time.Hour {
			t.Errorf("WaitFor an hour took %v", time.Since(begin)-time.Hour)
		}
		c.L.Unlock()
		wg.Add(1)
		if wg.WaitFor(time.Hour) || time.Since(begin) != 3*time.Hour {
			t.Errorf("WaitFor an hour took %v", time.Since(begin)-2*time.Hour)
		}
	})
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
		for locks.Waiting(&m) != 1 {
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
