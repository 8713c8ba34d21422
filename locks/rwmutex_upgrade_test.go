// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// upgradable is an RWMutex with the upgradable mode as its Lock. Upgradable holders exclude each other,
// so it must pass as a mutex.
type upgradable struct{ locks.RWMutex }

func (u *upgradable) Lock()                                 { u.UpgradableLock() }
func (u *upgradable) Unlock()                               { u.UpgradableUnlock() }
func (u *upgradable) TryLock() bool                         { return u.TryUpgradableLock() }
func (u *upgradable) TryLockFor(d time.Duration) bool       { return u.TryUpgradableLockFor(d) }
func (u *upgradable) LockContext(ctx context.Context) error { return u.UpgradableLockContext(ctx) }

func TestUpgradableExcludes(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return new(upgradable) },
		locktest.Workers(pinned))
}

// upgraded is an RWMutex that is locked by an upgrade, and unlocked by a downgrade.
type upgraded struct{ locks.RWMutex }

func (u *upgraded) Lock()   { u.UpgradableLock(); u.Upgrade() }
func (u *upgraded) Unlock() { u.Downgrade(); u.RUnlock() }

func TestUpgradedExcludes(t *testing.T) {
	locktest.RWMutex(t, func() locktest.RWLocker { return new(upgraded) },
		locktest.Workers(pinned))
}

// TestModes tries each mode beside each other one.
func TestModes(t *testing.T) {
	hold := map[string]func(*locks.RWMutex){
		"free":        func(*locks.RWMutex) {},
		"read":        (*locks.RWMutex).RLock,
		"upgradable":  (*locks.RWMutex).UpgradableLock,
		"write":       (*locks.RWMutex).Lock,
		"upgraded":    func(rw *locks.RWMutex) { rw.UpgradableLock(); rw.Upgrade() },
		"downgraded":  func(rw *locks.RWMutex) { rw.Lock(); rw.Downgrade() },
		"half way":    func(rw *locks.RWMutex) { rw.Lock(); rw.DowngradeToUpgradable() },
		"given up":    func(rw *locks.RWMutex) { rw.UpgradableLock(); rw.DowngradeUpgradable() },
		"two readers": func(rw *locks.RWMutex) { rw.RLock(); rw.RLock() },
	}
	type tries struct{ read, upgradable, write bool }
	for name, want := range map[string]tries{
		"free":        {true, true, true},
		"read":        {true, true, false},
		"two readers": {true, true, false},
		"upgradable":  {true, false, false},
		"write":       {false, false, false},
		"upgraded":    {false, false, false},
		"downgraded":  {true, true, false},
		"half way":    {true, false, false},
		"given up":    {true, true, false},
	} {
		held := func() *locks.RWMutex {
			rw := new(locks.RWMutex)
			hold[name](rw)
			return rw
		}
		if got := (tries{held().TryRLock(), held().TryUpgradableLock(), held().TryLock()}); got != want {
			t.Errorf("beside %s: %+v, want %+v", name, got, want)
		}
	}
}

func TestTryUpgrade(t *testing.T) {
	var rw locks.RWMutex
	rw.UpgradableLock()
	rw.RLock()
	if rw.TryUpgrade() || rw.TryUpgradeFor(0) || rw.TryUpgradeFor(-1) || rw.TryUpgradeFor(time.Millisecond) {
		t.Error("upgraded beside a reader")
	}
	if !rw.TryRLock() {
		t.Error("an upgrade that timed out keeps readers out")
	}
	rw.RUnlock()
	rw.RUnlock()
	if !rw.TryUpgrade() {
		t.Error("not upgraded though no other reader is there")
	}
	rw.DowngradeToUpgradable()
	if !rw.TryUpgradeFor(math.MaxInt64) {
		t.Error("not upgraded though no other reader is there")
	}
	rw.Unlock()
	if rw.State() != 0 {
		t.Errorf("the word is %x at the end", rw.State())
	}
}

// TestUpgradeGivesUp lets readers queue behind an upgrade that is then cancelled.
func TestUpgradeGivesUp(t *testing.T) {
	cause := errors.New("enough")
	var rw locks.RWMutex
	rw.RLock()
	rw.UpgradableLock()
	ctx, cancel := context.WithCancelCause(t.Context())
	c := locktest.NewCrew(t, locktest.Goroutines)
	c.StartWaiting(&rw, func() {
		if err := rw.UpgradeContext(ctx); !errors.Is(err, cause) {
			t.Errorf("UpgradeContext = %v, want the cause", err)
		}
	})
	for range 5 {
		c.StartWaiting(&rw, func() { rw.RLock(); rw.RUnlock() })
	}
	cancel(cause)
	c.Join()
	if rw.TryLock() || rw.TryUpgradableLock() {
		t.Error("an upgrade that gave up has lost the upgradable lock")
	}
	rw.UpgradableUnlock()
	rw.RUnlock()
	if rw.State() != 0 {
		t.Errorf("the word is %x at the end", rw.State())
	}
}

