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

func ExampleEvent() {
	var open locks.Event
	fmt.Println("open:", open.IsSet())
	go open.Set()
	open.Wait()
	open.Wait() // it stays open
	fmt.Println("open:", open.IsSet())
	open.Reset()
	fmt.Println("open:", open.WaitFor(time.Millisecond))
	// Output:
	// open: false
	// open: true
	// open: false
}

func ExampleEvent_WaitContext() {
	var shutdown locks.Event
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	fmt.Println(shutdown.WaitContext(ctx))
	// Output: context canceled
}

// A worker that is notified several times looks for work once.
func ExampleAutoEvent() {
	var work locks.AutoEvent
	work.Set()
	work.Set()
	work.Wait()
	fmt.Println("more work:", work.WaitFor(time.Millisecond))
	work.Set()
	fmt.Println("more work:", work.WaitFor(time.Millisecond))
	// Output:
	// more work: false
	// more work: true
}

func ExampleAutoEvent_WaitContext() {
	var work locks.AutoEvent
	work.Set()
	work.Reset() // no worker needs to look
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	err := work.WaitContext(ctx)
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	// Output: true
}
