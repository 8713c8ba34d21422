// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/osync-go/osync/locks"
)

func ExampleWaitGroup_WaitFor() {
	var wg locks.WaitGroup
	release := make(chan struct{})
	wg.Go(func() { <-release })
	fmt.Println("done:", wg.WaitFor(time.Millisecond))
	close(release)
	wg.Wait()
	fmt.Println("done:", wg.WaitFor(0))
	// Output:
	// done: false
	// done: true
}

func ExampleWaitGroup_WaitContext() {
	var wg locks.WaitGroup
	wg.Add(1)
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	fmt.Println(errors.Is(wg.WaitContext(ctx), context.DeadlineExceeded))
	wg.Done()
	fmt.Println(wg.WaitContext(context.Background()))
	// Output:
	// true
	// <nil>
}
