// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"math/bits"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// TestSizes pins the sizes that the documentation promises.
func TestSizes(t *testing.T) {
	cond, biased := uintptr(24), uintptr(40)
	if bits.UintSize == 32 {
		cond, biased = 16, 32
	}
	for _, tt := range []struct {
		name      string
		got, want uintptr
	}{
		{"Mutex", unsafe.Sizeof(locks.Mutex{}), 4},
		{"FairMutex", unsafe.Sizeof(locks.FairMutex{}), 4},
		{"RWMutex", unsafe.Sizeof(locks.RWMutex{}), 8},
		{"BiasedRWMutex", unsafe.Sizeof(locks.BiasedRWMutex{}), biased},
		{"Once", unsafe.Sizeof(locks.Once{}), 8},
		{"WaitGroup", unsafe.Sizeof(locks.WaitGroup{}), 16},
		{"Cond", unsafe.Sizeof(locks.Cond{}), cond},
		{"Semaphore", unsafe.Sizeof(locks.Semaphore{}), 24},
		{"Event", unsafe.Sizeof(locks.Event{}), 4},
		{"AutoEvent", unsafe.Sizeof(locks.AutoEvent{}), 4},
		{"Latch", unsafe.Sizeof(locks.Latch{}), 4},
		{"Keyed", unsafe.Sizeof(locks.Keyed[string]{}), bits.UintSize / 8},
		{"KeyedRW", unsafe.Sizeof(locks.KeyedRW[string]{}), bits.UintSize / 8},
		{"Barrier", unsafe.Sizeof(locks.Barrier{}), 8},
	} {
		if tt.got != tt.want {
			t.Errorf("%s is %d bytes long on a system of %d bits, want %d", tt.name, tt.got, bits.UintSize, tt.want)
		}
	}
}

