// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
)

// wantLimit runs f after a test has set a count to its limit: f must panic with the text, and leave the word
// as it was.
func wantLimit(t *testing.T, what, text string, word func() uint64, f func()) {
	t.Helper()
	before := word()
	locktest.Panics(t, what, text, f)
	if after := word(); after != before {
		t.Errorf("%s: the word was %#x and is %#x", what, before, after)
	}
}

func TestTooManyReaders(t *testing.T) {
	const text = "locks: too many readers of RWMutex"
	var rw RWMutex
	word := func() uint64 { return rw.State() }
	forms := map[string]func(){
		"RLock":        rw.RLock,
		"RLocker":      rw.RLocker().Lock,
		"TryRLock":     func() { rw.TryRLock() },
		"TryRLockFor":  func() { rw.TryRLockFor(time.Second) },
		"RLockContext": func() { rw.RLockContext(t.Context()) },
	}
	for name, form := range forms {
		rw.state.Store((rwMaxReaders - 1) * rwReader)
		form() // the last one
		for range 3 {
			wantLimit(t, name, text, word, form)
		}
		rw.RUnlock()
		form()
		if rw.TryLock() {
			t.Fatalf("%s: a writer is in beside %d readers", name, rwMaxReaders)
		}
	}
	rw.UpgradableLock()
	for name, form := range forms {
		wantLimit(t, name+" beside an upgradable holder", text, word, form)
	}
	wantLimit(t, "DowngradeUpgradable", text, word, rw.DowngradeUpgradable)
	if rw.TryUpgrade() {
		t.Error("upgraded beside readers")
	}
	rw.UpgradableUnlock()
	rw.state.Store(rwReader)
	rw.RUnlock()
	if rw.State() != 0 {
		t.Errorf("the words of a free lock are %016x", rw.State())
	}
}

// TestTooManyReadersAtOnce lets goroutines compete for the last places.
func TestTooManyReadersAtOnce(t *testing.T) {
	const goroutines, places, rounds = 8, 3, 2000
	var rw RWMutex
	rw.state.Store((rwMaxReaders - places) * rwReader)
	var done sync.WaitGroup
	for range goroutines {
		done.Go(func() {
			for range rounds {
				func() {
					defer func() { recover() }()
					rw.RLock()
					defer rw.RUnlock()
					if rw.TryLock() {
						t.Error("a writer is in beside readers")
					}
				}()
			}
		})
	}
	done.Wait()
	if s := rw.state.Load(); s != (rwMaxReaders-places)*rwReader {
		t.Errorf("the word is %08x in the end", s)
	}
}

// TestTooManyReadersWait lets a writer hold back a reader for which there is no place, and give up.
func TestTooManyReadersWait(t *testing.T) {
	for _, readers := range []uint32{rwMaxReaders, rwMaxReaders - 1} {
		var rw RWMutex
		rw.state.Store(readers * rwReader)
		ctx, cancel := context.WithCancel(t.Context())
		c := locktest.NewCrew(t, locktest.Goroutines)
		c.StartWaiting(&rw, func() {
			if rw.LockContext(ctx) == nil {
				t.Error("a writer is in beside readers")
			}
		})
		c.StartWaiting(&rw, func() {
			if readers == rwMaxReaders {
				locktest.Panics(t, "RLock", "locks: too many readers of RWMutex", rw.RLock)
			} else {
				rw.RLock()
			}
		})
		cancel()
		c.Join()
		if s := rw.state.Load(); s != rwMaxReaders*rwReader {
			t.Errorf("the word is %08x in the end", s)
		}
	}
}

