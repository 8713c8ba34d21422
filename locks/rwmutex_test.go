// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"slices"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// TestWrongRelease holds an RWMutex in each mode, and releases it as if it were held in another one. That
// must panic, and leave the lock held as it was.
func TestWrongRelease(t *testing.T) {
	releases := map[string]func(*locks.RWMutex){
		"Unlock":                (*locks.RWMutex).Unlock,
		"RUnlock":               (*locks.RWMutex).RUnlock,
		"Downgrade":             (*locks.RWMutex).Downgrade,
		"DowngradeToUpgradable": (*locks.RWMutex).DowngradeToUpgradable,
		"UpgradableUnlock":      (*locks.RWMutex).UpgradableUnlock,
		"DowngradeUpgradable":   (*locks.RWMutex).DowngradeUpgradable,
		"Upgrade":               (*locks.RWMutex).Upgrade,
		"TryUpgrade":            func(rw *locks.RWMutex) { rw.TryUpgrade() },
		"TryUpgradeFor":         func(rw *locks.RWMutex) { rw.TryUpgradeFor(1) },
		"UpgradeContext":        func(rw *locks.RWMutex) { rw.UpgradeContext(t.Context()) },
	}
	text := map[string]string{
		"TryUpgradeFor":  "locks: TryUpgrade without UpgradableLock",
		"UpgradeContext": "locks: Upgrade without UpgradableLock",
	}
	for name := range releases {
		switch {
		case text[name] != "":
		case slices.Contains([]string{"Unlock", "RUnlock", "Downgrade", "DowngradeToUpgradable"}, name):
			text[name] = "locks: " + name + " of unlocked RWMutex"
		default:
			text[name] = "locks: " + name + " without UpgradableLock"
		}
	}
	for _, mode := range []struct {
		name  string
		hold  func(*locks.RWMutex)
		right []string // the first one frees the lock
	}{
		{"free", func(*locks.RWMutex) {}, nil},
		{"read", (*locks.RWMutex).RLock, []string{"RUnlock"}},
		{"write", (*locks.RWMutex).Lock, []string{"Unlock", "Downgrade", "DowngradeToUpgradable"}},
		{"upgradable", (*locks.RWMutex).UpgradableLock, []string{
			"UpgradableUnlock", "DowngradeUpgradable", "Upgrade", "TryUpgrade", "TryUpgradeFor", "UpgradeContext",
		}},
		{"upgraded", func(rw *locks.RWMutex) { rw.UpgradableLock(); rw.Upgrade() }, []string{
			"Unlock", "Downgrade", "DowngradeToUpgradable",
		}},
		{"downgraded", func(rw *locks.RWMutex) { rw.Lock(); rw.Downgrade() }, []string{"RUnlock"}},
		{"given up", func(rw *locks.RWMutex) { rw.UpgradableLock(); rw.DowngradeUpgradable() }, []string{"RUnlock"}},
	} {
		var rw locks.RWMutex
		mode.hold(&rw)
		held := rw.State()
		for name, release := range releases {
			if slices.Contains(mode.right, name) {
				continue
			}
			locktest.Panics(t, name+" of "+mode.name, text[name], func() { release(&rw) })
			if got := rw.State(); got != held {
				t.Fatalf("%s of %s has changed the words from %016x to %016x", name, mode.name, held, got)
			}
		}
		if len(mode.right) > 0 {
			releases[mode.right[0]](&rw)
		}
		if !rw.TryLock() {
			t.Errorf("%s: the lock is not free in the end", mode.name)
		}
	}
}

// TestWrongReleaseBesideOthers is TestWrongRelease while readers and writers wait.
func TestWrongReleaseBesideOthers(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		var rw locks.RWMutex
		shared := [2]int{}
		n := locktest.Rounds(300)
		for i := range 6 {
			c.Start(func() {
				for range c.Repeat(n) {
					switch i % 3 {
					case 0:
						rw.Lock()
						locktest.Panics(c.T, "RUnlock of a writer", nil, rw.RUnlock)
						locktest.Panics(c.T, "UpgradableUnlock of a writer", nil, rw.UpgradableUnlock)
						shared[0]++
						shared[1]++
						rw.Unlock()
					case 1:
						rw.RLock()
						locktest.Panics(c.T, "Unlock of a reader", nil, rw.Unlock)
						if shared[0] != shared[1] {
							c.Errorf("a reader is beside a writer")
						}
						rw.RUnlock()
					case 2:
						rw.UpgradableLock()
						locktest.Panics(c.T, "Unlock of an upgradable holder", nil, rw.Unlock)
						rw.Upgrade()
						locktest.Panics(c.T, "UpgradableUnlock after Upgrade", nil, rw.UpgradableUnlock)
						shared[0]++
						shared[1]++
						rw.DowngradeToUpgradable()
						locktest.Panics(c.T, "Downgrade after a downgrade", nil, rw.Downgrade)
						rw.UpgradableUnlock()
					}
				}
			})
		}
		c.Join()
		if shared[0] != 4*n {
			c.Errorf("%d writes, want %d", shared[0], 4*n)
		}
		c.Idle(&rw, 0)
	})
}

func TestRWMutex(t *testing.T) {
	locktest.RWMutex(t, func() locktest.RWLocker { return new(locks.RWMutex) }, options()...)
}

// TestWaitingWriterHoldsReadersBack shows the other half of a writer's bound: a writer waits for the
// readers that were inside before it, and for no others.
func TestWaitingWriterHoldsReadersBack(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const inside = 3
		var rw locks.RWMutex
		for range inside {
			rw.RLock()
		}
		wrote := false
		c.StartWaiting(&rw, func() { rw.Lock(); wrote = true; rw.Unlock() })
		for range inside {
			if rw.TryRLock() || rw.TryRLockFor(time.Microsecond) {
				c.Error("a reader has overtaken a writer that waits")
			}
			rw.RUnlock()
		}
		rw.RLock() // behind the writer, at the latest
		if !wrote {
			c.Error("a reader has overtaken a writer that waits")
		}
		rw.RUnlock()
		c.Join()
	})
}
