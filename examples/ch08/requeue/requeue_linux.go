// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/osync-go/osync/sys/linux"
)

const (
	private = linux.FUTEX_PRIVATE_FLAG
	waiters = 4
	all     = 1<<31 - 1
)

func show(out io.Writer) error {
	// A sequence number, and a word that says "held". Both are in the heap, as goroutines use the one: a word on a stack
	// would move with it, away from those who sleep there.
	var words struct{ condition, mutex atomic.Uint32 }
	condition, mutex := &words.condition, &words.mutex
	var awake atomic.Int32
	var wg sync.WaitGroup
	for range waiters {
		wg.Go(func() {
			// Nil after a wake only: who is moved goes on sleeping. But a signal begins the call anew, on the condition.
			for linux.FutexWait(condition, 0, nil, private) == syscall.EINTR {
			}
			awake.Add(1)
		})
	}
	if _, err := linux.FutexCmpRequeue(condition, 0, all, mutex, 7, private); err != syscall.EAGAIN {
		return fmt.Errorf("requeue if the word is 7, but it is 0: %v, want EAGAIN", err)
	}
	moved := 0
	for moved < waiters { // as they fall asleep
		n, err := linux.FutexCmpRequeue(condition, 0, all, mutex, 0, private)
		if err != nil {
			return err
		}
		moved += n
	}
	fmt.Fprintf(out, "moved %d sleepers; %d are awake\n", moved, awake.Load())
	if awake.Load() != 0 {
		return errors.New("want all asleep on the mutex")
	}
	for i := range waiters {
		n, err := 0, error(nil)
		for n == 0 && err == nil {
			// Those that a signal has sent back are moved again.
			if _, err = linux.FutexCmpRequeue(condition, 0, all, mutex, 0, private); err == nil {
				n, err = linux.FutexWake(mutex, 1, private)
			}
		}
		for int(awake.Load()) < i+1 && err == nil && n == 1 {
			time.Sleep(10 * time.Microsecond)
		}
		fmt.Fprintf(out, "unlock %d woke %d; %d awake\n", i+1, n, awake.Load())
		if n != 1 || int(awake.Load()) != i+1 {
			return fmt.Errorf("unlock %d woke %d, %d are awake (%v)", i+1, n, awake.Load(), err)
		}
	}
	wg.Wait()
	return nil
}
