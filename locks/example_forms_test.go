// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

func ExampleMutex_TryLock() {
	var m locks.Mutex
	fmt.Println(m.TryLock(), m.TryLock())
	m.Unlock()
	// Output: true false
}

// One limit is spent on two locks.
func ExampleMutex_LockLimit() {
	var config locks.RWMutex
	var log locks.Mutex
	limit := park.For(10 * time.Millisecond)
	log.Lock() // is busy
	if err := config.LockLimit(limit); err == nil {
		defer config.Unlock()
		fmt.Println(log.LockLimit(limit))
	}
	// Output: i/o timeout
}

func ExampleFairMutex_LockContext() {
	var m locks.FairMutex
	fmt.Println("free:", m.TryLock())
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	fmt.Println(m.LockContext(ctx))
	m.Unlock()
	// Output:
	// free: true
	// context deadline exceeded
}

func ExampleSpinLock_LockContext() {
	var l locks.SpinLock
	fmt.Println("free:", l.TryLock())
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	fmt.Println(l.LockContext(ctx))
	l.Unlock()
	// Output:
	// free: true
	// context deadline exceeded
}

func ExampleMCSLock_TryLock() {
	var l locks.MCSLock
	fmt.Println(l.TryLock(), l.TryLock())
	l.Unlock()
	// Output: true false
}

// Broadcast wakes all: each looks whether the change is what it waits for.
func ExampleCond_Broadcast() {
	var m locks.Mutex
	var wg locks.WaitGroup
	c := locks.Cond{L: &m}
	stage := 0
	for wanted := range 3 {
		wg.Go(func() {
			c.L.Lock()
			defer c.L.Unlock()
			for stage < wanted {
				c.Wait()
			}
		})
	}
	for range 2 {
		m.Lock()
		stage++
		m.Unlock()
		c.Broadcast()
	}
	wg.Wait()
	fmt.Println("stage", stage)
	// Output: stage 2
}

func ExampleCond_WaitContext() {
	var m locks.Mutex
	c := locks.NewCond(&m)
	ctx, cancel := context.WithCancelCause(context.Background())
	time.AfterFunc(time.Millisecond, func() { cancel(errors.New("the client has gone")) })
	arrived := false
	m.Lock()
	defer m.Unlock() // WaitContext returns with m locked, whatever ended it
	for !arrived {
		if err := c.WaitContext(ctx); err != nil {
			fmt.Println(err)
			return
		}
	}
	// Output: the client has gone
}

func ExampleWaitGroup_WaitContext() {
	var wg locks.WaitGroup
	wg.Add(1)
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	fmt.Println(wg.WaitContext(ctx))
	wg.Done()
	fmt.Println(wg.WaitContext(context.Background()))
	// Output:
	// context deadline exceeded
	// <nil>
}

func ExampleAutoEvent_WaitContext() {
	var work locks.AutoEvent
	work.Set()
	work.Reset() // nobody needs to look any more
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	fmt.Println(work.WaitContext(ctx))
	// Output: context deadline exceeded
}

func ExampleOnceFunc() {
	hello := locks.OnceFunc(func() { fmt.Println("hello") })
	hello()
	hello()
	// Output: hello
}

func ExampleOnceValues() {
	answer := locks.OnceValues(func() (int, error) {
		fmt.Println("thinking")
		return 42, nil
	})
	fmt.Println(answer())
	fmt.Println(answer())
	// Output:
	// thinking
	// 42 <nil>
	// 42 <nil>
}

// A function that takes a Locker works with each kind of lock.
func ExampleLocker() {
	with := func(l locks.Locker, f func()) {
		l.Lock()
		defer l.Unlock()
		f()
	}
	for _, l := range []locks.Locker{new(locks.Mutex), new(locks.FairMutex), new(locks.SpinLock)} {
		with(l, func() { fmt.Printf("%T\n", l) })
	}
	// Output:
	// *locks.Mutex
	// *locks.FairMutex
	// *locks.SpinLock
}

// Map and Pool are those of package sync.
func ExampleMap() {
	var m locks.Map
	m.Store("Ada", 36)
	fmt.Println(m.Load("Ada"))
	// Output: 36 true
}

func ExamplePool() {
	builders := locks.Pool{New: func() any { return new(strings.Builder) }}
	b := builders.Get().(*strings.Builder)
	b.Reset()
	b.WriteString("hello")
	fmt.Println(b)
	builders.Put(b)
	// Output: hello
}
