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

// Three workers compute in steps: none begins a step before all have finished the previous one,
// which the leader reports.
func ExampleBarrier() {
	const workers = 3
	step := locks.NewBarrier(workers)
	var done atomic.Int32
	var wg locks.WaitGroup
	for range workers {
		wg.Go(func() {
			for range 2 {
				done.Add(1)
				if leader, _ := step.Wait(); leader { // no party gives up
					fmt.Println("done:", done.Load())
				}
				step.Wait() // until the leader has read
			}
		})
	}
	wg.Wait()
	// Output:
	// done: 3
	// done: 6
}

func ExampleBarrier_WaitContext() {
	b := locks.NewBarrier(2)
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	_, err := b.WaitContext(ctx)
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	_, err = b.WaitContext(context.Background())
	fmt.Println(err == locks.ErrBroken)
	b.Reset()
	_, err = b.WaitFor(time.Millisecond)
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded))
	b.Reset()
	_, err = b.WaitLimit(park.Until(time.Now().Add(time.Millisecond)))
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded))
	// Output:
	// true
	// true
	// true
	// true
}
