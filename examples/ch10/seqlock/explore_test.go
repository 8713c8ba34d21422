// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"runtime"
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that no update of two writers is lost, and that no copy which is kept is torn.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var l SeqLock
		for range 2 {
			x.Go(func() {
				l.Update(func(v *[words]uint64) {
					for i := range v {
						v[i]++
					}
				})
			})
		}
		if v, ok := l.TryLoad(); ok {
			x.Assert(v[0] == v[words-1], "a torn copy: %v", v)
		}
		x.Wait()
		v, ok := l.TryLoad()
		x.Assert(ok && v[0] == 2, "%v after two updates", v)
	})
}

// TestExploreLookOnce finds that a reader which does not look at the number again keeps a torn copy.
func TestExploreLookOnce(t *testing.T) {
	found := explore.Find(t, func(x *explore.Run) {
		var l SeqLock
		x.Go(func() {
			l.Update(func(v *[words]uint64) {
				for i := range v {
					v[i]++
				}
			})
		})
		for l.seq.Load()%2 != 0 {
			runtime.Gosched()
		}
		first, last := l.data[0].Load(), l.data[words-1].Load()
		x.Assert(first == last, "a torn copy: %d and %d", first, last)
	})
	if found == nil || found.Kind != "assertion" {
		t.Errorf("found %v, want a torn copy", found)
	}
}
