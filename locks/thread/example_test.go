// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows || freebsd || openbsd || netbsd || dragonfly

package thread_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
)

func ExampleSpawn() {
	h := thread.Spawn(func() error {
		fmt.Println("pinned:", thread.Pinned())
		return nil
	})
	if err := h.Join(); err != nil {
		fmt.Println(err)
	}
	// Output: pinned: true
}

func ExamplePin() {
	thread.Pin()
	defer thread.Unpin()
	fmt.Println("pinned:", thread.Pinned())
	// Output: pinned: true
}

func ExampleScope() {
	squares := make([]int, 4)
	err := thread.Scope(func(g *thread.Group) error {
		for i := range squares {
			g.Spawn(func() error { squares[i] = i * i; return nil })
		}
		return nil
	})
	fmt.Println(squares, err)
	// Output: [0 1 4 9] <nil>
}

func ExamplePark() {
	var flag atomic.Bool
	h := thread.Spawn(func() error {
		for !flag.Load() {
			thread.Park()
		}
		fmt.Println("go on")
		return nil
	})
	flag.Store(true)
	h.Thread().Unpark()
	h.Join()
	// Output: go on
}

// The outcome of a function is its error, its panic, or ErrExited after runtime.Goexit.
func ExampleHandle_Join() {
	report := func(f func() error) {
		err := thread.Spawn(f).Join()
		if p, ok := errors.AsType[*thread.PanicError](err); ok {
			fmt.Println("panic:", p.Value, strings.Contains(string(p.Stack), "ExampleHandle_Join"))
		} else {
			fmt.Println(err, err == thread.ErrExited)
		}
	}
	report(func() error { return errors.New("no such device") })
	report(func() error { panic("snow") })
	report(func() error { runtime.Goexit(); return nil })
	// Output:
	// no such device false
	// panic: snow true
	// thread: function called runtime.Goexit true
}

// A permit that comes late is not lost: the next Park takes it.
func ExampleParkFor() {
	thread.Pin()
	defer thread.Unpin()
	me := thread.Current()
	fmt.Println("permit:", thread.ParkFor(time.Millisecond))
	me.Unpark()
	fmt.Println("permit:", thread.ParkFor(0))
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	fmt.Println("too late:", errors.Is(thread.ParkContext(ctx), context.DeadlineExceeded))
	fmt.Println("too late:", errors.Is(thread.ParkLimit(park.Until(time.Now())), os.ErrDeadlineExceeded))
	// Output:
	// permit: false
	// permit: true
	// too late: true
	// too late: true
}

func ExampleCurrent() {
	fmt.Println("pinned:", thread.Current() != nil)
	h := thread.Spawn(func() error {
		fmt.Println("the same:", thread.Current().ID() == thread.ID())
		return nil
	})
	h.Join()
	// Output:
	// pinned: false
	// the same: true
}

// A thread for audio has a name, and a higher priority if the system permits it. It ends with its
// function, so no other goroutine inherits these.
func ExampleSetPriority() {
	err := thread.Spawn(func() error {
		if err := thread.SetName("audio"); err != nil {
			return err
		}
		for _, p := range []thread.Priority{thread.Highest, thread.High, thread.Normal, thread.Low, thread.Lowest} {
			err := thread.SetPriority(p)
			if !errors.Is(err, os.ErrPermission) { // try the next one
				return err
			}
		}
		return nil
	}).Join()
	fmt.Println(err)
	// Output: <nil>
}

// A control loop needs a tenth of a millisecond in each period of a millisecond. Without a real-time class it continues
// as an ordinary thread.
func ExampleSetRealtime() {
	const period = time.Millisecond
	err := thread.Spawn(func() error {
		if err := thread.SetRealtime(period, period/10); err != nil {
			if !errors.Is(err, os.ErrPermission) && !errors.Is(err, errors.ErrUnsupported) {
				return err
			}
			log.Print("not in real time: ", err) // says what is required
		}
		t := thread.NewTicker(period)
		for turns := 0; turns < 5; turns++ {
			turns += t.Next()
		}
		return thread.SetPriority(thread.Normal) // for the part that is not urgent
	}).Join()
	fmt.Println(err)
	// Output: <nil>
}

// If the system cannot bind threads to processors, the program does without.
func ExampleSetAffinity() {
	err := thread.Spawn(func() error {
		cpus, err := thread.Affinity()
		if errors.Is(err, errors.ErrUnsupported) {
			return nil
		}
		if err != nil {
			return err
		}
		return thread.SetAffinity(cpus[0])
	}).Join()
	fmt.Println(err)
	// Output: <nil>
}

func ExampleSleep() {
	thread.Pin()
	defer thread.Unpin()
	thread.Sleep(time.Millisecond) // this thread, in the kernel
	thread.Yield()
	fmt.Println("awake")
	// Output: awake
}
