// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/darwin"
)

func show(out io.Writer) error {
	const threads, rounds = 4, 2000
	var lock darwin.UnfairLock
	var wg sync.WaitGroup
	sum := 0
	start := time.Now()
	for range threads {
		wg.Go(func() {
			runtime.LockOSThread() // the thread owns the lock, so we must stay on it
			defer runtime.UnlockOSThread()
			for range rounds {
				darwin.UnfairLockLock(&lock)
				sum++
				darwin.UnfairLockUnlock(&lock)
			}
		})
	}
	wg.Wait()
	fmt.Fprintf(out, "%d bytes; %d threads counted to %d, %v each\n",
		unsafe.Sizeof(lock), threads, sum, time.Since(start)/(threads*rounds))
	if sum != threads*rounds {
		return fmt.Errorf("want %d", threads*rounds)
	}

	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	darwin.UnfairLockLock(&lock)
	taken := make(chan bool)
	go func() { taken <- darwin.UnfairLockTrylock(&lock) }()
	if <-taken {
		return errors.New("two threads hold it")
	}
	darwin.UnfairLockAssertOwner(&lock) // would end the process
	darwin.UnfairLockUnlock(&lock)
	darwin.UnfairLockAssertNotOwner(&lock)
	fmt.Fprintln(out, "held by us, another thread could not have it. To lock it twice would end the process.")
	return nil
}
