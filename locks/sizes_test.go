// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"math/bits"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// TestSizes pins what the documentation says.
func TestSizes(t *testing.T) {
	is64 := bits.UintSize == 64
	for _, tt := range []struct {
		name             string
		got, on64, on386 uintptr
	}{
		{"Mutex", unsafe.Sizeof(locks.Mutex{}), 4, 4},
		{"RWMutex", unsafe.Sizeof(locks.RWMutex{}), 8, 8},
		{"Once", unsafe.Sizeof(locks.Once{}), 8, 8},
		{"WaitGroup", unsafe.Sizeof(locks.WaitGroup{}), 16, 16},
		{"Cond", unsafe.Sizeof(locks.Cond{}), 24, 16},
		{"BiasedRWMutex", unsafe.Sizeof(locks.BiasedRWMutex{}), 32, 24},
	} {
		want := tt.on386
		if is64 {
			want = tt.on64
		}
		if tt.got != want {
			t.Errorf("%s is %d bytes long, want %d", tt.name, tt.got, want)
		}
	}
}

// TestAllocations holds that nothing is allocated where nobody has to wait.
func TestAllocations(t *testing.T) {
	var m locks.Mutex
	var rw locks.RWMutex
	var wg locks.WaitGroup
	var once locks.Once
	c := locks.NewCond(&m)
	ctx := context.Background()
	f := func() {}
	for name, op := range map[string]func(){
		"Mutex.Lock":            func() { m.Lock(); m.Unlock() },
		"Mutex.TryLock":         func() { m.TryLock(); m.Unlock() },
		"Mutex.TryLockFor":      func() { m.TryLockFor(time.Second); m.Unlock() },
		"Mutex.LockContext":     func() { m.LockContext(ctx); m.Unlock() },
		"RWMutex.Lock":          func() { rw.Lock(); rw.Unlock() },
		"RWMutex.TryLockFor":    func() { rw.TryLockFor(time.Second); rw.Unlock() },
		"RWMutex.LockContext":   func() { rw.LockContext(ctx); rw.Unlock() },
		"RWMutex.RLock":         func() { rw.RLock(); rw.RUnlock() },
		"RWMutex.TryRLockFor":   func() { rw.TryRLockFor(time.Second); rw.RUnlock() },
		"RWMutex.RLockContext":  func() { rw.RLockContext(ctx); rw.RUnlock() },
		"WaitGroup":             func() { wg.Add(1); wg.Done(); wg.Wait() },
		"WaitGroup.WaitFor":     func() { wg.WaitFor(time.Second) },
		"WaitGroup.WaitContext": func() { wg.WaitContext(ctx) },
		"Once.Do":               func() { once.Do(f) },
		"Cond.Signal":           c.Signal,
		"Cond.Broadcast":        c.Broadcast,
	} {
		if n := allocs.PerRun(t, 100, op); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func TestEventsSizes(t *testing.T) {
	for _, tt := range []struct {
		name      string
		got, want uintptr
	}{
		{"FairMutex", unsafe.Sizeof(locks.FairMutex{}), 4},
		{"Semaphore", unsafe.Sizeof(locks.Semaphore{}), 24},
		{"Event", unsafe.Sizeof(locks.Event{}), 4},
		{"AutoEvent", unsafe.Sizeof(locks.AutoEvent{}), 4},
		{"Latch", unsafe.Sizeof(locks.Latch{}), 4},
		{"Barrier", unsafe.Sizeof(locks.Barrier{}), 8},
	} {
		if tt.got != tt.want {
			t.Errorf("%s is %d bytes long on a system of %d bits, want %d", tt.name, tt.got, bits.UintSize, tt.want)
		}
	}
}

// TestEventsAllocations holds that nothing is allocated where nobody has to wait.
func TestEventsAllocations(t *testing.T) {
	ctx := t.Context()
	s := locks.NewSemaphore(4)
	var e locks.Event
	var a locks.AutoEvent
	e.Set()
	l := locks.NewLatch(1 << 20)
	open := locks.NewLatch(0)
	one, broken := locks.NewBarrier(1), locks.NewBarrier(2)
	broken.WaitFor(0)
	for name, op := range map[string]func(){
		"Semaphore.Acquire":      func() { s.Acquire(ctx, 2); s.Release(2) },
		"Semaphore.Acquire of 5": func() { s.Acquire(ctx, 5) },
		"Semaphore.TryAcquire":   func() { s.TryAcquire(2); s.Release(2) },
		"Semaphore.AcquireFor":   func() { s.AcquireFor(2, time.Second); s.Release(2) },
		"Event":                  func() { e.Reset(); e.Set(); e.Wait() },
		"Event.WaitFor":          func() { e.WaitFor(time.Second) },
		"Event.WaitContext":      func() { e.WaitContext(ctx) },
		"AutoEvent":              func() { a.Set(); a.Wait() },
		"AutoEvent.WaitFor":      func() { a.Set(); a.WaitFor(time.Second); a.WaitFor(0) },
		"AutoEvent.WaitContext":  func() { a.Set(); a.WaitContext(ctx) },
		"Latch.Arrive":           l.Arrive,
		"Latch.WaitFor":          func() { l.WaitFor(0); open.WaitFor(time.Second) },
		"Latch.WaitContext":      func() { open.Wait(); open.WaitContext(ctx) },
		"Barrier.Wait":           func() { one.Wait() },
		"Barrier.WaitContext":    func() { broken.WaitContext(context.Background()) },
	} {
		if n := allocs.PerRun(t, 100, op); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// TestWaitingAllocations holds what waits allocate.
func TestWaitingAllocations(t *testing.T) { locktest.WaitAllocations(t, waits) }
