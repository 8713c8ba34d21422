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

// An exclusion is a lock that one holds while another waits for it.
type exclusion struct {
	name                       string
	hold, release, wait, leave func()
	waiting                    func() int
}

// exclusions returns each type at which one waits for the end of a critical section.
func exclusions() []exclusion {
	nothing := func() {}
	// inside returns how to be inside a function that is called with a lock held, and to leave.
	inside := func(call func(f func())) (hold, release func()) {
		in, out, left := make(chan struct{}), make(chan struct{}), make(chan struct{})
		return func() {
				go func() { call(func() { close(in); <-out }); close(left) }()
				<-in
			}, func() {
				close(out)
				<-left
			}
	}
	var m locks.Mutex
	var fair locks.FairMutex
	var r, w, u, up locks.RWMutex
	var br, bw locks.BiasedRWMutex
	var t locks.ReadToken
	var once locks.Once
	g, rw, rw2 := locks.NewGuarded(0), locks.NewGuardedRW(0), locks.NewGuardedRW(0)
	with := func(call func(func(*int))) func(func()) {
		return func(f func()) { call(func(*int) { f() }) }
	}
	all := []exclusion{
		{"Mutex", m.Lock, m.Unlock, m.Lock, m.Unlock, func() int { return locks.Waiting(&m) }},
		{"FairMutex", fair.Lock, fair.Unlock, fair.Lock, fair.Unlock, fair.Waiting},
		{"RWMutex reader", r.Lock, r.Unlock, r.RLock, r.RUnlock, func() int { return locks.Waiting(&r) }},
		{"RWMutex writer", w.RLock, w.RUnlock, w.Lock, w.Unlock, func() int { return locks.Waiting(&w) }},
		{"RWMutex upgradable", u.Lock, u.Unlock, u.UpgradableLock, u.UpgradableUnlock, func() int { return locks.Waiting(&u) }},
		{"RWMutex upgrade", up.RLock, up.RUnlock, func() { up.UpgradableLock(); up.Upgrade() }, up.Unlock, func() int { return locks.Waiting(&up) }},
		{"BiasedRWMutex reader", br.Lock, br.Unlock, func() { br.RUnlock(br.RLock()) }, nothing, br.Waiting},
		{"BiasedRWMutex writer", func() { bw.RUnlock(bw.RLock()); t = bw.RLock() }, func() { bw.RUnlock(t) }, bw.Lock, bw.Unlock, bw.Waiting},
	}
	for _, e := range []exclusion{
		{"Once", nil, nil, func() { once.Do(nothing) }, nothing, func() int { return locks.Waiting(&once) }},
		{"Guarded", nil, nil, func() { g.With(func(*int) {}) }, nothing, g.Waiting},
		{"GuardedRW reader", nil, nil, func() { rw.Read(func(int) {}) }, nothing, rw.Waiting},
		{"GuardedRW writer", nil, nil, func() { rw2.With(func(*int) {}) }, nothing, rw2.Waiting},
	} {
		calls := map[string]func(func()){
			"Once": once.Do, "Guarded": with(g.With), "GuardedRW reader": with(rw.With), "GuardedRW writer": with(rw2.With),
		}
		e.hold, e.release = inside(calls[e.name])
		all = append(all, e)
	}
	return all
}

// TestExclusionsCrossBubbles holds each lock outside a bubble while one waits inside, whose
// time stands still then; and the other way round.
func TestExclusionsCrossBubbles(t *testing.T) { crossBubbles(t) }

// TestExclusionsCrossBubblesProfiled does it while the mutex profile is taken, in which waiters
// outside a bubble sleep in another way.
func TestExclusionsCrossBubblesProfiled(t *testing.T) {
	defer runtime.SetMutexProfileFraction(runtime.SetMutexProfileFraction(1))
	crossBubbles(t)
}

func crossBubbles(t *testing.T) {
	for _, e := range exclusions() {
		t.Run(e.name+"/held outside", func(t *testing.T) {
			e.hold()
			released := make(chan struct{})
			go func() {
				defer close(released)
				for e.waiting() != 1 {
					runtime.Gosched()
				}
				e.release()
			}()
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				go time.Sleep(time.Hour)
				e.wait()
				if passed := time.Since(begin); passed != 0 {
					t.Errorf("%v have passed in the bubble: one that waits for a lock is durably blocked", passed)
				}
				e.leave()
				time.Sleep(time.Hour) // until the other one has ended, too
			})
			<-released
		})
	}
	for _, e := range exclusions() {
		t.Run(e.name+"/held inside", func(t *testing.T) {
			begin, through := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(through)
				<-begin
				e.wait()
				e.leave()
			}()
			// The channels of an exclusion are of no bubble.
			synctest.Test(t, func(*testing.T) {
				e.hold()
				close(begin)
				for e.waiting() != 1 {
					runtime.Gosched()
				}
				e.release()
			})
			<-through
		})
	}
}

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
		g, rw := locks.NewGuarded(0), locks.NewGuardedRW(0)
		m.Lock()
		fair.Lock()
		w.Lock()
		r.RLock()
		upgrade.RLock()
		upgrade.UpgradableLock()
		bw.Lock()
		token := br.RLock()
		token2 := br.RLock() // in a slot
		nothing := func(*int) {}
		never := func(*int) bool { return false }
		// release is for those who hold a Guarded meanwhile.
		release := make(chan struct{})
		var held locks.WaitGroup
		held.Go(func() { g.With(func(*int) { <-release }) })
		held.Go(func() { rw.With(func(*int) { <-release }) })
		synctest.Wait()
		for name, wait := range map[string]func(ctx context.Context, d time.Duration) (bool, error){
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
			"Guarded": func(ctx context.Context, d time.Duration) (bool, error) {
				return g.WithFor(d, nothing), g.WithContext(ctx, nothing)
			},
			"Guarded condition": func(ctx context.Context, d time.Duration) (bool, error) {
				return g.WhenFor(d, never, nothing), g.WhenContext(ctx, never, nothing)
			},
			"GuardedRW reader": func(ctx context.Context, d time.Duration) (bool, error) {
				return rw.ReadFor(d, func(int) {}), rw.ReadContext(ctx, func(int) {})
			},
			"GuardedRW writer": func(ctx context.Context, d time.Duration) (bool, error) {
				return rw.WithFor(d, nothing), rw.WithContext(ctx, nothing)
			},
			"GuardedRW condition": func(ctx context.Context, d time.Duration) (bool, error) {
				return rw.WhenFor(d, never, nothing), rw.WhenContext(ctx, never, nothing)
			},
		} {
			begin := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Hour)
			ok, err := wait(ctx, time.Hour)
			cancel()
			if ok || err != context.DeadlineExceeded || time.Since(begin) != 3*time.Hour {
				t.Errorf("%s: %v and %v after %v, want false and %v after 3h", name, ok, err, time.Since(begin), context.DeadlineExceeded)
			}
		}
		close(release)
		held.Wait()
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

// TestLimitsOutsideBubbles ends, from inside a bubble, waits that can end by a context outside.
func TestLimitsOutsideBubbles(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, c := range limitable() {
		t.Run(c.name, func(t *testing.T) {
			result := make(chan error, 1)
			go func() { result <- c.wait(ctx) }()
			locktest.Eventually(t, "it waits", func() bool { return c.waiting() == 1 })
			synctest.Test(t, func(t *testing.T) { c.settle() })
			if err := <-result; err != nil {
				t.Errorf("the wait ended with %v", err)
			}
		})
	}
}

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
