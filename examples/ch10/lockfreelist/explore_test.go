// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that what two goroutines put in and a third takes out adds up, and that a key which no goroutine
// takes out is there.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var l List
		l.Insert(1)
		l.Insert(3)
		var inserted, removed, there bool
		x.Go(func() { inserted = l.Insert(2) })
		x.Go(func() { removed = l.Remove(1) })
		x.Go(func() { there = l.Contains(3) })
		x.Wait()
		x.Assert(inserted && removed && there, "inserted %t, removed %t, there %t", inserted, removed, there)
		x.Assert(!l.Contains(1) && l.Contains(2) && l.Contains(3), "the list has other keys than 2 and 3")
	})
}

// TestExploreSameKey proves that one of two Inserts of a key gets it in, and one of two Removes gets it out.
func TestExploreSameKey(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var l List
		balance := [2]int{}
		for i := range 2 {
			x.Go(func() {
				if l.Insert(1) {
					balance[i]++
				}
				if l.Remove(1) {
					balance[i]--
				}
			})
		}
		x.Wait()
		x.Assert(balance[0]+balance[1] == 0 && !l.Contains(1), "put in less taken out: %v", balance)
	})
}

// removeAtOnce is a Remove that unlinks the node without a mark.
func (l *List) removeAtOnce(key int) bool {
	for {
		before, at, found := l.find(key)
		if found == nil || found.key != key {
			return false
		}
		_, to := found.load()
		if before.link.CompareAndSwap(at, &link{next: to.next}) {
			return true
		}
	}
}

// TestExploreUnmarked finds that a node which is put in behind one that is unlinked in that moment is lost.
func TestExploreUnmarked(t *testing.T) {
	found := explore.Find(t, func(x *explore.Run) {
		var l List
		l.Insert(1)
		x.Go(func() { l.Insert(2) })
		x.Go(func() { l.removeAtOnce(1) })
		x.Wait()
		x.Assert(l.Contains(2), "2 was put in, and is not there")
	})
	if found == nil || found.Kind != "assertion" {
		t.Errorf("found %v, want a key that is lost", found)
	}
}
