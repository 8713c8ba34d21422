// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that no signal is lost between a producer and a consumer.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var m sync.Mutex
		c := cond{l: &m}
		full := false // guarded by m
		x.Go(func() {
			m.Lock()
			full = true
			m.Unlock()
			c.Signal()
		})
		m.Lock()
		for !full {
			c.Wait()
		}
		m.Unlock()
	})
}

// TestExploreBroadcast proves that a Broadcast lets two waiters go.
func TestExploreBroadcast(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var m sync.Mutex
		c := cond{l: &m}
		open := false // guarded by m
		for range 2 {
			x.Go(func() {
				m.Lock()
				for !open {
					c.Wait()
				}
				m.Unlock()
			})
		}
		m.Lock()
		open = true
		m.Unlock()
		c.Broadcast()
	})
}

// TestExploreOneSignalEndsTwoWaits finds that a Wait ends for a Signal that another Wait was woken by: it had
// noted the number, and was not asleep yet. That is why Wait must be called in a loop.
func TestExploreOneSignalEndsTwoWaits(t *testing.T) {
	found := explore.Find(t, func(x *explore.Run) {
		var m sync.Mutex
		c := cond{l: &m}
		var waiting atomic.Int32
		woken, all := 0, false // guarded by m
		for range 2 {
			x.Go(func() {
				m.Lock()
				waiting.Add(1)
				c.Wait()
				woken++
				x.Assert(woken == 1 || all, "one signal has ended two waits")
				m.Unlock()
			})
		}
		for waiting.Load() < 2 {
			runtime.Gosched()
		}
		m.Lock() // both have unlocked it, in Wait
		m.Unlock()
		c.Signal()
		m.Lock()
		all = true
		m.Unlock()
		c.Broadcast()
	})
	if found == nil || found.Kind != "assertion" {
		t.Errorf("found %v, want one signal that has ended two waits", found)
	}
}
