// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// A task must be done by a certain time, whatever it waits for until then.
func ExampleRWMutex_RLockLimit() {
	var config locks.RWMutex
	var turn locks.FairMutex
	task := func(deadline time.Time) error {
		limit := park.Until(deadline)
		if err := config.RLockLimit(limit); err != nil {
			return err
		}
		defer config.RUnlock()
		if err := turn.LockLimit(limit); err != nil {
			return err
		}
		defer turn.Unlock()
		return nil
	}
	deadline := time.Now().Add(time.Millisecond)
	fmt.Println(task(deadline))
	turn.Lock()
	fmt.Println("too late:", errors.Is(task(deadline), os.ErrDeadlineExceeded))
	// Output:
	// <nil>
	// too late: true
}

func ExampleRWMutex_UpgradeLimit() {
	var rw locks.RWMutex
	rw.RLock() // another reader
	limit := park.Until(time.Now().Add(time.Millisecond))
	if err := rw.UpgradableLockLimit(limit); err != nil {
		return
	}
	defer rw.UpgradableUnlock()
	fmt.Println("alone:", rw.UpgradeLimit(limit) == nil)
	// Output: alone: false
}

func ExampleBiasedRWMutex_LockLimit() {
	var rw locks.BiasedRWMutex
	limit := park.Until(time.Now().Add(time.Millisecond))
	t, err := rw.RLockLimit(limit)
	if err != nil {
		return
	}
	fmt.Println("write beside a reader:", rw.LockLimit(limit) == nil)
	rw.RUnlock(t)
	fmt.Println("write:", rw.LockLimit(limit) == nil) // free, so the limit does not matter
	// Output:
	// write beside a reader: false
	// write: true
}

// All waits of the loop together take no longer than the limit.
func ExampleCond_WaitLimit() {
	var m locks.Mutex
	c, ready := locks.NewCond(&m), false
	limit := park.Until(time.Now().Add(time.Millisecond))
	m.Lock()
	defer m.Unlock()
	for !ready {
		if err := c.WaitLimit(limit); err != nil {
			fmt.Println("too late:", errors.Is(err, os.ErrDeadlineExceeded))
			return
		}
	}
	// Output: too late: true
}

func ExampleWaitGroup_WaitLimit() {
	var wg locks.WaitGroup
	wg.Add(1)
	deadline := time.Now().Add(time.Millisecond)
	fmt.Println("done:", wg.WaitLimit(park.Until(deadline)) == nil)
	wg.Done()
	fmt.Println("done:", wg.WaitLimit(park.Until(deadline)) == nil)
	// Output:
	// done: false
	// done: true
}

func ExampleEvent_WaitLimit() {
	var open locks.Event
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	limit := park.Context(ctx)
	fmt.Println(errors.Is(open.WaitLimit(limit), context.Canceled))
	open.Set()
	fmt.Println(open.WaitLimit(limit)) // checks the event first
	// Output:
	// true
	// <nil>
}

func ExampleAutoEvent_WaitLimit() {
	var work locks.AutoEvent
	work.Set()
	limit := park.Until(time.Now().Add(time.Millisecond))
	for work.WaitLimit(limit) == nil {
		fmt.Println("work")
	}
	// Output: work
}

func ExampleLatch_WaitLimit() {
	ready := locks.NewLatch(2)
	ready.Arrive(1)
	fmt.Println("all:", ready.WaitLimit(park.Until(time.Now().Add(time.Millisecond))) == nil)
	ready.Arrive(1)
	fmt.Println("all:", ready.WaitLimit(park.Until(time.Unix(0, 1))) == nil) // no wait, no matter how late
	// Output:
	// all: false
	// all: true
}
