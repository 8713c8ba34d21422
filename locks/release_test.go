// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"slices"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// TestWrongRelease holds an RWMutex in each mode and gives it back as if it were held in another
// one. It must panic, and the lock must be held as it was.
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
		held := locks.Word(&rw)
		for name, release := range releases {
			if slices.Contains(mode.right, name) {
				continue
			}
			locktest.Panics(t, name+" of "+mode.name, text[name], func() { release(&rw) })
			if got := locks.Word(&rw); got != held {
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

// TestWrongReleaseBesideOthers does the same while readers and writers wait.
func TestWrongReleaseBesideOthers(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		var rw locks.RWMutex
		shared := [2]int{}
		n := locktest.Rounds(300)
		for i := range 6 {
			c.Start(func() {
				for range n {
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
		if shared[0] != 4*n || locks.Word(&rw) != 0 {
			c.Errorf("%d writes, want %d; the words are %016x at the end", shared[0], 4*n, locks.Word(&rw))
		}
	})
}

// TestWrongToken gives back the tokens of a BiasedRWMutex in each wrong way that it can tell.
func TestWrongToken(t *testing.T) {
	t.Cleanup(locks.NeverInhibit())
	const unlocked = "locks: RUnlock of unlocked BiasedRWMutex"
	var rw, other locks.BiasedRWMutex
	for _, l := range []*locks.BiasedRWMutex{&rw, &other} {
		l.RUnlock(l.RLock()) // now there are slots
	}
	token, stranger := rw.RLock(), other.RLock()
	if !token.Biased() || !stranger.Biased() {
		t.Fatal("the readers are in no slots")
	}
	held := rw.State()
	locktest.Panics(t, "RUnlock with the token of another lock", "locks: RUnlock of a BiasedRWMutex with the token of another",
		func() { rw.RUnlock(stranger) })
	locktest.Panics(t, "RUnlock with no token", "locks: RUnlock of unlocked RWMutex", func() { rw.RUnlock(locks.ReadToken{}) })
	locktest.Panics(t, "Unlock of a reader", "locks: Unlock of unlocked RWMutex", rw.Unlock)
	if rw.State() != held {
		t.Errorf("the words have changed from %x to %x", held, rw.State())
	}
	rw.RUnlock(token)
	for range 2 {
		locktest.Panics(t, "a token given back twice", unlocked, func() { rw.RUnlock(token) })
	}
	if !rw.TryLock() {
		t.Fatal("the lock is not free")
	}
	locktest.Panics(t, "RUnlock beside a writer", unlocked, func() { rw.RUnlock(token) })
	stop := token.Trying()
	locktest.Panics(t, "RUnlock beside a writer and a reader that tries", unlocked, func() { rw.RUnlock(token) })
	stop()
	locktest.Panics(t, "RUnlock with no token, beside a writer", "locks: RUnlock of unlocked RWMutex", func() { rw.RUnlock(locks.ReadToken{}) })
	rw.Unlock()
	rw.RUnlock(rw.RLock())
	if rw.State() != 0 {
		t.Errorf("the words are %x at the end", rw.State())
	}
}
