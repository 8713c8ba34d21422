// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks"
)

func ExampleSemaphore() {
	const limit = 3
	s := locks.NewSemaphore(limit)
	var running, most atomic.Int32
	var wg locks.WaitGroup
	for range 20 {
		wg.Go(func() {
			s.Acquire(context.Background(), 1)
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

// A Semaphore whose units are all taken counts up from 0 what producers release.
func ExampleSemaphore_Release() {
	items := locks.NewSemaphore(math.MaxInt64)
	items.TryAcquire(math.MaxInt64)
	fmt.Println("an item before the first one was made:", items.TryAcquire(1))
	go func() {
		for range 3 {
			items.Release(1)
		}
	}()
	for range 3 {
		items.Acquire(context.Background(), 1)
	}
	fmt.Println("a fourth item:", items.TryAcquire(1))
	// Output:
	// an item before the first one was made: false
	// a fourth item: false
}

// Units can be anything that there is a limited amount of, here megabytes of memory.
func ExampleSemaphore_Acquire() {
	memory := locks.NewSemaphore(512)
	ctx := context.Background()
	fmt.Println(memory.Acquire(ctx, 400))
	fmt.Println("200 more at once:", memory.TryAcquire(200))
	fmt.Println("200 more soon:", memory.AcquireFor(200, time.Millisecond))
	fmt.Println("more than there is:", memory.Acquire(ctx, 1000) == locks.ErrTooLarge)
	memory.Release(400)
	// Output:
	// <nil>
	// 200 more at once: false
	// 200 more soon: false
	// more than there is: true
}
