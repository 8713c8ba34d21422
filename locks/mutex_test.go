// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"errors"
	"math"
	"os"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks/park"
)

// TestTryLockForDuringHandOff lets a wait with a limit begin while the lock is due to be handed over,
// which no longer admits newcomers. The limit ends it all the same.
func TestTryLockForDuringHandOff(t *testing.T) {
	var m Mutex
	m.Lock()
	waiter := locker(&m, t.Context())
	locktest.Eventually(t, "a waiter", func() bool { return Waiting(&m) == 1 })
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
	locktest.Eventually(t, "the lock is free", func() bool { return m.state.Load() == 0 })
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

// TestLockLimit locks with limits that are over, and ones that end the wait.
func TestLockLimit(t *testing.T) {
	for name, l := range map[string]interface {
		Locker
		LockLimit(park.Limit) error
		TryLock() bool
	}{"Mutex": new(Mutex), "RWMutex": new(RWMutex)} {
		synctest.Test(t, func(t *testing.T) {
			ended, cancel := context.WithCancel(t.Context())
			cancel()
			for _, limit := range []park.Limit{{}, park.For(-1), park.For(time.Second), park.Context(ended)} {
				if err := l.LockLimit(limit); err != nil {
					t.Fatalf("%s, free: %v", name, err)
				}
				l.Unlock()
			}
			l.Lock()
			begin, limit := time.Now(), park.For(time.Second)
			for range 2 { // the limit does not move
				if err := l.LockLimit(limit); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begin) != time.Second {
					t.Errorf("%s, held: %v after %v, want %v after 1s", name, err, time.Since(begin), os.ErrDeadlineExceeded)
				}
			}
			if err := l.LockLimit(park.Context(ended)); !errors.Is(err, context.Canceled) {
				t.Errorf("%s, held: %v, want %v", name, err, context.Canceled)
			}
			if n := Waiting(l); n != 0 {
				t.Errorf("%s: %d are in the queue, want none", name, n)
			}
			l.Unlock()
			if !l.TryLock() {
				t.Fatalf("%s is not free after waits that gave up", name)
			}
			l.Unlock()
		})
	}
}
