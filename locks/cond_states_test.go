// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
)

// TestCondMark checks the mark by which a Cond knows of waiters, after each way to end a wait.
func TestCondMark(t *testing.T) {
	for _, l := range []Locker{new(Mutex), new(sync.Mutex)} {
		c := NewCond(l)
		wait := func(ctx context.Context, n int) chan error {
			result := make(chan error, 1)
			go func() {
				c.L.Lock()
				result <- c.WaitContext(ctx)
				c.L.Unlock()
			}()
			locktest.Eventually(t, "a waiter", func() bool { return queued(&c.queued) == n })
			return result
		}
		check := func(after string, want uint32) {
			t.Helper()
			if got := c.queued.Load(); got != want {
				t.Errorf("%T: the mark is %d after %s, want %d", l, got, after, want)
			}
		}
		check("nothing", 0)
		first, second := wait(t.Context(), 1), wait(t.Context(), 2)
		check("two waits", 1)
		c.Signal()
		<-first
		check("a signal", 1)
		ctx, cancel := context.WithCancel(t.Context())
		third := wait(ctx, 2)
		cancel()
		<-third
		check("a cancellation, with one left", 1)
		fourth := wait(t.Context(), 2)
		c.Broadcast()
		<-second
		<-fourth
		check("a broadcast", 0)
		fifth := wait(t.Context(), 1)
		c.Signal()
		<-fifth
		check("the last signal", 1)
		sixth := wait(t.Context(), 1)
		c.Signal()
		<-sixth
		c.Signal()
		check("a signal without a waiter", 0)
		ctx, cancel = context.WithCancel(t.Context())
		seventh := wait(ctx, 1)
		check("a wait", 1)
		cancel()
		<-seventh
		check("a cancellation", 0)
	}
}

// broadcast wakes a waiter without a limit and then one with ctx, and leaves c.L, a Mutex, locked. It counts those that
// have returned; join waits for them.
func broadcast(t *testing.T, c *Cond, ctx context.Context) (returned *atomic.Int32, join func()) {
	crew := locktest.NewCrew(t, locktest.Goroutines)
	returned = new(atomic.Int32)
	for _, ctx := range []context.Context{t.Context(), ctx} {
		crew.StartWaiting(c, func() {
			c.L.Lock()
			if err := c.WaitContext(ctx); err != nil {
				t.Errorf("WaitContext = %v after a Broadcast", err)
			}
			returned.Add(1)
			c.L.Unlock()
		})
	}
	c.L.Lock()
	c.Broadcast()
	return returned, func() { crew.Join(); crew.Idle(c.L.(*Mutex), 0) }
}

// TestCancelAfterBroadcast cancels a wait that a Broadcast has requeued to the mutex. It counts as woken.
func TestCancelAfterBroadcast(t *testing.T) {
	var m Mutex
	c := NewCond(&m)
	ctx, cancel := context.WithCancel(t.Context())
	_, join := broadcast(t, c, ctx)
	locktest.Eventually(t, "both wait for the mutex", func() bool { return m.Waiting() == 2 })
	cancel()
	time.Sleep(time.Millisecond) // for the waiter to notice; otherwise the test tests less
	m.Unlock()
	join()
}

// TestLimitOfAMovedWait lets a waiter that a Broadcast has requeued lose the race for the mutex, and then
// cancels it: it must not return before it has the mutex.
func TestLimitOfAMovedWait(t *testing.T) {
	var m Mutex
	c := NewCond(&m)
	ctx, cancel := context.WithCancel(t.Context())
	returned, join := broadcast(t, c, ctx)
	locktest.Eventually(t, "both wait for the mutex", func() bool { return m.Waiting() == 2 && m.state.Load()&mutexWoken == 0 })
	overtake(t, &m, true) // the one that was requeued
	cancel()
	for start := time.Now(); time.Since(start) < time.Millisecond; {
		runtime.Gosched()
	}
	if returned.Load() != 0 {
		t.Error("Wait has returned while another holds the mutex")
	}
	m.Unlock()
	join()
}

// TestCondWithoutMutexEntersNoQueue waits without the Mutex, in each state of its word, while the queue is held. The
// panic comes before the wait is in the queue, where it might consume a Signal.
func TestCondWithoutMutexEntersNoQueue(t *testing.T) {
	for s := range uint32(16) {
		if s&mutexLocked != 0 {
			continue
		}
		var m Mutex
		m.state.Store(s)
		c := NewCond(&m)
		_, release := holdQueue(&c.queued)
		var panicked atomic.Int32
		for _, wait := range []func(){c.Wait, func() { c.WaitFor(time.Second) }} {
			go func() {
				defer panicked.Add(1)
				defer func() { recover() }()
				wait()
			}()
		}
		locktest.Eventually(t, "both waits have panicked", func() bool { return panicked.Load() == 2 })
		release()
	}
}