// TestUpgradeMeetsLastReader cancels an upgrade at the moment when the last reader leaves. Its caller then
// holds the lock for writing or in upgradable mode as before, and readers behind it proceed.
func TestUpgradeMeetsLastReader(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		upgraded, gaveUp := 0, 0
		for i := range locktest.Rounds(500) {
			rw := new(locks.RWMutex)
			ctx, cancel := context.WithCancel(t.Context())
			var err error
			settled, looked := locks.NewLatch(1), locks.NewLatch(1)
			rw.RLock()
			rw.UpgradableLock()
			c.StartWaiting(rw, func() {
				err = rw.UpgradeContext(ctx)
				settled.Arrive(1)
				looked.Wait()
				if err == nil {
					rw.Unlock()
				} else {
					rw.UpgradableUnlock()
				}
			})
			for range 2 {
				c.StartWaiting(rw, func() { rw.RLock(); rw.RUnlock() })
			}
			release := rw.Hold()
			both := []func(){cancel, rw.RUnlock}
			c.Start(both[i%2])
			locktest.Spend(20_000)
			c.Start(both[1-i%2])
			locktest.Spend(20_000)
			release()
			settled.Wait()
			if rw.TryLock() || rw.TryUpgradableLock() {
				c.Fatalf("another has come beside an upgrade that ended with %v", err)
			}
			if err == nil {
				upgraded++
				if rw.TryRLock() {
					c.Fatal("a reader has come in beside a writer")
				}
			} else {
				gaveUp++
			}
			looked.Arrive(1)
			c.Join()
			c.Idle(rw, 0)
		}
		c.Logf("%d upgraded, %d gave up", upgraded, gaveUp)
	})
}

// TestDowngradeUpgradableLetsOthersIn lets others queue behind an upgradable holder, which becomes a
// reader: the next upgradable one is let in at once beside it, and writers only after it.
func TestDowngradeUpgradableLetsOthersIn(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		for range locktest.Rounds(200) {
			rw := new(locks.RWMutex)
			var upgradable, wrote atomic.Bool
			rw.UpgradableLock()
			c.StartWaiting(rw, func() {
				rw.UpgradableLock()
				upgradable.Store(true)
				rw.DowngradeUpgradable()
				rw.RUnlock()
			})
			c.StartWaiting(rw, func() { rw.Lock(); wrote.Store(true); rw.Unlock() })
			rw.DowngradeUpgradable()
			locktest.Eventually(t, "the other upgradable one is through", upgradable.Load)
			if wrote.Load() {
				c.Fatal("a writer has come in beside a reader")
			}
			rw.RUnlock()
			c.Join()
			c.Idle(rw, 0)
		}
	})
}

// TestStressModes moves between all modes, and checks which holders are inside together. No other writer
// can get in between an upgradable lock and its upgrade, nor between a write and its downgrade.
func TestStressModes(t *testing.T) {
	c := locktest.NewCrew(t, locktest.Mixed(locktest.Goroutines, pinned))
	var rw locks.RWMutex
	var readers, upgradables, writers atomic.Int32
	version := 0
	check := func() {
		r, u, w := readers.Load(), upgradables.Load(), writers.Load()
		if w > 1 || u > 1 || w == 1 && u > 0 {
			t.Errorf("%d readers, %d upgradable holders, %d writers at once", r, u, w)
		}
	}
	in := func(n *atomic.Int32) { n.Add(1); check() }
	out := func(n *atomic.Int32) { check(); n.Add(-1) }
	write := func() { in(&writers); version++; out(&writers) }
	var stop atomic.Bool
	for i := range 8 {
		r := c.Random(i)
		c.Start(func() {
			for !stop.Load() {
				d := time.Duration(r.IntN(30)) * time.Microsecond
				switch r.IntN(6) {
				case 0:
					rw.Lock()
					write()
					seen := version
					rw.Downgrade()
					in(&readers)
					if version != seen {
						t.Error("a writer came between a write and its downgrade")
					}
					out(&readers)
					rw.RUnlock()
				case 1:
					if rw.TryLockFor(d) {
						write()
						rw.Unlock()
					}
				case 2, 3:
					if rw.TryRLockFor(d) {
						in(&readers)
						out(&readers)
						rw.RUnlock()
					}
				case 4:
					rw.UpgradableLock()
					in(&upgradables)
					seen := version
					out(&upgradables)
					ctx, cancel := context.WithTimeout(t.Context(), d)
					err := rw.UpgradeContext(ctx)
					cancel()
					if version != seen {
						t.Error("a writer came between an upgradable lock and its upgrade")
					}
					if err == nil {
						write()
						rw.DowngradeToUpgradable()
					}
					in(&upgradables)
					out(&upgradables)
					rw.UpgradableUnlock()
				case 5:
					rw.UpgradableLock()
					if r.IntN(2) == 0 {
						rw.Upgrade()
						write()
						rw.Unlock()
					} else {
						rw.DowngradeUpgradable()
						in(&readers)
						out(&readers)
						rw.RUnlock()
					}
				}
				locktest.Preempt()
			}
		})
	}
	d := time.Second
	if testing.Short() {
		d /= 5
	}
	time.AfterFunc(d, func() { stop.Store(true) })
	c.Join()
	if version == 0 {
		t.Error("no worker has written")
	}
	c.Idle(&rw, 0)
}

func TestUpgradeNilContext(t *testing.T) {
	var rw locks.RWMutex
	rw.UpgradableLock()
	locktest.Panics(t, "UpgradeContext(nil)", "locks: nil context", func() {
		var none context.Context
		rw.UpgradeContext(none)
	})
	rw.UpgradableUnlock()
}