// TestReadersLeaveAPlace lets two readers come for the last two places while a writer holds the lock. The first
// one stays counted. The other place is for Downgrade.
func TestReadersLeaveAPlace(t *testing.T) {
	var rw RWMutex
	rw.Lock()
	rw.state.Add((rwMaxReaders - 2) * rwReader)
	first := rw.state.Add(rwReader) // the first half of RLock
	second := rw.state.Add(rwReader)
	rw.Downgrade()
	rw.rLockSlow(first)
	locktest.Panics(t, "RLock", "locks: too many readers of RWMutex", func() { rw.rLockSlow(second) })
	if s := rw.state.Load(); s != rwMaxReaders*rwReader {
		t.Errorf("the word is %08x in the end, want %d readers", s, rwMaxReaders)
	}
}

// TestHalfAnRUnlockTooMany stops an RUnlock without an RLock half way, before it panics. What others do
// meanwhile must come right when it has panicked.
func TestHalfAnRUnlockTooMany(t *testing.T) {
	const text = "locks: RUnlock of unlocked RWMutex"
	finish := func(rw *RWMutex, s uint32) {
		locktest.Panics(t, "RUnlock", text, func() { rw.rUnlockSlow(s) })
	}
	t.Run("writer", func(t *testing.T) {
		var rw RWMutex
		c := locktest.NewCrew(t, locktest.Goroutines)
		s := rw.state.Add(rwLess)
		c.StartWaiting(&rw, rw.Lock)
		finish(&rw, s)
		c.Join()
		rw.Unlock()
		c.Idle(&rw, 0)
	})
	t.Run("reader", func(t *testing.T) {
		var rw RWMutex
		for _, lock := range []func(){rw.RLock, func() { rw.TryRLock() }, func() { rw.TryRLockFor(1) }} {
			first := rw.state.Add(rwLess)
			second := rw.state.Add(rwLess)
			lock()
			finish(&rw, first)
			finish(&rw, second)
			if rw.TryLock() {
				t.Fatal("a writer is in beside a reader")
			}
			rw.RUnlock()
		}
		if rw.State() != 0 {
			t.Errorf("the words are %016x in the end", rw.State())
		}
	})
	t.Run("reader behind a writer", func(t *testing.T) {
		var rw RWMutex
		c := locktest.NewCrew(t, locktest.Goroutines)
		rw.Lock()
		s := rw.state.Add(rwLess)
		c.StartWaiting(&rw, rw.RLock)
		finish(&rw, s)
		if got := rw.state.Load(); got&^(rwParked|rwAdmit) != rwWriterHolds {
			t.Errorf("the word is %08x beside a writer", got)
		}
		rw.Unlock()
		c.Join()
		rw.RUnlock()
		c.Idle(&rw, 0)
	})
	t.Run("beside a reader that tries", func(t *testing.T) {
		var rw RWMutex
		c := locktest.NewCrew(t, locktest.Goroutines)
		rw.Lock()
		s := rw.state.Add(rwReader) // the first half of RLock
		wantLimit(t, "RUnlock", text, func() uint64 { return rw.State() }, rw.RUnlock)
		c.StartWaiting(&rw, func() { rw.rLockSlow(s) })
		rw.Unlock()
		c.Join()
		rw.RUnlock()
		c.Idle(&rw, 0)
	})
}

// TestWrongUnlockBesideWaiters calls Unlock and Downgrade of a lock that is held for reading, while a writer
// and a reader wait. They must stay in the queue.
func TestWrongUnlockBesideWaiters(t *testing.T) {
	for name, unlock := range map[string]func(*RWMutex){"Unlock": (*RWMutex).Unlock, "Downgrade": (*RWMutex).Downgrade} {
		var rw RWMutex
		rw.RLock()
		c := locktest.NewCrew(t, locktest.Goroutines)
		c.StartWaiting(&rw, func() { rw.Lock(); rw.Unlock() })
		c.StartWaiting(&rw, func() { rw.RLock(); rw.RUnlock() })
		wantLimit(t, name, "locks: "+name+" of unlocked RWMutex", func() uint64 { return rw.State() }, func() { unlock(&rw) })
		if n := queued(&rw.state); n != 2 {
			t.Errorf("%s: %d wait, want 2", name, n)
		}
		rw.RUnlock()
		c.Join()
		c.Idle(&rw, 0)
	}
}
