// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"runtime"
	"sync"
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

// TestCancelAfterBroadcast cancels a wait that a Broadcast has requeued to the mutex. It counts as woken.
func TestCancelAfterBroadcast(t *testing.T) {
	var m Mutex
	c := NewCond(&m)
	ctx, cancel := context.WithCancel(t.Context())
	results := make(chan error, 2)
	for i, ctx := range []context.Context{t.Context(), ctx} {
		go func() {
			m.Lock()
			results <- c.WaitContext(ctx)
			m.Unlock()
		}()
		locktest.Eventually(t, "a waiter", func() bool { return queued(&c.queued) == i+1 })
	}
	m.Lock()
	c.Broadcast()
	locktest.Eventually(t, "both wait for the mutex", func() bool { return m.Waiting() == 2 })
	cancel()
	time.Sleep(time.Millisecond) // for the waiter to notice; otherwise the test tests less
	m.Unlock()
	for range 2 {
		if err := <-results; err != nil {
			t.Errorf("WaitContext = %v after a Broadcast", err)
		}
	}
	locktest.Eventually(t, "the mutex is free", func() bool { return m.state.Load() == 0 })
}

// TestLimitOfAMovedWait lets a waiter that a Broadcast has requeued lose the race for the mutex, and then
// cancels it: it must not return before it has the mutex.
func TestLimitOfAMovedWait(t *testing.T) {
	var m Mutex
	c := NewCond(&m)
	ctx, cancel := context.WithCancel(t.Context())
	returned := make(chan error, 2)
	for i, ctx := range []context.Context{t.Context(), ctx} {
		go func() {
			m.Lock()
			returned <- c.WaitContext(ctx)
			m.Unlock()
		}()
		locktest.Eventually(t, "a waiter", func() bool { return queued(&c.queued) == i+1 })
	}
	m.Lock()
	c.Broadcast()
	locktest.Eventually(t, "both wait for the mutex", func() bool { return m.Waiting() == 2 && m.state.Load()&mutexWoken == 0 })
	overtake(t, &m, true) // the one that was requeued
	cancel()
	for start := time.Now(); time.Since(start) < time.Millisecond; {
		runtime.Gosched()
	}
	if len(returned) != 0 {
		t.Error("Wait has returned while another holds the mutex")
	}
	m.Unlock()
	for range 2 {
		if err := <-returned; err != nil {
			t.Errorf("WaitContext = %v after a Broadcast", err)
		}
	}
	locktest.Eventually(t, "the mutex is free", func() bool { return m.state.Load() == 0 })
}
