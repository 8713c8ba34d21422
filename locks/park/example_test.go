// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// A Gate lets one goroutine in at a time.
type Gate struct{ closed atomic.Uint32 }

func (g *Gate) Enter() {
	for !g.closed.CompareAndSwap(0, 1) {
		park.Wait(&g.closed, 1)
	}
}

func (g *Gate) Leave() {
	g.closed.Store(0)
	park.Wake(&g.closed)
}

func Example() {
	var g Gate
	inside, most, done := 0, 0, make(chan struct{})
	for range 10 {
		go func() {
			g.Enter()
			inside++
			most = max(most, inside)
			inside--
			g.Leave()
			done <- struct{}{}
		}()
	}
	for range 10 {
		<-done
	}
	fmt.Println("inside at once:", most)
	// Output: inside at once: 1
}

func ExampleWaitFor() {
	var word atomic.Uint32
	fmt.Println("woken:", park.WaitFor(&word, 0, time.Millisecond))
	// Output: woken: false
}

func ExampleWaitContext() {
	var word atomic.Uint32
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	fmt.Println("too late:", errors.Is(park.WaitContext(ctx, &word, 0), context.DeadlineExceeded))
	fmt.Println(park.WaitContext(context.Background(), &word, 1)) // the word differs
	// Output:
	// too late: true
	// <nil>
}

// A lock that can give up uses one limit for all sleeps of a wait.
func ExampleWaitLimit() {
	var held atomic.Uint32
	lock := func(limit park.Limit) error {
		if err := limit.Err(); err != nil {
			return err // already reached
		}
		for !held.CompareAndSwap(0, 1) {
			if err := park.WaitLimit(&held, 1, park.Exclusion, limit); err != nil {
				return err
			}
		}
		return nil
	}
	fmt.Println(lock(park.For(time.Minute)))
	fmt.Println("too late:", errors.Is(lock(park.For(time.Millisecond)), os.ErrDeadlineExceeded))
	// Output:
	// <nil>
	// too late: true
}

func ExampleWakeAll() {
	var open atomic.Uint32
	done := make(chan struct{})
	for range 3 {
		go func() {
			for open.Load() == 0 {
				park.Wait(&open, 0)
			}
			done <- struct{}{}
		}()
	}
	open.Store(1)
	park.WakeAll(&open)
	for range 3 {
		<-done
	}
	fmt.Println("all are through")
	// Output: all are through
}

// Requeue wakes one of many waiters, and moves the others to the lock that it will release.
func ExampleRequeue() {
	var changed, lock atomic.Uint32
	lock.Store(1) // held
	done := make(chan struct{})
	for range 3 {
		go func() {
			for changed.Load() == 0 {
				park.Wait(&changed, 0)
			}
			done <- struct{}{}
		}()
	}
	awaitQueued(&changed, 3)
	changed.Store(1)
	woken, moved, ok := park.Requeue(&changed, 1, 1, &lock, 10)
	fmt.Println(woken, moved, ok)
	<-done
	lock.Store(0)
	park.WakeAll(&lock)
	<-done
	<-done
	// Output: 1 2 true
}

func ExampleBackend() {
	fmt.Println(park.Backend() != "") // on Linux "kernel (futex)"
	// Output: true
}

// A lock is handed off with the wake, so that no other goroutine can take it in between.
func ExampleQueue() {
	const free, held = 0, 1
	var word atomic.Uint32
	word.Store(held)

	lock := func() {
		w := park.NewWaiter(park.Exclusion, park.Limit{})
		defer w.Free()
		w.Sleep(&word, enqueueFunc(func(q park.Queue, w *park.Waiter) (token uint32) {
			if !word.CompareAndSwap(free, held) {
				q.Push(w)
			}
			return 0
		}), nil) // the caller has the lock in both cases: the waker does not free it
	}
	unlock := func() {
		var w *park.Waiter
		park.WithQueue(&word, func(q park.Queue) {
			if w = q.Pop(); w == nil {
				word.Store(free)
			}
		})
		if w != nil {
			w.Wake(0)
		}
	}

	done := make(chan struct{})
	go func() {
		lock()
		fmt.Println("got it")
		unlock()
		close(done)
	}()
	unlock()
	<-done
	// Output: got it
}

// A worker serves whichever of its two words changes first.
func ExampleWaitAny() {
	var jobs, quit atomic.Uint32
	done := make(chan bool)
	go func() {
		defer close(done)
		seen := uint32(0)
		for {
			which, _ := park.WaitAny(park.Limit{}, park.Word{Addr: &quit, Old: 0}, park.Word{Addr: &jobs, Old: seen})
			switch {
			case quit.Load() != 0:
				return
			case which == 1 && jobs.Load() != seen:
				seen = jobs.Load()
				fmt.Println("job", seen)
				done <- true
			}
		}
	}()
	jobs.Store(1)
	park.Wake(&jobs)
	<-done
	quit.Store(1)
	park.Wake(&quit)
	<-done
	which, err := park.WaitAny(park.For(time.Millisecond), park.Word{Addr: &quit, Old: 1}, park.Word{Addr: &jobs, Old: 1})
	fmt.Println(which, errors.Is(err, os.ErrDeadlineExceeded))
	// Output:
	// job 1
	// -1 true
}
