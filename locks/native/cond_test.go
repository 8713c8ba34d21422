// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows

package native_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/locks/native"
)

// rounds returns n, or a tenth of it in short mode.
func rounds(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}

// finish waits for what runs in g.
func finish(t *testing.T, what string, g *sync.WaitGroup) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		g.Wait()
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatalf("%s have not ended within a minute", what)
	}
}

// TestCondSignal gives one permit at a time, and a Signal for it. Were one lost, nobody
// would take the permit.
func TestCondSignal(t *testing.T) {
	const threads = 4
	var m native.Mutex
	c := native.NewCond(&m)
	permits, taken := 0, 0
	var g sync.WaitGroup
	each := rounds(1000)
	for range threads {
		g.Go(func() {
			for range each {
				m.Lock()
				for permits == 0 {
					c.Wait()
				}
				permits--
				taken++
				m.Unlock()
			}
		})
	}
	for i := range threads * each {
		m.Lock()
		permits++
		if i%2 == 0 {
			c.Signal()
			m.Unlock()
		} else {
			m.Unlock()
			c.Signal()
		}
		if i%8 == 0 { // now and then all of them have gone to sleep before
			eventually(t, "takers of a permit", func() bool {
				m.Lock()
				defer m.Unlock()
				return permits == 0
			})
		}
	}
	finish(t, "takers of permits", &g)
	if permits != 0 || taken != threads*each {
		t.Errorf("%d permits taken and %d left, want %d and 0", taken, permits, threads*each)
	}
	if c.Waiters() != 0 || !m.Idle() {
		t.Error("something is left of the waiters")
	}
}

func TestCondBroadcast(t *testing.T) {
	const threads = 20
	for i := range rounds(100) {
		var m native.Mutex
		c := native.NewCond(&m)
		var g sync.WaitGroup
		released, woken := false, 0
		for range threads {
			g.Go(func() {
				m.Lock()
				for !released {
					c.Wait()
				}
				woken++
				m.Unlock()
			})
		}
		eventually(t, "threads on their way to Wait", func() bool { return c.Waiters() == threads })
		m.Lock()
		released = true
		if i%2 == 0 {
			c.Broadcast()
			m.Unlock()
		} else {
			m.Unlock()
			c.Broadcast()
		}
		finish(t, "waiters after a Broadcast", &g)
		if woken != threads {
			t.Errorf("%d of %d were woken", woken, threads)
		}
		if c.Waiters() != 0 || !m.Idle() {
			t.Error("something is left of the waiters")
		}
	}
}

func TestCondWaitFor(t *testing.T) {
	var m native.Mutex
	c := native.NewCond(&m)
	for _, d := range []time.Duration{math.MinInt64, -1, 0, 1, 20 * time.Millisecond} {
		m.Lock()
		start := time.Now()
		for c.WaitFor(d) { // the contract allows it
			t.Logf("WaitFor(%d) returned for no reason", d)
		}
		if got := time.Since(start); got < d {
			t.Errorf("WaitFor(%v) gave up after %v", d, got)
		}
		apart(func() {
			if m.TryLock() {
				t.Errorf("WaitFor(%v) has not locked the mutex again", d)
			}
		})
		m.Unlock()
	}
	for _, d := range []time.Duration{time.Hour, math.MaxInt64 - 1, math.MaxInt64} {
		var g sync.WaitGroup
		ready := false
		g.Go(func() {
			m.Lock()
			defer m.Unlock()
			for !ready {
				if !c.WaitFor(d) {
					t.Errorf("WaitFor(%v) gave up", d)
				}
			}
		})
		eventually(t, "a thread on its way to WaitFor", func() bool { return c.Waiters() == 1 })
		m.Lock()
		ready = true
		c.Signal()
		m.Unlock()
		finish(t, "WaitFor after a Signal", &g)
	}
}

// TestCondTimeoutEatsNoSignal sends one Signal while one of two waiters may give up. If that
// one says it was not woken, the other one must be.
func TestCondTimeoutEatsNoSignal(t *testing.T) {
	for range rounds(1000) {
		var m native.Mutex
		c := native.NewCond(&m)
		var impatient, patient sync.WaitGroup
		var came atomic.Int32
		woken, ready := false, false
		limit := time.Duration(rand.IntN(200_000))
		impatient.Go(func() {
			m.Lock()
			came.Add(1)
			woken = c.WaitFor(limit)
			m.Unlock()
		})
		patient.Go(func() {
			m.Lock()
			came.Add(1)
			for !ready {
				c.Wait()
			}
			m.Unlock()
		})
		for came.Load() != 2 {
			runtime.Gosched()
		}
		m.Lock() // both have let go of it in their waits
		ready = true
		c.Signal()
		m.Unlock()
		finish(t, "a wait that may give up", &impatient)
		if woken {
			c.Signal() // it may have been the only one
		}
		finish(t, "a waiter whose Signal another one, who gave up, has eaten", &patient)
	}
}