// TestAllocations checks that a call that need not wait allocates nothing.
func TestAllocations(t *testing.T) {
	var m locks.Mutex
	var fair locks.FairMutex
	var rw locks.RWMutex
	var biased locks.BiasedRWMutex
	biased.RUnlock(biased.RLock()) // makes the slots
	var wg locks.WaitGroup
	var once, done locks.Once
	value := locks.OnceValueContext(func(context.Context) (int, error) { return 1, nil })
	succeeds := func(context.Context) error { return nil }
	c := locks.NewCond(&m)
	s := locks.NewSemaphore(4)
	var e, unset locks.Event
	var a locks.AutoEvent
	e.Set()
	l, open := locks.NewLatch(1<<20), locks.NewLatch(0)
	one, broken := locks.NewBarrier(1), locks.NewBarrier(2)
	broken.WaitFor(0)
	ctx := t.Context()
	limit := park.Context(ctx)
	f := func() {}
	runtime.GC()
	runtime.GC() // so that the pools are empty, and no call can take Waiters out and not give them back
	for name, op := range map[string]func(){
		"Mutex.Lock":            func() { m.Lock(); m.Unlock() },
		"Mutex.TryLock":         func() { m.TryLock(); m.Unlock() },
		"Mutex.TryLockFor":      func() { m.TryLockFor(time.Second); m.Unlock() },
		"Mutex.LockContext":     func() { m.LockContext(ctx); m.Unlock() },
		"FairMutex.Lock":        func() { fair.Lock(); fair.Unlock() },
		"FairMutex.TryLockFor":  func() { fair.TryLockFor(time.Second); fair.TryLockFor(0); fair.Unlock() },
		"FairMutex.LockContext": func() { fair.LockContext(ctx); fair.Unlock() },
		"RWMutex.Lock":          func() { rw.Lock(); rw.Unlock() },
		"RWMutex.TryLockFor":    func() { rw.TryLockFor(time.Second); rw.Unlock() },
		"RWMutex.LockContext":   func() { rw.LockContext(ctx); rw.Unlock() },
		"RWMutex.RLock":         func() { rw.RLock(); rw.RUnlock() },
		"RWMutex.TryRLockFor":   func() { rw.TryRLockFor(time.Second); rw.RUnlock() },
		"RWMutex.RLockContext":  func() { rw.RLockContext(ctx); rw.RUnlock() },
		"BiasedRWMutex.RLock":   func() { biased.RUnlock(biased.RLock()) },
		"BiasedRWMutex.RLocker": func() { l := biased.RLocker(); l.Lock(); l.Unlock() },
		"Bump": func() {
			m.Lock()
			fair.Lock()
			rw.Lock()
			biased.Lock()
			m.Bump()
			fair.Bump()
			rw.Bump()
			biased.Bump()
			m.Unlock()
			fair.Unlock()
			rw.Unlock()
			biased.Unlock()
		},
		"RBump": func() {
			rw.RLock()
			rw.RBump()
			rw.RUnlock()
			token, _ := biased.RBump(biased.RLock())
			biased.RUnlock(token)
		},
		"BiasedRWMutex.TryRLock":     func() { token, _ := biased.TryRLock(); biased.RUnlock(token) },
		"BiasedRWMutex.TryRLockFor":  func() { token, _ := biased.TryRLockFor(time.Second); biased.RUnlock(token) },
		"BiasedRWMutex.RLockContext": func() { token, _ := biased.RLockContext(ctx); biased.RUnlock(token) },
		"BiasedRWMutex.RLockLimit":   func() { token, _ := biased.RLockLimit(limit); biased.RUnlock(token) },
		"BiasedRWMutex.Lock":         func() { biased.Lock(); biased.Unlock() },
		"BiasedRWMutex.TryLockFor":   func() { biased.TryLockFor(time.Second); biased.Unlock() },
		"BiasedRWMutex.LockContext":  func() { biased.LockContext(ctx); biased.Unlock() },
		"WaitGroup":                  func() { wg.Add(1); wg.Done(); wg.Wait() },
		"WaitGroup.WaitFor":          func() { wg.WaitFor(time.Second) },
		"WaitGroup.WaitContext":      func() { wg.WaitContext(ctx) },
		"Once.Do":                    func() { once.Do(f) },
		"Once.DoContext":             func() { done.DoContext(ctx, succeeds) },
		"OnceValueContext":           func() { value(ctx) },
		"Cond.Signal":                c.Signal,
		"Cond.Broadcast":             c.Broadcast,
		"Semaphore.Acquire":          func() { s.Acquire(2); s.Release(2) },
		"Semaphore.Acquire of 5":     func() { s.Acquire(5) },
		"Semaphore.AcquireContext":   func() { s.AcquireContext(ctx, 2); s.Release(2) },
		"Semaphore.AcquireLimit":     func() { s.AcquireLimit(park.Limit{}, 2); s.Release(2) },
		"Semaphore.TryAcquire":       func() { s.TryAcquire(2); s.Release(2) },
		"Semaphore.TryAcquireFor":    func() { s.TryAcquireFor(4, time.Second); s.TryAcquireFor(2, 0); s.Release(4) },
		"Event":                      func() { e.Reset(); e.Set(); e.Wait() },
		"Event.WaitFor":              func() { e.WaitFor(time.Second); unset.WaitFor(0) },
		"Event.WaitContext":          func() { e.WaitContext(ctx) },
		"AutoEvent":                  func() { a.Set(); a.Wait() },
		"AutoEvent.WaitFor":          func() { a.Set(); a.WaitFor(time.Second); a.WaitFor(0) },
		"AutoEvent.WaitContext":      func() { a.Set(); a.WaitContext(ctx) },
		"Latch.Arrive":               func() { l.Arrive(1) },
		"Latch.WaitFor":              func() { l.WaitFor(0); open.WaitFor(time.Second) },
		"Latch.WaitContext":          func() { open.Wait(); open.WaitContext(ctx) },
		"Barrier.Wait":               func() { one.Wait() },
		"Barrier.WaitContext":        func() { broken.WaitContext(context.Background()) },
	} {
		if n := allocs.PerRun(t, 100, op); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// TestBriefWaitAllocations shows that each wait that gives up allocates as much as that for a Mutex: it gives its Waiter back.
func TestBriefWaitAllocations(t *testing.T) {
	if race.Enabled {
		t.Skip("under the race detector pools forget at random")
	}
	if !allocs.Counted(t) {
		t.Skip("allocations are not counted")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	perRun := func(f func()) float64 {
		runtime.GC()
		runtime.GC() // two collections empty pools, so that a Waiter that is not given back counts
		return allocs.PerRun(t, 100, f)
	}
	var m locks.Mutex
	var free, reading, writing, upgrading locks.RWMutex
	var inner, slot locks.BiasedRWMutex
	var fair locks.FairMutex
	m.Lock()
	writing.Lock()
	reading.RLock()
	upgrading.RLock()
	upgrading.UpgradableLock()
	inner.RLock() // the first reader is in the lock inside
	slot.RUnlock(slot.RLock())
	slot.RLock()
	for name, noWait := range map[string]func(park.Limit){
		"RWMutex.LockLimit":           func(l park.Limit) { free.LockLimit(l); free.Unlock() },
		"RWMutex.RLockLimit":          func(l park.Limit) { free.RLockLimit(l); free.RUnlock() },
		"RWMutex.UpgradableLockLimit": func(l park.Limit) { free.UpgradableLockLimit(l); free.UpgradeLimit(l); free.Unlock() },
		"FairMutex.LockLimit":         func(l park.Limit) { fair.LockLimit(l); fair.Unlock() },
	} {
		for _, limit := range []park.Limit{{}, park.For(time.Hour), park.Context(t.Context())} {
			if got := perRun(func() { noWait(limit) }); got != 0 {
				t.Errorf("%s: %v allocations in a call that need not wait", name, got)
			}
		}
	}
	want := perRun(func() { m.TryLockFor(1) })
	for name, wait := range map[string]func(time.Duration) bool{
		"RWMutex.TryLockFor":              reading.TryLockFor,
		"RWMutex.TryRLockFor":             writing.TryRLockFor,
		"RWMutex.TryUpgradeFor":           upgrading.TryUpgradeFor,
		"BiasedRWMutex.TryLockFor, inner": inner.TryLockFor,
		"BiasedRWMutex.TryLockFor, slot":  slot.TryLockFor,
		"RWMutex.TryUpgradableLockFor":    writing.TryUpgradableLockFor,
	} {
		if got := perRun(func() { wait(1) }); got > want {
			t.Errorf("%s: %v allocations in a wait that gives up, want %v", name, got, want)
		}
	}
}

// TestWaitingAllocations holds what waits allocate.
func TestWaitingAllocations(t *testing.T) { locktest.WaitAllocations(t, waits) }
