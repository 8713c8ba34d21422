// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

func ExampleSemaphore() {
	const limit = 3
	s := locks.NewSemaphore(limit)
	var running, most atomic.Int32
	var wg locks.WaitGroup
	for range 20 {
		wg.Go(func() {
			s.Acquire(1)
			defer s.Release(1)
			for n := running.Add(1); ; {
				if m := most.Load(); n <= m || most.CompareAndSwap(m, n) {
					break
				}
			}
			running.Add(-1)
		})
	}
	wg.Wait()
	fmt.Println("never more than three at a time:", most.Load() <= limit)
	// Output: never more than three at a time: true
}

// A counting Semaphore counts the units that producers release, starting at 0.
func ExampleNewCountingSemaphore() {
	items := locks.NewCountingSemaphore(0)
	fmt.Println("an item before the first one was made:", items.TryAcquire(1))
	go func() {
		for range 3 {
			items.Release(1)
		}
	}()
	for range 3 {
		items.Acquire(1)
	}
	fmt.Println("a fourth item:", items.TryAcquire(1))
	// Output:
	// an item before the first one was made: false
	// a fourth item: false
}

// Units can represent any limited resource, here megabytes of memory.
func ExampleSemaphore_Acquire() {
	memory := locks.NewSemaphore(512)
	fmt.Println(memory.Acquire(400))
	fmt.Println("200 more at once:", memory.TryAcquire(200))
	fmt.Println("200 more soon:", memory.TryAcquireFor(200, time.Millisecond))
	fmt.Println("more than there is:", memory.Acquire(1000) == locks.ErrTooLarge)
	memory.Release(400)
	// Output:
	// <nil>
	// 200 more at once: false
	// 200 more soon: false
	// more than there is: true
}

func ExampleSemaphore_AcquireContext() {
	slots := locks.NewSemaphore(1)
	slots.Acquire(1) // all are busy
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	fmt.Println("too late:", errors.Is(slots.AcquireContext(ctx, 1), context.DeadlineExceeded))
	// Output: too late: true
}

// One limit applies to both a connection and the memory for its answer.
func ExampleSemaphore_AcquireLimit() {
	connections, memory := locks.NewSemaphore(10), locks.NewSemaphore(512)
	memory.Acquire(500) // is busy
	limit := park.For(10 * time.Millisecond)
	if err := connections.AcquireLimit(limit, 1); err == nil {
		defer connections.Release(1)
		fmt.Println("too late:", errors.Is(memory.AcquireLimit(limit, 100), os.ErrDeadlineExceeded))
	}
	// Output: too late: true
}

// The number of connections follows the load.
func ExampleSemaphore_Resize() {
	connections := locks.NewSemaphore(4)
	connections.Acquire(3)
	connections.Resize(2)
	fmt.Println("in use above the capacity:", -connections.Available(), "of", connections.Capacity())
	connections.Release(2)
	fmt.Println("free:", connections.Available())
	connections.Resize(10)
	fmt.Println("free:", connections.Available())
	// Output:
	// in use above the capacity: 1 of 2
	// free: 1
	// free: 9
}
