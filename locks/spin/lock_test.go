// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/locks/spin"
)

func TestLock(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return new(spin.Lock) },
		locktest.Workers(pinned), locktest.Recoverable(), locktest.Uneven())
}

// TestLockReserves lets a waiter reserve the lock, and then give up or take it.
func TestLockReserves(t *testing.T) {
	var l spin.Lock
	l.Lock()
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() { gone <- l.LockContext(ctx) }()
	locktest.Eventually(t, "the waiter reserves the lock", l.Reserved)
	cancel()
	if err := <-gone; err != context.Canceled {
		t.Errorf("LockContext = %v, want %v", err, context.Canceled)
	}
	if l.Reserved() {
		t.Error("the lock is reserved for a waiter that has given up")
	}

	stay := make(chan struct{})
	go func() {
		l.Lock()
		<-stay
		l.Unlock()
		gone <- nil
	}()
	locktest.Eventually(t, "the waiter reserves the lock", l.Reserved)
	if l.TryLockFor(3 * time.Millisecond) { // long enough to want to reserve it, too
		t.Error("two goroutines hold the lock")
	}
	if !l.Reserved() {
		t.Error("a waiter that gave up has cleared the reservation of another")
	}
	l.Unlock()
	if l.TryLock() || l.TryLockFor(-1) {
		t.Error("a newcomer has taken a lock that is reserved, or held")
	}
	close(stay)
	<-gone
	if !l.TryLock() {
		t.Error("the lock is not free at the end")
	}
}

// TestLockNotReservedAtOnce shows that a waiter that has only begun to yield does not reserve the lock.
func TestLockNotReservedAtOnce(t *testing.T) {
	var l spin.Lock
	l.Lock()
	if l.ReservedAtOnce() {
		t.Error("a waiter has reserved the lock before it has waited for a millisecond")
	}
}

// TestLockReservedFree tries to take a lock that is free, but reserved.
func TestLockReservedFree(t *testing.T) {
	var l spin.Lock
	l.Reserve()
	if l.TryLock() || l.TryLockFor(3*time.Millisecond) {
		t.Error("TryLock has taken a lock that is reserved for a waiter")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Millisecond)
	defer cancel()
	if l.LockContext(ctx) == nil {
		t.Error("LockContext has taken a lock that is reserved for a waiter")
	}
	locktest.Panics(t, "Unlock", "spin: unlock of unlocked Lock", l.Unlock)
	if !l.Reserved() {
		t.Error("an Unlock that panics has cleared the reservation")
	}
	l.Unreserve()
	if !l.TryLock() {
		t.Error("the lock is not free at the end")
	}
}

func TestLockEndedContext(t *testing.T) {
	var l spin.Lock
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.LockContext(ctx); err != context.Canceled {
		t.Errorf("LockContext = %v, want %v", err, context.Canceled)
	}
	var none context.Context
	locktest.Panics(t, "LockContext(nil)", "spin: nil context", func() { l.LockContext(none) })
	if !l.TryLock() {
		t.Error("a call that had to fail has changed the lock")
	}
}

func TestLockContextWithoutError(t *testing.T) {
	for name, start := range map[string]func() (wait func(context.Context) error, waits func() bool){
		"held": func() (func(context.Context) error, func() bool) {
			l := new(spin.Lock)
			l.Lock()
			return l.LockContext, func() bool { return true }
		},
		"free": func() (func(context.Context) error, func() bool) { return new(spin.Lock).LockContext, nil },
	} {
		t.Run(name, func(t *testing.T) { locktest.ContextWithoutErrorOnce(t, pinned, start) })
	}
}

// TestTryLockForNothing shows that a TryLockFor without time lets no other goroutine run.
func TestTryLockForNothing(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const rounds = 20
	yields := 0
	var l spin.Lock
	l.Lock()
	for range rounds {
		var ran atomic.Bool
		go ran.Store(true)
		if l.TryLockFor(0) {
			t.Fatal("two goroutines hold the lock")
		}
		if ran.Load() {
			yields++
		}
		for !ran.Load() {
			runtime.Gosched()
		}
	}
	if yields > rounds/2 { // the runtime may have preempted this goroutine
		t.Errorf("%d of %d calls have yielded", yields, rounds)
	}
}

// TestLastLookOfASpinner keeps the only processor from a waiter until the lock is free and the limit of the
// waiter has passed.
func TestLastLookOfASpinner(t *testing.T) {
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	runtime.GOMAXPROCS(1)
	procs.Refresh()
	const rounds = 20
	locked := 0
	for range rounds {
		var l spin.Lock
		l.Lock()
		begun, result := make(chan struct{}), make(chan bool)
		go func() {
			close(begun)
			result <- l.TryLockFor(time.Millisecond)
		}()
		<-begun
		runtime.Gosched() // the waiter looks, and yields
		for start := time.Now(); time.Since(start) < 2*time.Millisecond; {
		}
		l.Unlock()
		if <-result {
			locked++
		}
	}
	// On a busy machine the runtime may preempt this goroutine, so that the waiter looks for the last time
	// while the lock is held.
	if locked < rounds/2 {
		t.Errorf("%d of %d TryLockFor gave up though the lock was free", rounds-locked, rounds)
	}
}

func TestLockAllocations(t *testing.T) {
	var l spin.Lock
	ctx := t.Context()
	for name, op := range map[string]func(){
		"TryLockFor":  func() { l.TryLockFor(time.Second); l.Unlock() },
		"LockContext": func() { l.LockContext(ctx); l.Unlock() },
		"in vain":     func() { l.Lock(); l.TryLockFor(time.Microsecond); l.Unlock() },
	} {
		if n := allocs.PerRun(t, 100, op); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
