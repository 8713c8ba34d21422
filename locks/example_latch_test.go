// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks"
)

func ExampleLatch() {
	ready := locks.NewLatch(3)
	var loaded [3]string
	for i, name := range []string{"users", "prices", "stock"} {
		go func() {
			loaded[i] = name
			ready.Arrive(1)
		}()
	}
	ready.Wait()
	fmt.Println(loaded)
	// Output: [users prices stock]
}

func ExampleLatch_WaitFor() {
	l := locks.NewLatch(2)
	l.Arrive(1)
	fmt.Println("open:", l.WaitFor(time.Millisecond))
	l.Arrive(1)
	fmt.Println("open:", l.WaitFor(0))
	fmt.Println(l.WaitContext(context.Background()))
	// Output:
	// open: false
	// open: true
	// <nil>
}

// All start at the same time.
func ExampleLatch_ArriveAndWait() {
	const n = 3
	start := locks.NewLatch(n)
	var running atomic.Int32
	var wg locks.WaitGroup
	for range n {
		wg.Go(func() {
			running.Add(1)
			start.ArriveAndWait()
			if running.Load() != n {
				fmt.Println("started too early")
			}
		})
	}
	wg.Wait()
	fmt.Println("done")
	// Output: done
}
