// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/procs"
)

// TestLastLook ends a wait by its limit after that for which it waits has come true, but before
// the waiter was woken: whoever had to do that is stopped half way. The wait must succeed.
func TestLastLook(t *testing.T) {
	for _, tt := range []struct {
		name string
		make func() (w lateWait)
	}{
		{"WaitGroup", func() lateWait {
			var wg WaitGroup
			wg.Add(1)
			return lateWait{wg.WaitFor, wg.WaitContext, func() { wg.state.Add(1<<64 - 1<<32) }, wg.wakeAll}
		}},
		{"Latch", func() lateWait {
			l := NewLatch(1)
			return lateWait{l.WaitFor, l.WaitContext, func() { l.state.Store(0) }, l.wakeAll}
		}},
		{"Semaphore", func() lateWait {
			s := NewSemaphore(2)
			s.TryAcquire(2)
			return lateWait{
				func(d time.Duration) bool { return s.AcquireFor(2, d) },
				func(ctx context.Context) error { return s.Acquire(ctx, 2) },
				func() { s.state.Add(2) }, s.serve,
			}
		}},
		{"Mutex", func() lateWait {
			var m Mutex
			m.Lock()
			return lateWait{m.TryLockFor, m.LockContext, func() { m.state.And(^uint32(mutexLocked)) }, func() {}}
		}},
		{"RWMutex, writer", func() lateWait {
			var rw RWMutex
			rw.RLock()
			var s uint32
			return lateWait{rw.TryLockFor, rw.LockContext, func() { s = rw.state.Add(rwLess) }, func() { rw.readerLeft(s) }}
		}},
		{"RWMutex, upgrade", func() lateWait {
			var rw RWMutex
			rw.RLock()
			rw.UpgradableLock()
			var s uint32
			return lateWait{rw.TryUpgradeFor, rw.UpgradeContext, func() { s = rw.state.Add(rwLess) }, func() { rw.readerLeft(s) }}
		}},
		{"Guarded", func() lateWait {
			var g Guarded[bool]
			yes := func(v *bool) bool { return *v }
			return lateWait{
				func(d time.Duration) bool { return g.WhenFor(d, yes, func(*bool) {}) },
				func(ctx context.Context) error { return g.WhenContext(ctx, yes, func(*bool) {}) },
				func() {
					g.m.Lock()
					g.v = true
					g.changes.version.Add(1)
					g.m.Unlock()
				}, func() {},
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := tt.make()
				w.check(t, func() error {
					if !w.waitFor(time.Hour) {
						return errors.New("reported false")
					}
					return nil
				}, func() {})
				w = tt.make()
				ctx, cancel := context.WithCancel(t.Context())
				w.check(t, func() error { return w.waitContext(ctx) }, cancel)
			})
		})
	}
}

// A lateWait is a wait, and the two halves of what ends it.
type lateWait struct {
	waitFor     func(time.Duration) bool
	waitContext func(context.Context) error
	happen      func()
	wake        func()
}

// check waits, lets the event happen, and then the limit come.
func (w lateWait) check(t *testing.T, wait func() error, limit func()) {
	t.Helper()
	result := make(chan error)
	go func() { result <- wait() }()
	synctest.Wait() // it sleeps: a limited wait is durably blocked
	w.happen()
	limit()
	if err := <-result; err != nil {
		t.Errorf("it has happened, and the wait ended with: %v", err)
	}
	w.wake()
}

// TestNoSecondLook holds that a WhenFor whose condition does not hold looks no more than once
// after its limit, and leaves the lock free.
func TestNoSecondLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g Guarded[int]
		looks := 0
		if g.WhenFor(time.Second, func(*int) bool { looks++; return false }, func(*int) { t.Error("called") }) {
			t.Error("WhenFor reports that the condition holds")
		}
		if looks != 2 || g.m.state.Load() != 0 || g.changes.waiters.Load() != 0 {
			t.Errorf("%d looks, want 2; the words are %#x and %d", looks, g.m.state.Load(), g.changes.waiters.Load())
		}
	})
}

// TestLastLookOfASpinner keeps the only processor while a SpinLock comes free and the limit of a waiter
// passes.
func TestLastLookOfASpinner(t *testing.T) {
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	runtime.GOMAXPROCS(1)
	procs.Refresh()
	const rounds = 20
	locked := 0
	for range rounds {
		var l SpinLock
		l.Lock()
		begun, result := make(chan struct{}), make(chan bool)
		go func() {
			close(begun)
			result <- l.TryLockFor(time.Millisecond)
		}()
		<-begun
		runtime.Gosched() // it looks, and yields
		for start := time.Now(); time.Since(start) < 2*time.Millisecond; {
		}
		l.Unlock()
		if <-result {
			locked++
		}
	}
	// On a busy machine the runtime may take the processor away from this goroutine, and the waiter
	// look its last while the lock is held.
	if locked < rounds/2 {
		t.Errorf("%d of %d TryLockFor gave up though the lock was free", rounds-locked, rounds)
	}
}
