// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/thread"
)

func ExampleMutex() {
	var m locks.Mutex
	total := 0
	var wg locks.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			m.Lock()
			defer m.Unlock()
			total += i
		})
	}
	wg.Wait()
	fmt.Println(total)
	// Output: 4950
}

func ExampleMutex_TryLockFor() {
	var m locks.Mutex
	m.Lock()
	if !m.TryLockFor(time.Millisecond) {
		fmt.Println("still held by another")
	}
	m.Unlock()
	// Output: still held by another
}

func ExampleMutex_LockContext() {
	var m locks.Mutex
	m.Lock()
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("the client has gone"))
	fmt.Println(m.LockContext(ctx))
	// Output: the client has gone
}

// One lock serves goroutines, which wait in the Go scheduler, and pinned threads, which
// wait in the kernel.
func ExampleMutex_threads() {
	var m locks.Mutex
	total := 0
	add := func() {
		m.Lock()
		defer m.Unlock()
		total++
	}
	var wg locks.WaitGroup
	wg.Go(add)
	h := thread.Spawn(func() error { add(); return nil })
	wg.Wait()
	h.Join()
	fmt.Println(total)
	// Output: 2
}

func ExampleRWMutex() {
	var rw locks.RWMutex
	ages := map[string]int{"Ada": 36}

	rw.RLock()
	fmt.Println("another reader comes in:", rw.TryRLock())
	fmt.Println("a writer comes in:", rw.TryLock())
	rw.RUnlock()
	rw.RUnlock()

	rw.Lock()
	ages["Ada"]++
	rw.Unlock()
	// Output:
	// another reader comes in: true
	// a writer comes in: false
}

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

func ExampleOnce() {
	var once locks.Once
	for range 3 {
		once.Do(func() { fmt.Println("only once") })
	}
	// Output: only once
}

func ExampleOnceValue() {
	config := locks.OnceValue(func() string {
		fmt.Println("reading")
		return "colour=green"
	})
	fmt.Println(config())
	fmt.Println(config())
	// Output:
	// reading
	// colour=green
	// colour=green
}
