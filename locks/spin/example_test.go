// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/osync-go/osync/locks/spin"
)

func ExampleLock() {
	runtime.LockOSThread() // for example, the loop of an audio thread
	defer runtime.UnlockOSThread()
	var l spin.Lock
	volume := 3
	l.Lock()
	volume++
	l.Unlock()
	fmt.Println(volume)
	// Output: 4
}

func ExampleLock_TryLockFor() {
	var l spin.Lock
	l.Lock()
	if !l.TryLockFor(50 * time.Microsecond) {
		fmt.Println("do without")
	}
	l.Unlock()
	// Output: do without
}

func ExampleLock_LockContext() {
	var l spin.Lock
	fmt.Println("free:", l.TryLock())
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	fmt.Println(l.LockContext(ctx))
	l.Unlock()
	// Output:
	// free: true
	// context deadline exceeded
}

func ExampleTicketLock() {
	var l spin.TicketLock
	l.Lock()
	fmt.Println("free for another:", l.TryLock())
	l.Unlock()
	// Output: free for another: false
}

func ExampleMCSLock() {
	var l spin.MCSLock
	total := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			l.Lock()
			defer l.Unlock()
			total++
		})
	}
	wg.Wait()
	fmt.Println(total)
	// Output: 2
}

func ExampleMCSLock_TryLock() {
	var l spin.MCSLock
	fmt.Println(l.TryLock(), l.TryLock())
	l.Unlock()
	// Output: true false
}
