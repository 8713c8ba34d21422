// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/spin"
)

// TestTryLockForDuringHandOff lets a wait with a limit begin while the lock is due to be handed over,
// which no longer admits newcomers. The limit ends it all the same.
func TestTryLockForDuringHandOff(t *testing.T) {
	var m Mutex
	m.Lock()
	waiter := locker(&m, t.Context())
	soon(t, "a waiter", func() bool { return Waiting(&m) == 1 })
	overtake(t, &m, false)
	result := make(chan bool, 1)
	go func() { result <- m.TryLockFor(time.Millisecond) }()
	select {
	case ok := <-result:
		if ok {
			t.Error("TryLockFor has locked a locked Mutex")
		}
	case <-time.After(10 * time.Second):
		t.Error("TryLockFor(1ms) has not returned within 10 s")
	}
	m.Unlock()
	if err := <-waiter; err != nil {
		t.Error(err)
	}
	soon(t, "the lock is free", func() bool { return m.state.Load() == 0 })
}

// TestTryLockBits tries a Mutex in each state of its word.
func TestTryLockBits(t *testing.T) {
	for s := range uint32(16) {
		want := s&(mutexLocked|mutexHandOff) == 0
		var m Mutex
		for name, try := range map[string]func() bool{
			"TryLock":       m.TryLock,
			"TryLockFor(0)": func() bool { return m.TryLockFor(0) },
		} {
			m.state.Store(s)
			if got := try(); got != want {
				t.Errorf("%s in state %04b = %v, want %v", name, s, got, want)
			}
			after := s
			if want {
				after |= mutexLocked
			}
			if got := m.state.Load(); got != after {
				t.Errorf("%s in state %04b has made it %04b, want %04b", name, s, got, after)
			}
		}
	}
}

// TestUnnoticedSpins counts how many of those that spin do without the bit Woken, so that an Unlock
// wakes the head of the queue beside them.
func TestUnnoticedSpins(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	procs.Refresh()
	if !spin.Worthwhile() {
		t.Skip("with one processor nobody spins")
	}
	const n = 8000
	var m Mutex
	unnoticed := 0
	for range n {
		m.state.Store(mutexLocked | mutexParked)
		woken := false
		if m.lockSpinning(&woken) {
			t.Fatal("locked a locked Mutex")
		}
		if noted := m.state.Load()&mutexWoken != 0; noted != woken {
			t.Fatalf("the bit Woken is %v, and lockSpinning says %v", noted, woken)
		}
		if !woken {
			unnoticed++
		}
	}
	const mean = float64(n) / spinUnnoticed
	if off := math.Abs(float64(unnoticed) - mean); off > 8*math.Sqrt(mean) {
		t.Errorf("%d of %d spins were unnoticed, want about %.0f", unnoticed, n, mean)
	}
}
