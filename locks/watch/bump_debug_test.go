// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package watch_test

import (
	"runtime"
	"testing"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/watch"
)

// TestInversionByBump bumps a lock while another is held, which locks the first one after the other. The mistake is
// there even if no goroutine waits, and the caller holds the lock as before.
func TestInversionByBump(t *testing.T) {
	var m, other locks.Mutex
	var fair locks.FairMutex
	var rw locks.RWMutex
	var biased locks.BiasedRWMutex
	var token locks.ReadToken
	for name, c := range map[string]struct{ lock, bump, assert, unlock func() }{
		"Mutex":         {m.Lock, func() { m.Bump() }, m.AssertHeld, m.Unlock},
		"FairMutex":     {fair.Lock, func() { fair.Bump() }, fair.AssertHeld, fair.Unlock},
		"RWMutex":       {rw.Lock, func() { rw.Bump() }, rw.AssertHeld, rw.Unlock},
		"BiasedRWMutex": {biased.Lock, func() { biased.Bump() }, biased.AssertHeld, biased.Unlock},
		"reader":        {rw.RLock, func() { rw.RBump() }, rw.AssertRHeld, rw.RUnlock},
		"biased reader": {func() { token = biased.RLock() }, func() { token, _ = biased.RBump(token) }, biased.AssertRHeld, func() { biased.RUnlock(token) }},
		"RLocker":       {biased.RLocker().Lock, func() {}, biased.AssertRHeld, biased.RLocker().Unlock},
	} {
		t.Run(name, func(t *testing.T) {
			mustFindNone(t, func() {
				c.lock()
				c.bump()
				c.assert()
				c.bump()
				c.assert()
				c.unlock()
			})
			if name == "RLocker" {
				return
			}
			mustFind(t, []watch.MistakeKind{watch.Inversion}, func() {
				c.lock()
				other.Lock()
				c.bump()
				c.assert()
				other.Unlock()
				c.unlock()
			})
		})
	}
	mustFindNone(t, func() { // with a waiter, too
		m.Lock()
		go func() { m.Lock(); m.Unlock() }() //lint:ignore SA2001 it is let in
		for !m.Bump() {
			runtime.Gosched()
		}
		m.AssertHeld()
		m.Unlock()
	})
}
