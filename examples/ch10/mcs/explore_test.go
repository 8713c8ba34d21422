// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves exclusion and order, for three goroutines.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var l Lock
		explored.Exclusion(x, 3, func(_ int, critical func()) {
			var n Node
			l.Lock(&n)
			critical()
			l.Unlock(&n)
		})
	})
}

// TestExploreAgain proves that a Node can be used again.
func TestExploreAgain(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var l Lock
		explored.Exclusion(x, 2, func(_ int, critical func()) {
			var n Node
			l.Lock(&n)
			critical()
			l.Unlock(&n)
			l.Lock(&n)
			l.Unlock(&n)
		})
	})
}

// unlockAtOnce is an Unlock that believes its first look: no waiter is behind.
func (l *Lock) unlockAtOnce(n *Node) {
	if next := n.next.Load(); next != nil {
		next.locked.Store(false)
		return
	}
	l.tail.CompareAndSwap(n, nil)
}

// TestExploreUnlockAtOnce finds that a waiter which has lined up, and not yet said so, waits forever.
func TestExploreUnlockAtOnce(t *testing.T) {
	found := explore.Find(t, func(x *explore.Run) {
		var l Lock
		for range 2 {
			x.Go(func() {
				var n Node
				l.Lock(&n)
				l.unlockAtOnce(&n)
			})
		}
	})
	if found == nil || found.Kind != "livelock" {
		t.Errorf("found %v, want a livelock", found)
	}
}
