// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"runtime"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/spin"
)

// TestRWMutexWaits lets each form of each lock wait, for at most an hour, until the lock comes free. It compares the
// word meanwhile, and when the waiter has the lock, with the table in rwmutex.go.
func TestRWMutexWaits(t *testing.T) {
	const hour = time.Hour
	ctx := t.Context()
	type wait struct {
		forms map[string]func(*RWMutex) bool
		// Others hold the lock before, and release it.
		hold, release func(*RWMutex)
		waits, has    rwWord // the word while the waiter sleeps, and when it has the lock
		unlock        func(*RWMutex)
	}
	read := map[string]func(*RWMutex) bool{
		"RLock":        func(rw *RWMutex) bool { rw.RLock(); return true },
		"RLocker":      func(rw *RWMutex) bool { rw.RLocker().Lock(); return true },
		"TryRLockFor":  func(rw *RWMutex) bool { return rw.TryRLockFor(hour) },
		"RLockContext": func(rw *RWMutex) bool { return rw.RLockContext(ctx) == nil },
	}
	write := map[string]func(*RWMutex) bool{
		"Lock":        func(rw *RWMutex) bool { rw.Lock(); return true },
		"TryLockFor":  func(rw *RWMutex) bool { return rw.TryLockFor(hour) },
		"LockContext": func(rw *RWMutex) bool { return rw.LockContext(ctx) == nil },
	}
	upgradable := map[string]func(*RWMutex) bool{
		"UpgradableLock":        func(rw *RWMutex) bool { rw.UpgradableLock(); return true },
		"TryUpgradableLockFor":  func(rw *RWMutex) bool { return rw.TryUpgradableLockFor(hour) },
		"UpgradableLockContext": func(rw *RWMutex) bool { return rw.UpgradableLockContext(ctx) == nil },
	}
	upgrade := map[string]func(*RWMutex) bool{
		"Upgrade":        func(rw *RWMutex) bool { rw.Upgrade(); return true },
		"TryUpgradeFor":  func(rw *RWMutex) bool { return rw.TryUpgradeFor(hour) },
		"UpgradeContext": func(rw *RWMutex) bool { return rw.UpgradeContext(ctx) == nil },
	}
	held, drained := rwWord{holds: true}, rwWord{waits: true, writerParked: true, readers: 1}
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, n := range []int{1, 2} {
		runtime.GOMAXPROCS(n)
		procs.Refresh()
		admit := !spin.Worthwhile()
		for _, w := range []wait{
			{read, (*RWMutex).Lock, (*RWMutex).Unlock, rwWord{holds: true, parked: true, admit: admit}, rwWord{readers: 1}, (*RWMutex).RUnlock},
			{
				read, (*RWMutex).Lock, (*RWMutex).Downgrade,
				rwWord{holds: true, parked: true, admit: admit},
				rwWord{readers: 2},
				func(rw *RWMutex) { rw.RUnlock(); rw.RUnlock() },
			},
			{
				read, (*RWMutex).Lock, (*RWMutex).DowngradeToUpgradable,
				rwWord{holds: true, parked: true, admit: admit},
				rwWord{upgradable: true, readers: 1},
				func(rw *RWMutex) { rw.RUnlock(); rw.UpgradableUnlock() },
			},
			{write, (*RWMutex).RLock, (*RWMutex).RUnlock, drained, held, (*RWMutex).Unlock},
			{write, (*RWMutex).Lock, (*RWMutex).Unlock, held, held, (*RWMutex).Unlock},
			{write, (*RWMutex).UpgradableLock, (*RWMutex).UpgradableUnlock, rwWord{upgradable: true}, held, (*RWMutex).Unlock},
			{upgradable, (*RWMutex).Lock, (*RWMutex).Unlock, held, rwWord{upgradable: true}, (*RWMutex).UpgradableUnlock},
			{upgrade, func(rw *RWMutex) { rw.RLock(); rw.UpgradableLock() }, (*RWMutex).RUnlock, drained, held, (*RWMutex).Unlock},
		} {
			for name, form := range w.forms {
				var rw RWMutex
				w.hold(&rw)
				done := make(chan bool, 1)
				go func() { done <- form(&rw) }()
				locktest.Eventually(t, name+" waits", func() bool { return rw.Waiting() == 1 })
				if got := rw.state.Load(); got != w.waits.word() {
					t.Errorf("%s: the word is %08x while it waits, want %08x", name, got, w.waits.word())
				}
				w.release(&rw)
				select {
				case ok := <-done:
					if got := rw.state.Load(); !ok || got != w.has.word() {
						t.Errorf("%s: %t, and the word is %08x, want %08x", name, ok, got, w.has.word())
					}
				case <-time.After(time.Minute):
					t.Fatalf("%s: asleep, though the lock is free", name)
				}
				w.unlock(&rw)
				if rw.State() != 0 {
					t.Errorf("%s: the words are %016x in the end", name, rw.State())
				}
			}
		}
	}
}
