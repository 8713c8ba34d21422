// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

func TestSpinLock(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return new(locks.SpinLock) },
		locktest.Workers(pinned), locktest.Recoverable(), locktest.Uneven())
}

// TestSpinLockReserves lets a waiter reserve the lock and then give up or have it.
func TestSpinLockReserves(t *testing.T) {
	var l locks.SpinLock
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
		t.Error("the lock is reserved for one that has given up")
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
		t.Error("two have the lock")
	}
	if !l.Reserved() {
		t.Error("one that gave up has taken another's reservation back")
	}
	l.Unlock()
	if l.TryLock() || l.TryLockFor(-1) {
		t.Error("a newcomer has a lock that is reserved, or held")
	}
	close(stay)
	<-gone
	if !l.TryLock() {
		t.Error("the lock is not free at the end")
	}
}

// TestSpinLockReservedFree tries to get a lock that is free, but reserved.
func TestSpinLockReservedFree(t *testing.T) {
	var l locks.SpinLock
	l.Reserve()
	if l.TryLock() || l.TryLockFor(3*time.Millisecond) {
		t.Error("TryLock has a lock that is reserved for another")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Millisecond)
	defer cancel()
	if l.LockContext(ctx) == nil {
		t.Error("LockContext has a lock that is reserved for another")
	}
	l.Unreserve()
	if !l.TryLock() {
		t.Error("the lock is not free at the end")
	}
}

func TestSpinLockEndedContext(t *testing.T) {
	var l locks.SpinLock
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.LockContext(ctx); err != context.Canceled {
		t.Errorf("LockContext = %v, want %v", err, context.Canceled)
	}
	var none context.Context
	locktest.Panics(t, "LockContext(nil)", "locks: nil context", func() { l.LockContext(none) })
	if !l.TryLock() {
		t.Error("a call that had to fail has changed the lock")
	}
}

// TestSpinnersYield waits, with one processor, for goroutines that run only if the waiter lets
// them. One that spins on is stopped by the scheduler after ten milliseconds, each time.
func TestSpinnersYield(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var seq locks.SeqLock[int]
	wait := map[string]func(){
		"SeqLock": func() {
			seq.BeginWrite()
			go seq.EndWrite()
			seq.Load()
		},
	}
	for name, l := range map[string]sync.Locker{
		"SpinLock": new(locks.SpinLock), "TicketLock": new(locks.TicketLock), "MCSLock": new(locks.MCSLock),
	} {
		wait[name] = func() {
			l.Lock()
			go l.Unlock()
			l.Lock()
			l.Unlock()
		}
	}
	for name, wait := range wait {
		const rounds = 500
		begin := time.Now()
		for range rounds {
			wait()
		}
		if took := time.Since(begin); took > rounds*10*time.Millisecond/2 {
			t.Errorf("%s: %d waits took %v", name, rounds, took)
		}
	}
}

func TestSpinLockSizes(t *testing.T) {
	word := unsafe.Sizeof(uintptr(0))
	for name, size := range map[string]struct{ got, want uintptr }{
		"SpinLock":      {unsafe.Sizeof(locks.SpinLock{}), 4},
		"TicketLock":    {unsafe.Sizeof(locks.TicketLock{}), 8},
		"MCSLock":       {unsafe.Sizeof(locks.MCSLock{}), 2 * word},
		"BiasedRWMutex": {unsafe.Sizeof(locks.BiasedRWMutex{}), 16 + 2*word},
	} {
		if size.got != size.want {
			t.Errorf("%s is %d bytes long, want %d", name, size.got, size.want)
		}
	}
}

func TestSpinLockAllocations(t *testing.T) {
	var l locks.SpinLock
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

func ExampleSpinLock() {
	runtime.LockOSThread() // a loop of an audio thread, say
	defer runtime.UnlockOSThread()
	var l locks.SpinLock
	volume := 3
	l.Lock()
	volume++
	l.Unlock()
	fmt.Println(volume)
	// Output: 4
}

func ExampleSpinLock_TryLockFor() {
	var l locks.SpinLock
	l.Lock()
	if !l.TryLockFor(50 * time.Microsecond) {
		fmt.Println("do without")
	}
	l.Unlock()
	// Output: do without
}

func BenchmarkSpinUncontended(b *testing.B) {
	b.Run("impl=sync", func(b *testing.B) {
		var l sync.Mutex
		for range b.N {
			l.Lock()
			l.Unlock()
		}
	})
	b.Run("impl=SpinLock", func(b *testing.B) {
		var l locks.SpinLock
		for range b.N {
			l.Lock()
			l.Unlock()
		}
	})
	b.Run("impl=TicketLock", func(b *testing.B) {
		var l locks.TicketLock
		for range b.N {
			l.Lock()
			l.Unlock()
		}
	})
	b.Run("impl=MCSLock", func(b *testing.B) {
		var l locks.MCSLock
		for range b.N {
			l.Lock()
			l.Unlock()
		}
	})
}

func BenchmarkSpinContended(b *testing.B) {
	for _, start := range []locktest.Start{locktest.Goroutines, pinned} {
		for _, workers := range []int{2, 8} {
			for _, work := range []int{0, 50, 1000} {
				for _, impl := range []struct {
					name string
					l    sync.Locker
				}{
					{"sync", &new(apart[sync.Mutex]).l},
					{"Mutex", &new(apart[locks.Mutex]).l},
					{"SpinLock", &new(apart[locks.SpinLock]).l},
					{"TicketLock", &new(apart[locks.TicketLock]).l},
					{"MCSLock", &new(apart[locks.MCSLock]).l},
				} {
					b.Run(fmt.Sprintf("workers=%s/n=%d/work=%d/impl=%s", start.Name, workers, work, impl.name), func(b *testing.B) {
						contend(b, start, workers, func(int) {
							impl.l.Lock()
							locktest.Spend(work)
							impl.l.Unlock()
							locktest.Spend(200)
						})
					})
				}
			}
		}
	}
}