// TestCondLimitAfterBroadcast holds the mutex from a Broadcast until after the limit of a
// waiter, which was moved to the mutex's queue by then. It was woken all the same.
func TestCondLimitAfterBroadcast(t *testing.T) {
	for limit := 20 * time.Millisecond; ; limit *= 2 {
		var m native.Mutex
		c := native.NewCond(&m)
		var g sync.WaitGroup
		g.Go(func() {
			m.Lock()
			c.Wait()
			m.Unlock()
		})
		eventually(t, "the first waiter", func() bool { return c.Waiters() == 1 })
		var woken bool
		start := time.Now()
		g.Go(func() {
			m.Lock()
			woken = c.WaitFor(limit)
			m.Unlock()
		})
		eventually(t, "the second waiter", func() bool { return c.Waiters() == 2 })
		time.Sleep(limit / 4) // so that it is asleep, most likely; nothing depends on it
		m.Lock()
		c.Broadcast()
		inTime := time.Since(start) < limit
		time.Sleep(2 * limit) // let the limit pass
		m.Unlock()
		finish(t, "waiters after a Broadcast", &g)
		if !inTime {
			t.Logf("the Broadcast came after %v; once more with more time", limit)
			continue
		}
		if !woken {
			t.Error("WaitFor says that it was not woken, and the Broadcast came before its limit")
		}
		return
	}
}

// TestCondStress moves items through a small buffer, with waits that give up, while the
// garbage collector runs.
func TestCondStress(t *testing.T) {
	const producers, consumers, room = 3, 3, 2
	var m native.Mutex
	notEmpty, notFull := native.NewCond(&m), native.NewCond(&m)
	items, made, used := 0, 0, 0
	var g sync.WaitGroup
	var stop atomic.Bool
	each := rounds(3000)
	wait := func(c *native.Cond, patient bool) {
		if patient {
			c.Wait()
		} else {
			c.WaitFor(time.Duration(rand.IntN(50_000)))
		}
	}
	for id := range producers {
		g.Go(func() {
			for i := range each {
				m.Lock()
				for items == room {
					wait(notFull, id != 0)
				}
				items++
				made++
				if i%16 == 0 {
					notEmpty.Broadcast()
				} else {
					notEmpty.Signal()
				}
				m.Unlock()
			}
		})
	}
	for id := range consumers {
		g.Go(func() {
			for i := range each {
				m.Lock()
				for items == 0 {
					wait(notEmpty, id != 0)
				}
				items--
				used++
				m.Unlock()
				if i%16 == 0 {
					notFull.Broadcast()
				} else {
					notFull.Signal()
				}
			}
		})
	}
	gc := make(chan struct{})
	go func() {
		defer close(gc)
		for !stop.Load() {
			runtime.GC()
		}
	}()
	finish(t, "producers and consumers", &g)
	stop.Store(true)
	<-gc
	if items != 0 || made != producers*each || used != made {
		t.Errorf("%d made, %d used, %d left; want %d, as many, 0", made, used, items, producers*each)
	}
	if notEmpty.Waiters() != 0 || notFull.Waiters() != 0 || !m.Idle() {
		t.Error("something is left of the waiters")
	}
}

// TestCondStressBroadcast lets a Broadcast meet some signals, too few for all who wait.
func TestCondStressBroadcast(t *testing.T) {
	const threads, signals = 12, 4
	for range rounds(500) {
		var m native.Mutex
		c := native.NewCond(&m)
		released := false
		var ready, start atomic.Bool
		var waiters, signaller sync.WaitGroup
		for range threads {
			waiters.Go(func() {
				m.Lock()
				for !released {
					c.Wait()
				}
				m.Unlock()
			})
		}
		eventually(t, "threads on their way to Wait", func() bool { return c.Waiters() == threads })
		signaller.Go(func() {
			ready.Store(true)
			for !start.Load() {
			}
			for range signals {
				c.Signal()
			}
		})
		for !ready.Load() {
			runtime.Gosched()
		}
		m.Lock()
		released = true
		m.Unlock()
		start.Store(true)
		c.Broadcast()
		finish(t, "waiters after a Broadcast", &waiters)
		signaller.Wait()
	}
}

// TestCondHappensBefore lets nothing but a Signal order a write before a read. The race
// detector sees it.
func TestCondHappensBefore(t *testing.T) {
	var m native.Mutex
	c := native.NewCond(&m)
	for range rounds(200) {
		written := 0
		var g sync.WaitGroup
		g.Go(func() {
			m.Lock()
			c.Wait()
			if written != 1 {
				t.Logf("Wait returned for no reason") // then there is no edge, and the detector may say so
			}
			m.Unlock()
		})
		eventually(t, "a thread on its way to Wait", func() bool { return c.Waiters() == 1 })
		written = 1
		c.Signal()
		finish(t, "a waiter after a Signal", &g)
	}
}

func TestAllocations(t *testing.T) {
	if !allocs.Counted(t) {
		t.Skip("allocations are not counted")
	}
	var m native.Mutex
	c := native.NewCond(&m)
	turn, each := 0, rounds(5000)
	var g sync.WaitGroup
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for id := range 2 {
		g.Go(func() {
			for i := range each {
				m.Lock()
				for turn != id {
					if i%2 == 0 {
						c.Wait()
					} else {
						c.WaitFor(time.Minute)
					}
				}
				turn = 1 - id
				c.Signal()
				m.Unlock()
			}
		})
	}
	finish(t, "two threads that take turns", &g)
	runtime.ReadMemStats(&after)
	if n := after.Mallocs - before.Mallocs; n > uint64(each)/2 {
		t.Errorf("%d allocations in %d turns, want none but of the test", n, 2*each)
	}
}
