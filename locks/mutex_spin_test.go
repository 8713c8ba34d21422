// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"math"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/spin"
)

// letSpin lets waiters spin until the end of the test, if the machine has two processors: none does while the other
// processor is idle.
func letSpin(t *testing.T) {
	n := runtime.GOMAXPROCS(2)
	t.Cleanup(func() { runtime.GOMAXPROCS(n); procs.Refresh() })
	procs.Refresh()
	if !spin.Worthwhile() {
		t.Skip("with one processor no waiter spins")
	}
	var runs, stop atomic.Bool
	busy := locktest.Goroutines.Go(func() {
		for !stop.Load() {
			runs.Store(true)
		}
	})
	t.Cleanup(func() { stop.Store(true); busy() })
	locktest.Eventually(t, "the other processor is busy", runs.Load)
}

// TestUnnoticedSpins counts how many spinning waiters leave Woken clear, so that an Unlock wakes the head
// of the queue beside them.
func TestUnnoticedSpins(t *testing.T) {
	letSpin(t)
	const n = 8000
	var m Mutex
	unnoticed := 0
	for spins := 0; spins < n; {
		if spin.Crowded() { // then no waiter spins, and on a busy machine that lasts
			runtime.Gosched()
			continue
		}
		m.state.Store(mutexLocked | mutexParked)
		var woken uint32
		if m.lockSpinning(&woken) {
			t.Fatal("locked a locked Mutex")
		}
		if s := m.state.Load(); s != mutexLocked|mutexParked|woken || woken&^mutexWoken != 0 {
			t.Fatalf("the word is %04b, and lockSpinning says that the bit Woken of the caller is %04b", s, woken)
		}
		if woken == 0 {
			if spin.Crowded() {
				continue // since the spin, perhaps
			}
			unnoticed++
		}
		spins++
	}
	const mean = float64(n) / spinUnnoticed
	if off := math.Abs(float64(unnoticed) - mean); off > 8*math.Sqrt(mean) {
		t.Errorf("%d of %d spins were unnoticed, want about %.0f", unnoticed, n, mean)
	}
}

// TestSpinStaysUnnoticed spins where no waiter is in the queue, or one has the bit Woken: then the word stays as it is.
func TestSpinStaysUnnoticed(t *testing.T) {
	letSpin(t)
	for range 100 {
		for _, s := range []uint32{
			mutexLocked, mutexLocked | mutexWoken, mutexLocked | mutexParked | mutexWoken,
			mutexLocked | mutexHandOff, mutexLocked | mutexParked | mutexHandOff, mutexParked | mutexHandOff,
		} {
			for _, mine := range []uint32{0, s & mutexWoken} {
				var m Mutex
				m.state.Store(s)
				woken := mine
				if m.lockSpinning(&woken) || woken != mine || m.state.Load() != s {
					t.Fatalf("a spin in state %04b with the bit %04b leaves %04b, and the bit %04b", s, mine, m.state.Load(), woken)
				}
			}
		}
	}
}
