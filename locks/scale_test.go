// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"runtime/pprof"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
)

// waits returns a wait of each type.
func waits() []locktest.Wait {
	ctx := context.Background()
	var m, m2 locks.Mutex
	var fair locks.FairMutex
	var reading, writing, upgrading locks.RWMutex
	var biased locks.BiasedRWMutex
	m.Lock()
	fair.Lock()
	reading.Lock()
	writing.RLock()
	upgrading.UpgradableLock()
	biased.Lock()
	s := locks.NewSemaphore(1)
	s.AcquireContext(ctx, 1)
	c := locks.NewCond(&m2)
	atCond := 0 // guarded by m2
	var wg locks.WaitGroup
	wg.Add(1)
	var once locks.Once
	ran, ran2 := make(chan struct{}), make(chan struct{})
	go once.Do(func() { close(ran); <-ran2 })
	<-ran
	var e locks.Event
	var a locks.AutoEvent
	l := locks.NewLatch(1)
	return []locktest.Wait{
		locktest.LockWait("Mutex", m.Waiting, m.TryLockFor, m.LockContext, m.Unlock, m.Unlock).Limited(limitOf(m.LockLimit), m.Unlock),
		locktest.LockWait("FairMutex", fair.Waiting, fair.TryLockFor, fair.LockContext, fair.Unlock, fair.Unlock).Limited(limitOf(fair.LockLimit), fair.Unlock),
		locktest.LockWait("RWMutex readers", reading.Waiting, reading.TryRLockFor, reading.RLockContext, reading.RUnlock, reading.Unlock).
			Limited(limitOf(reading.RLockLimit), reading.RUnlock),
		locktest.LockWait("RWMutex writers", writing.Waiting, writing.TryLockFor, writing.LockContext, writing.Unlock, writing.RUnlock).
			Limited(limitOf(writing.LockLimit), writing.Unlock),
		locktest.LockWait("RWMutex upgradable", upgrading.Waiting, upgrading.TryUpgradableLockFor,
			upgrading.UpgradableLockContext, upgrading.UpgradableUnlock, upgrading.UpgradableUnlock).
			Limited(limitOf(upgrading.UpgradableLockLimit), upgrading.UpgradableUnlock),
		{Name: "BiasedRWMutex", Waiting: biased.Waiting, WaitFor: func(d time.Duration) bool {
			_, ok := biased.TryRLockFor(d)
			return ok
		}, Wait: func(ctx context.Context) error {
			t, err := biased.RLockContext(ctx)
			if err == nil {
				biased.RUnlock(t)
			}
			return err
		}, WaitLimit: limitOf(func(limit park.Limit) error {
			t, err := biased.RLockLimit(limit)
			if err == nil {
				biased.RUnlock(t)
			}
			return err
		}), Settle: biased.Unlock},
		{Name: "Once", Waiting: once.Waiting, Wait: func(context.Context) error {
			once.Do(func() {})
			return nil
		}, Settle: func() { close(ran2) }, Endless: true},
		locktest.Wait{
			Name: "Semaphore", Waiting: s.Waiting, WaitFor: func(d time.Duration) bool { return s.TryAcquireFor(1, d) },
			Wait:   locktest.PassOn(func(ctx context.Context) error { return s.AcquireContext(ctx, 1) }, func() { s.Release(1) }),
			Settle: func() { s.Release(1) }, Condition: true,
		}.Limited(limitOf(func(limit park.Limit) error { return s.AcquireLimit(limit, 1) }), func() { s.Release(1) }),
		// A goroutine that holds the mutex finds all in the queue that have counted themselves. To count the queue
		// would keep the others from it.
		{Name: "Cond", Waiting: func() int { m2.Lock(); defer m2.Unlock(); return atCond }, WaitFor: func(d time.Duration) bool {
			m2.Lock()
			defer m2.Unlock()
			return c.WaitFor(d)
		}, Wait: func(ctx context.Context) error {
			m2.Lock()
			defer m2.Unlock()
			atCond++
			defer func() { atCond-- }()
			return c.WaitContext(ctx)
		}, WaitLimit: limitOf(func(limit park.Limit) error {
			m2.Lock()
			defer m2.Unlock()
			atCond++
			defer func() { atCond-- }()
			return c.WaitLimit(limit)
		}), Settle: c.Broadcast, Transient: true, Condition: true},
		{Name: "WaitGroup", Waiting: wg.Waiting, WaitFor: wg.WaitFor, Wait: wg.WaitContext, WaitLimit: limitOf(wg.WaitLimit), Settle: wg.Done, Condition: true},
		{Name: "Event", Waiting: e.Waiting, WaitFor: e.WaitFor, Wait: e.WaitContext, WaitLimit: limitOf(e.WaitLimit), Settle: e.Set, Condition: true},
		locktest.Wait{
			Name: "AutoEvent", Waiting: a.Waiting, WaitFor: a.WaitFor,
			Wait: locktest.PassOn(a.WaitContext, a.Set), Settle: a.Set, Condition: true,
		}.Limited(limitOf(a.WaitLimit), a.Set),
		{Name: "Latch", Waiting: l.Waiting, WaitFor: l.WaitFor, Wait: l.WaitContext, WaitLimit: limitOf(l.WaitLimit), Settle: func() { l.Arrive(1) }, Condition: true},
	}
}

func TestScale(t *testing.T) { locktest.Scale(t, pinned, waits()) }

// TestBarrierScale lets many come, and breaks the barrier, and lets as many come again.
func TestBarrierScale(t *testing.T) {
	n, threads := locktest.Size(100_000), 50
	b := locks.NewBarrier(n + threads + 1)
	for _, want := range []error{locks.ErrBroken, nil} {
		var wg sync.WaitGroup
		wg.Add(n + threads)
		wait := func() {
			defer wg.Done()
			if leader, err := b.WaitContext(context.Background()); leader || err != want {
				t.Errorf("WaitContext = %v, %v, want %v", leader, err, want)
			}
		}
		for range threads {
			thread.Spawn(func() error { wait(); return nil })
		}
		locktest.Eventually(t, "all threads wait", func() bool { return b.Waiting() == threads })
		made := pprof.Lookup("threadcreate").Count()
		for range n {
			go wait()
		}
		locktest.Eventually(t, "all wait", func() bool { return b.Waiting() == n+threads })
		if more := pprof.Lookup("threadcreate").Count() - made; more > 20 {
			t.Errorf("%d goroutines that wait made %d threads", n, more)
		}
		if want == nil {
			if leader, err := b.WaitFor(0); !leader || err != nil {
				t.Errorf("the last to come: %v, %v", leader, err)
			}
		} else {
			b.Reset()
		}
		wg.Wait()
	}
	if b.Waiting() != 0 || b.State() != 0 {
		t.Errorf("%d wait, word %#x, at the end", b.Waiting(), b.State())
	}
}

// TestMemory weighs all types, and a Barrier.
func TestMemory(t *testing.T) {
	locktest.Memory(t, func(n int) []locktest.Wait {
		b := locks.NewBarrier(n + 1)
		return append(waits(), locktest.Wait{Name: "Barrier", Waiting: b.Waiting, Wait: func(ctx context.Context) error {
			_, err := b.WaitContext(ctx)
			return err
		}, Settle: func() { b.Wait() }})
	})
}
