// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"runtime"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/spin"
)

// setProcs sets GOMAXPROCS until undo is called.
func setProcs(n int) (undo func()) {
	old := runtime.GOMAXPROCS(n)
	procs.Refresh()
	return func() {
		runtime.GOMAXPROCS(old)
		procs.Refresh()
	}
}

// TestSpinInVain counts the spins of a pinned thread that are in vain. After eight in a row, 64 sleeps go without.
func TestSpinInVain(t *testing.T) {
	defer setProcs(2)()
	if !spin.Worthwhile() {
		t.Skip("one processor")
	}
	b := new(bucket)
	w := &Waiter{pushedTo: b}
	check := func(what string, woken bool, vain int32) {
		t.Helper()
		if got := w.spin(); got != woken {
			t.Errorf("%s: the spin has seen a wake: %t, want %t", what, got, woken)
		}
		if n := b.vainSpins.Load(); n != vain {
			t.Errorf("%s: %d are counted, want %d", what, n, vain)
		}
	}
	for range 2 {
		for i := range int32(maxVainSpins + spinRest) {
			check("in vain", false, (i+1)%(maxVainSpins+spinRest))
		}
	}
	b.vainSpins.Store(maxVainSpins - 1)
	w.word.Store(woken)
	check("woken", true, 0)
	b.vainSpins.Store(maxVainSpins)
	check("woken, without a spin", true, maxVainSpins+1)

	defer setProcs(1)()
	check("woken, with one processor", true, maxVainSpins+1)
	w.word.Store(awake)
	check("with one processor", false, maxVainSpins+1)
	b.vainSpins.Store(0)
	check("with one processor, after none", false, 0)
}

// TestProcessorsChange changes the number of processors, twice. Waits for locks see that.
func TestProcessorsChange(t *testing.T) {
	defer setProcs(1)()
	for _, n := range []int{3, 2} {
		runtime.GOMAXPROCS(n)
		if runtime.GOMAXPROCS(0) != n {
			t.Skip("the number of processors cannot be changed")
		}
		locktest.Eventually(t, "a wait sees the number of processors", func() bool {
			NewWaiter(Exclusion, Limit{}).Free()
			return procs.Count() == n
		})
	}
}
