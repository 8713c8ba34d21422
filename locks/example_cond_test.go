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

func ExampleCond() {
	var m locks.Mutex
	c := locks.NewCond(&m)
	var queue []string
	go func() {
		m.Lock()
		queue = append(queue, "a message")
		m.Unlock()
		c.Signal()
	}()
	m.Lock()
	for len(queue) == 0 {
		c.Wait()
	}
	fmt.Println(queue[0])
	m.Unlock()
	// Output: a message
}

func ExampleCond_WaitFor() {
	var m locks.Mutex
	c := locks.NewCond(&m)
	arrived := false
	m.Lock()
	defer m.Unlock()
	deadline := time.Now().Add(time.Millisecond)
	for !arrived {
		if !c.WaitFor(time.Until(deadline)) {
			fmt.Println("nothing has come")
			break
		}
	}
	// Output: nothing has come
}

// Broadcast wakes all waiters; each checks whether the change is the one that it waits for.
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
	gone := errors.New("the client has gone")
	time.AfterFunc(time.Millisecond, func() { cancel(gone) })
	arrived := false
	m.Lock()
	defer m.Unlock() // WaitContext returns with m locked, whatever ended it
	for !arrived {
		if err := c.WaitContext(ctx); err != nil {
			fmt.Println(errors.Is(err, gone))
			return
		}
	}
	// Output: true
}
