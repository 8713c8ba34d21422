// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Pthread shows the system's own locks in Go: a mutex whose mistakes are errors, a condition
// variable, and a mutex that Go and a program in C share, one of which dies with it locked.
//
//	go run ./examples/pthread
//
// The last part compiles a program in C. Without a C compiler another process in Go takes its
// place.
package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/osync-go/osync/pthread"
)

func main() {
	if runAsOther() {
		return
	}
	if err := pthread.Load(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("the library is", pthread.Version())
	for _, part := range []struct {
		name string
		run  func() error
	}{{"mutex", mutex}, {"condition", condition}, {"shared with C", shared}} {
		fmt.Printf("\n%s\n", part.name)
		switch err := part.run(); {
		case errors.Is(err, errors.ErrUnsupported):
			fmt.Println("  not here:", err)
		case err != nil:
			fmt.Fprintln(os.Stderr, part.name+":", err)
			os.Exit(1)
		}
	}
}

// mutex makes the mistakes that one can make with a mutex.
func mutex() error {
	attr, err := pthread.NewMutexAttr()
	if err != nil {
		return err
	}
	defer attr.Destroy()
	if err := attr.SetType(pthread.TypeErrorCheck); err != nil {
		return err
	}
	m, err := pthread.NewMutex(attr)
	if err != nil {
		return err
	}
	fmt.Println("  Lock:                 ", m.Lock())
	fmt.Println("  Lock again:           ", m.Lock())
	elsewhere := make(chan error)
	go func() { elsewhere <- m.Unlock() }() //osyncvet:ignore threadowner shows the error
	fmt.Println("  Unlock by another:    ", <-elsewhere)
	fmt.Println("  Destroy while locked: ", m.Destroy())
	fmt.Println("  Unlock:               ", m.Unlock())
	fmt.Println("  Destroy:              ", m.Destroy())
	fmt.Println("  Lock after Destroy:   ", m.Lock())
	return nil
}

// condition passes three values from one goroutine to another, and then waits in vain.
func condition() error {
	m, err := pthread.NewMutex(nil)
	if err != nil {
		return err
	}
	c, err := pthread.NewCond(nil)
	if err != nil {
		return err
	}
	var queue []int
	go func() {
		for i := range 3 {
			m.Lock()
			queue = append(queue, i)
			m.Unlock()
			c.Signal()
		}
	}()

	if err := m.Lock(); err != nil {
		return err
	}
	defer m.Unlock()
	for got := 0; got < 3; {
		for len(queue) == 0 {
			if err := c.Wait(m); err != nil {
				return err
			}
		}
		fmt.Println("  got", queue)
		got += len(queue)
		queue = nil
	}
	deadline, err := pthread.ClockRealtime.After(10 * time.Millisecond)
	if err != nil {
		return err
	}
	for err == nil { // a wait may end for no reason
		err = c.TimedWait(m, deadline)
	}
	fmt.Println("  then nothing:", err)
	if err == pthread.ETIMEDOUT {
		return nil
	}
	return err
}
