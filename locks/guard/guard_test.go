// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/locks/guard"
	"github.com/osync-go/osync/locks/thread"
)

// pinned starts workers as pinned threads, which wait in the kernel.
var pinned = locktest.Pinned(thread.Spawn)

func TestMain(m *testing.M) { locktest.Main(m) }

// A monitor is what Mutex and RWMutex have in common.
type monitor[T any] interface {
	locktest.Watched
	HandedOffNow()
	With(func(*T))
	TryWith(func(*T)) bool
	TryWithFor(time.Duration, func(*T)) bool
	WithContext(context.Context, func(*T)) error
	When(func(*T) bool, func(*T))
	WhenFor(time.Duration, func(*T) bool, func(*T)) bool
	WhenContext(context.Context, func(*T) bool, func(*T)) error
}

// eachMonitor runs a test with a Mutex and with an RWMutex.
func eachMonitor[T any](t *testing.T, test func(t *testing.T, make func(T) monitor[T])) {
	t.Run("Mutex", func(t *testing.T) { test(t, func(v T) monitor[T] { return guard.NewMutex(v) }) })
	t.Run("RWMutex", func(t *testing.T) { test(t, func(v T) monitor[T] { return guard.NewRWMutex(v) }) })
}

// conditions returns, for each type, the wait for a condition.
func conditions() []locktest.Wait {
	wait := func(name string, g monitor[bool]) locktest.Wait {
		return locktest.Wait{
			Name: name, Waiting: g.Waiting, Condition: true,
			WaitFor: func(d time.Duration) bool {
				return g.WhenFor(d, func(open *bool) bool { return *open }, func(*bool) {})
			},
			Wait: func(ctx context.Context) error {
				return g.WhenContext(ctx, func(open *bool) bool { return *open }, func(*bool) {})
			},
			Settle: func() { g.With(func(open *bool) { *open = true }) },
			Sleeps: 2, // for the lock, and then for the condition
		}
	}
	return []locktest.Wait{wait("Mutex", guard.NewMutex(false)), wait("RWMutex", guard.NewRWMutex(false))}
}

// waits returns each wait of each type.
func waits() []locktest.Wait {
	g, reading, writing := guard.NewMutex(0), guard.NewRWMutex(0), guard.NewRWMutex(0)
	nothing := func(*int) {}
	// hold stays inside of with until it is settled.
	hold := func(with func(func(*int))) (settle func()) {
		inside, out := make(chan struct{}), make(chan struct{})
		go with(func(*int) { close(inside); <-out })
		<-inside
		return func() { close(out) }
	}
	return append(conditions(),
		locktest.Wait{Name: "Mutex lock", Waiting: g.Waiting, WaitFor: func(d time.Duration) bool {
			return g.TryWithFor(d, nothing)
		}, Wait: func(ctx context.Context) error {
			return g.WithContext(ctx, nothing)
		}, Settle: hold(g.With)},
		locktest.Wait{Name: "RWMutex reader", Waiting: reading.Waiting, WaitFor: func(d time.Duration) bool {
			return reading.TryReadFor(d, func(int) {})
		}, Wait: func(ctx context.Context) error {
			return reading.ReadContext(ctx, func(int) {})
		}, Settle: hold(reading.With)},
		locktest.Wait{Name: "RWMutex writer", Waiting: writing.Waiting, WaitFor: func(d time.Duration) bool {
			return writing.TryWithFor(d, nothing)
		}, Wait: func(ctx context.Context) error {
			return writing.WithContext(ctx, nothing)
		}, Settle: hold(writing.With)},
	)
}

func TestScale(t *testing.T) { locktest.Scale(t, pinned, conditions()) }

func TestMemory(t *testing.T) {
	locktest.Memory(t, func(int) []locktest.Wait { return conditions() })
}

func TestWaitingAllocations(t *testing.T)           { locktest.WaitAllocations(t, conditions) }
func TestContextWithoutError(t *testing.T)          { locktest.ContextWithoutError(t, pinned, waits) }
func TestContextPanics(t *testing.T)                { locktest.ContextPanics(t, pinned, waits) }
func TestCriticalSectionsCrossBubbles(t *testing.T) { locktest.CrossBubbles(t, waits) }
func TestDurable(t *testing.T)                      { locktest.Durable(t, waits) }
func TestLimitsOutsideBubbles(t *testing.T)         { locktest.LimitsOutsideBubbles(t, waits()) }
func TestLeakProfileNamesNoLiveWaiter(t *testing.T) { locktest.LeakProfile(t, pinned, waits) }
func TestMutexProfileBlamesNobody(t *testing.T)     { locktest.MutexProfile(t, pinned, waits) }

// TestLastLook lets a condition come true before the limit, and its wake-up after.
func TestLastLook(t *testing.T) {
	locktest.LastLook(t, func() locktest.LateWait {
		g := guard.NewMutex(false)
		yes := func(v *bool) bool { return *v }
		return locktest.LateWait{
			WaitFor:     func(d time.Duration) bool { return g.WhenFor(d, yes, func(*bool) {}) },
			WaitContext: func(ctx context.Context) error { return g.WhenContext(ctx, yes, func(*bool) {}) },
			Happen:      func() { g.AsIfSet(true) },
			Wake:        func() {},
		}
	})
}

// TestNoSecondLook checks that a WhenFor whose condition does not hold looks no more than once
// after its limit, and leaves the lock free.
func TestNoSecondLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g guard.Mutex[int]
		looks := 0
		if g.WhenFor(time.Second, func(*int) bool { looks++; return false }, func(*int) { t.Error("called") }) {
			t.Error("WhenFor reports that the condition holds")
		}
		if looks != 2 || g.State() != 0 {
			t.Errorf("%d looks, want 2; the state is %#x, want 0", looks, g.State())
		}
	})
}

// TestHandOffDoesNotYield counts how many of ten other goroutines run, with one processor, before a With comes
// back that hands the lock off. As the scheduler may interfere now and then, the majority counts.
func TestHandOffDoesNotYield(t *testing.T) {
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	procs.Refresh()
	g := guard.NewMutex(false)
	var seen []int
	yields := 0
	for range 20 {
		var done sync.WaitGroup
		done.Go(func() { g.When(func(v *bool) bool { return *v }, func(v *bool) { *v = false }) })
		locktest.Eventually(t, "a waiter", func() bool { return g.Waiting() == 1 })
		var ran atomic.Int32
		for range 10 {
			done.Go(func() { ran.Add(1) })
		}
		g.With(func(v *bool) { *v = true; g.HandedOffLongAgo() })
		n := int(ran.Load())
		if seen = append(seen, n); n != 0 {
			yields++
		}
		done.Wait()
	}
	if yields > len(seen)/2 {
		t.Errorf("of ten goroutines, so many ran before With came back: %d; want none", seen)
	}
}
