// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"fmt"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// A worker takes jobs until it is stopped. An available job has precedence.
func ExampleWaitAny() {
	jobs := locks.NewCountingSemaphore(0)
	var stop locks.Event
	done := make(chan int)
	go func() {
		served := 0
		for {
			switch i, err := locks.WaitAny(park.For(time.Hour), jobs.Acquiring(1), &stop); {
			case err != nil:
				fmt.Println("nobody has come for an hour")
			case i == 0:
				served++
				continue
			}
			done <- served
			return
		}
	}()
	jobs.Release(3)
	stop.Set()
	fmt.Println("served:", <-done)
	// Output: served: 3
}

// The first lock that is free suffices.
func ExampleWaitable() {
	printers := make([]locks.Mutex, 3)
	var any []locks.Waitable
	for i := range printers {
		any = append(any, &printers[i])
	}
	printers[0].Lock()
	i, err := locks.WaitAny(park.Limit{}, any...)
	fmt.Println("printer", i, err)
	printers[i].Unlock()
	// Output: printer 1 <nil>
}

func ExampleSemaphore_Acquiring() {
	memory, slots := locks.NewSemaphore(1<<20), locks.NewSemaphore(2)
	memory.TryAcquire(1 << 20)
	i, err := locks.WaitAny(park.For(time.Minute), memory.Acquiring(4096), slots.Acquiring(1))
	fmt.Println(i, err)
	slots.Release(1)
	_, err = locks.WaitAny(park.For(time.Minute), memory.Acquiring(2<<20))
	fmt.Println(err)
	// Output:
	// 1 <nil>
	// locks: weight exceeds the capacity of the semaphore
}

// An Event among the channels of a select statement.
func ExampleEvent_Chan() {
	var stop locks.Event
	requests := make(chan string)
	go func() {
		requests <- "hello"
		stop.Set()
	}()
	stopped, forget := stop.Chan()
	defer forget()
	for {
		select {
		case <-stopped:
			fmt.Println("stopped")
			return
		case r := <-requests:
			fmt.Println(r)
		}
	}
	// Output:
	// hello
	// stopped
}

func ExampleLatch_Chan() {
	started := locks.NewLatch(2)
	c, stop := started.Chan()
	defer stop()
	started.Arrive(1)
	select {
	case <-c:
		fmt.Println("open")
	default:
		fmt.Println("closed")
	}
	started.Arrive(1)
	<-c
	fmt.Println("open")
	// Output:
	// closed
	// open
}

func ExampleWaitGroup_Chan() {
	var wg locks.WaitGroup
	wg.Go(func() { fmt.Println("the task") })
	c, stop := wg.Chan()
	defer stop()
	select {
	case <-c:
		fmt.Println("finished")
	case <-time.After(time.Hour):
		fmt.Println("not in an hour")
	}
	// Output:
	// the task
	// finished
}
