// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
)

// An Executor gives a thread to a library that must always be called on the same one.
func ExampleExecutor() {
	gl, err := thread.NewExecutor(thread.ExecutorOptions{
		Start: func() error { return nil }, // makes its context current, on this thread
		Spin:  50 * time.Microsecond,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer gl.Close()
	var texture int
	err = gl.Do(func() error {
		texture = 7 // runs on the thread; the caller waits
		return nil
	})
	fmt.Println(texture, err)
	// Output: 7 <nil>
}

// The thread changes its name, which no other goroutine ever sees.
func ExampleNewExecutor() {
	e, err := thread.NewExecutor(thread.ExecutorOptions{Start: func() error {
		if err := thread.SetName("worker"); !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
		return nil
	}})
	fmt.Println(err)
	e.Close()
	// Output: <nil>
}

// Start fails on the first thread, and NewExecutor returns the error.
func ExampleStartError() {
	_, err := thread.NewExecutor(thread.ExecutorOptions{Start: func() error { return os.ErrPermission }})
	var start *thread.StartError
	fmt.Println(errors.As(err, &start) && start.Err == os.ErrPermission, errors.Is(err, os.ErrPermission))
	fmt.Println(err)
	// Output:
	// true true
	// thread: Executor cannot start a thread: permission denied
}

func ExampleExecutor_Do() {
	e, err := thread.NewExecutor(thread.ExecutorOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer e.Close()
	fmt.Println(e.Do(func() error { return errors.New("no such device") }))
	err = e.Do(func() error { panic("snow") })
	if p, ok := errors.AsType[*thread.PanicError](err); ok {
		fmt.Println("panic:", p.Value)
	}
	// A function on the thread may call Do, too.
	fmt.Println(e.Do(func() error { return e.Do(func() error { return nil }) }))
	// Output:
	// no such device
	// panic: snow
	// <nil>
}

// A function that has not begun when the limit is reached never runs.
func ExampleExecutor_DoContext() {
	e, err := thread.NewExecutor(thread.ExecutorOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer e.Close()
	release := make(chan bool)
	busy := e.Go(func() error { <-release; return nil })
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	err = e.DoContext(ctx, func() error { panic("runs") })
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	err = e.DoLimit(park.For(time.Millisecond), func() error { panic("runs") })
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded))
	close(release)
	fmt.Println(busy.Wait())
	// Output:
	// true
	// true
	// <nil>
}

func ExampleExecutor_Go() {
	e, err := thread.NewExecutor(thread.ExecutorOptions{Threads: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	var sum [2]int
	for i := range sum {
		e.Go(func() error { sum[i] = i + 1; return nil })
	}
	e.Close() // waits for both
	fmt.Println(sum)
	// Output: [1 2]
}

func ExampleTask() {
	e, err := thread.NewExecutor(thread.ExecutorOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer e.Close()
	release := make(chan bool)
	t := e.Go(func() error { <-release; return errors.New("it has rained") })
	fmt.Println(t.WaitFor(time.Millisecond))
	fmt.Println(errors.Is(t.WaitLimit(park.For(time.Millisecond)), os.ErrDeadlineExceeded))
	close(release)
	fmt.Println(t.WaitContext(context.Background()))
	fmt.Println(t.Wait(), t.Ended())
	// Output:
	// false <nil>
	// true
	// it has rained
	// it has rained true
}

func ExampleExecutor_Close() {
	e, err := thread.NewExecutor(thread.ExecutorOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	e.Go(func() error { fmt.Println("accepted before"); return nil })
	fmt.Println(e.Close())
	fmt.Println(e.Do(func() error { panic("runs") }) == thread.ErrClosed)
	// Output:
	// accepted before
	// <nil>
	// true
}

// The event loop of a library also runs functions for other goroutines.
func ExampleNewLoop() {
	events := make(chan string, 10) // for example, those of a window
	loop := thread.NewLoop(func() { events <- "wake up" })
	defer loop.Close()
	go func() {
		loop.Do(func() error { fmt.Println("on the thread of the loop:", thread.Pinned()); return nil })
		events <- "quit"
	}()
	for <-events != "quit" {
		loop.RunPending()
	}
	// Output: on the thread of the loop: true
}

// A goroutine that does nothing but run functions.
func ExampleLoop_Run() {
	loop := thread.NewLoop(nil)
	go func() {
		loop.Do(func() error { fmt.Println("once"); return nil })
		loop.Executor.Close()
	}()
	loop.Run()
	loop.Close()
	// Output: once
}

// The program must pin its main goroutine before main:
//
//	func init() { thread.Pin() }
func ExampleMain() {
	main := func() {
		err := thread.Main(func(first *thread.Executor) error {
			return first.Do(func() error { return nil }) // on the first thread of the program
		})
		if err != nil {
			fmt.Println(err)
		}
	}
	_ = main
}

func ExampleTicker() {
	thread.Pin()
	defer thread.Unpin()
	ticker := thread.NewTicker(time.Millisecond)
	begin := ticker.Due().Add(-time.Millisecond)
	periods := 0
	for range 3 {
		periods += 1 + ticker.Next()
	}
	fmt.Println(ticker.Due().Sub(begin) == time.Duration(periods+1)*time.Millisecond)
	// Output: true
}

// The thread stops at once when the program does, however long the period is.
func ExampleTicker_NextContext() {
	ctx, stop := context.WithCancel(context.Background())
	h := thread.Spawn(func() error {
		for ticker := thread.NewTicker(time.Hour); ; {
			if _, err := ticker.NextContext(ctx); err != nil {
				return err
			}
		}
	})
	stop()
	fmt.Println(h.Join())
	// Output: context canceled
}

func ExampleSleepUntil() {
	thread.Pin()
	defer thread.Unpin()
	t := time.Now().Add(time.Millisecond)
	thread.SleepUntil(t)
	fmt.Println(time.Until(t) < time.Second)
	// Output: true
}
