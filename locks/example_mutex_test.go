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

func ExampleMutex_TryLock() {
	var m locks.Mutex
	fmt.Println(m.TryLock(), m.TryLock())
	m.Unlock()
	// Output: true false
}

// One limit applies to two locks.
func ExampleMutex_LockLimit() {
	var config locks.RWMutex
	var log locks.Mutex
	limit := park.For(10 * time.Millisecond)
	log.Lock() // is busy
	if err := config.LockLimit(limit); err == nil {
		defer config.Unlock()
		fmt.Println("too late:", errors.Is(log.LockLimit(limit), os.ErrDeadlineExceeded))
	}
	// Output: too late: true
}
