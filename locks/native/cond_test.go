// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows || freebsd || openbsd || netbsd || dragonfly

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
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/native"
)

// TestCondSignalWakesAWaiter gives one permit at a time, and a Signal for it. If a Signal were lost
// its permit would not be taken.
func TestCondSignalWakesAWaiter(t *testing.T) {
	const threads = 4
	var m native.Mutex
	c := native.NewCond(&m)
	permits, taken := 0, 0
	g := locktest.NewCrew(t, locktest.Goroutines)
	each := locktest.Rounds(1000)
	for range threads {
		g.Start(func() {
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
		if i%8 == 0 { // now and then, after all of them have gone to sleep
			locktest.Eventually(t, "the permits are taken", func() bool {
				m.Lock()
				defer m.Unlock()
				return permits == 0
			})
		}
	}
	g.Join()
	if permits != 0 || taken != threads*each {
		t.Errorf("%d permits taken and %d left, want %d and 0", taken, permits, threads*each)
	}
	if c.Waiters() != 0 || !m.Idle() {
		t.Error("a lock is not idle at the end")
	}
}

// TestCondSignalWakesOne checks that a Signal for threads that sleep wakes one of them. Some may not be asleep
// yet, or wake for no reason, but not again and again.
func TestCondSignalWakesOne(t *testing.T) {
	const threads = 3
	g := locktest.NewCrew(t, locktest.Goroutines)
	for pause := time.Millisecond; pause < time.Minute; pause *= 2 {
		var m native.Mutex
		c := native.NewCond(&m)
		for range threads {
			g.Start(func() {
				m.Lock()
				c.Wait()
				m.Unlock()
			})
		}
		locktest.Eventually(t, "all threads are in Wait", func() bool { return c.Waiters() == threads })
		time.Sleep(pause) // most likely they are asleep then
		c.Signal()
		locktest.Eventually(t, "a thread has woken", func() bool { return c.Waiters() < threads })
		time.Sleep(pause)
		woken := threads - c.Waiters()
		c.Broadcast()
		g.Join()
		if woken == 1 {
			return
		}
		t.Logf("a Signal has woken %d threads after %v; trying once more", woken, pause)
	}
	t.Error("a Signal wakes more than one thread")
}

func TestCondBroadcastWakesAll(t *testing.T) {
	g := locktest.NewCrew(t, locktest.Goroutines)
	const threads = 20
	for i := range locktest.Rounds(100) {
		var m native.Mutex
		c := native.NewCond(&m)
		released, woken := false, 0
		for range threads {
			g.Start(func() {
				m.Lock()
				for !released {
					c.Wait()
				}
				woken++
				m.Unlock()
			})
		}
		locktest.Eventually(t, "all threads are in Wait", func() bool { return c.Waiters() == threads })
		m.Lock()
		released = true
		if i%2 == 0 {
			c.Broadcast()
			m.Unlock()
		} else {
			m.Unlock()
			c.Broadcast()
		}
		g.Join()
		if woken != threads {
			t.Errorf("%d of %d were woken", woken, threads)
		}
		if c.Waiters() != 0 || !m.Idle() {
			t.Error("a lock is not idle at the end")
		}
	}
}

func TestCondWaitForEndsInTime(t *testing.T) {
	g := locktest.NewCrew(t, locktest.Goroutines)
	var m native.Mutex
	c := native.NewCond(&m)
	for _, d := range []time.Duration{math.MinInt64, -1, 0, 1, 20 * time.Millisecond} {
		m.Lock()
		start := time.Now()
		for c.WaitFor(d) { // the contract allows spurious wake-ups
			t.Logf("WaitFor(%d): spurious wake-up", d)
		}
		if got := time.Since(start); got < d {
			t.Errorf("WaitFor(%v) gave up after %v", d, got)
		}
		apart(func() {
			if m.TryLock() {
				t.Errorf("WaitFor(%v) returned with the mutex unlocked", d)
			}
		})
		m.Unlock()
	}
	for _, d := range []time.Duration{time.Hour, math.MaxInt64 - 1, math.MaxInt64} {
		ready := false
		g.Start(func() {
			m.Lock()
			defer m.Unlock()
			for !ready {
				if !c.WaitFor(d) {
					t.Errorf("WaitFor(%v) gave up", d)
				}
			}
		})
		locktest.Eventually(t, "a thread is in WaitFor", func() bool { return c.Waiters() == 1 })
		m.Lock()
		ready = true
		c.Signal()
		m.Unlock()
		g.Join()
	}
}

// TestCondTimeoutUsesUpNoSignal sends one Signal to two waiters, one of which may give up. If it does,
// the other one must be woken.
func TestCondTimeoutUsesUpNoSignal(t *testing.T) {
	impatient := locktest.NewCrew(t, locktest.Goroutines)
	patient := locktest.NewCrew(t, locktest.Goroutines)
	for range locktest.Rounds(1000) {
		var m native.Mutex
		c := native.NewCond(&m)
		var came atomic.Int32
		woken, ready := false, false
		limit := time.Duration(rand.IntN(200_000))
		impatient.Start(func() {
			m.Lock()
			came.Add(1)
			woken = c.WaitFor(limit)
			m.Unlock()
		})
		patient.Start(func() {
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
		m.Lock() // both have unlocked it in their waits
		ready = true
		c.Signal()
		m.Unlock()
		impatient.Join()
		if woken {
			c.Signal() // the first one may have woken the impatient waiter alone
		}
		patient.Join()
	}
}

// TestCondBroadcastBeatsLaterLimit holds the mutex from a Broadcast until after the limit of a waiter,
// which may have been requeued for the mutex. The waiter reports that it was woken.
func TestCondBroadcastBeatsLaterLimit(t *testing.T) {
	g := locktest.NewCrew(t, locktest.Goroutines)
	for limit := 20 * time.Millisecond; ; limit *= 2 {
		var m native.Mutex
		c := native.NewCond(&m)
		g.Start(func() {
			m.Lock()
			c.Wait()
			m.Unlock()
		})
		locktest.Eventually(t, "the first waiter is in Wait", func() bool { return c.Waiters() == 1 })
		var woken bool
		start := time.Now()
		g.Start(func() {
			m.Lock()
			woken = c.WaitFor(limit)
			m.Unlock()
		})
		locktest.Eventually(t, "the second waiter is in WaitFor", func() bool { return c.Waiters() == 2 })
		time.Sleep(limit / 4) // most likely it is asleep then; nothing depends on it
		m.Lock()
		c.Broadcast()
		inTime := time.Since(start) < limit
		time.Sleep(2 * limit) // let the limit pass
		m.Unlock()
		g.Join()
		if !inTime {
			t.Logf("the Broadcast came after %v; trying a longer limit", limit)
			continue
		}
		if !woken {
			t.Error("WaitFor = false, but the Broadcast came before its limit")
		}
		return
	}
}

// TestCondStressBuffer moves items through a small buffer, with waits that give up, while the
// garbage collector runs.
func TestCondStressBuffer(t *testing.T) {
	const producers, consumers, room = 3, 3, 2
	var m native.Mutex
	notEmpty, notFull := native.NewCond(&m), native.NewCond(&m)
	items, made, used := 0, 0, 0
	g := locktest.NewCrew(t, locktest.Goroutines)
	var stop atomic.Bool
	each := locktest.Rounds(3000)
	wait := func(c *native.Cond, patient bool) {
		if patient {
			c.Wait()
		} else {
			c.WaitFor(time.Duration(rand.IntN(50_000)))
		}
	}
	for id := range producers {
		g.Start(func() {
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
		g.Start(func() {
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
	g.Join()
	stop.Store(true)
	<-gc
	if items != 0 || made != producers*each || used != made {
		t.Errorf("%d made, %d used, %d left; want %d, as many, 0", made, used, items, producers*each)
	}
	if notEmpty.Waiters() != 0 || notFull.Waiters() != 0 || !m.Idle() {
		t.Error("a lock is not idle at the end")
	}
}

// TestCondStressBroadcast calls Broadcast while another thread calls Signal, for fewer threads than
// wait. All of them wake.
func TestCondStressBroadcast(t *testing.T) {
	waiters := locktest.NewCrew(t, locktest.Goroutines)
	const threads, signals = 12, 4
	for range locktest.Rounds(500) {
		var m native.Mutex
		c := native.NewCond(&m)
		released := false
		var ready, start atomic.Bool
		var signaller sync.WaitGroup
		for range threads {
			waiters.Start(func() {
				m.Lock()
				for !released {
					c.Wait()
				}
				m.Unlock()
			})
		}
		locktest.Eventually(t, "all threads are in Wait", func() bool { return c.Waiters() == threads })
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
		waiters.Join()
		signaller.Wait()
	}
}

// TestCondSignalOrdersMemory orders a write before a read by a Signal alone. The race detector sees
// the order.
func TestCondSignalOrdersMemory(t *testing.T) {
	g := locktest.NewCrew(t, locktest.Goroutines)
	var m native.Mutex
	c := native.NewCond(&m)
	for range locktest.Rounds(200) {
		written := 0
		g.Start(func() {
			m.Lock()
			c.Wait()
			if written != 1 {
				t.Logf("spurious wake-up") // it orders nothing, and the detector may report a race
			}
			m.Unlock()
		})
		locktest.Eventually(t, "a thread is in Wait", func() bool { return c.Waiters() == 1 })
		written = 1
		c.Signal()
		g.Join()
	}
}

// TestCondAllocatesNothing hands a turn from one thread to another and back.
func TestCondAllocatesNothing(t *testing.T) {
	if !allocs.Counted(t) {
		t.Skip("allocations are not counted")
	}
	var m native.Mutex
	c := native.NewCond(&m)
	turn, each := 0, locktest.Rounds(5000)
	g := locktest.NewCrew(t, locktest.Goroutines)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for id := range 2 {
		g.Start(func() {
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
	g.Join()
	runtime.ReadMemStats(&after)
	if n := after.Mallocs - before.Mallocs; n > uint64(each)/2 {
		t.Errorf("%d allocations in %d turns, want only those of the test", n, 2*each)
	}
}
