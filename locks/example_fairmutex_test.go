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

func ExampleFairMutex() {
	var m locks.FairMutex
	m.Lock()
	fmt.Println("free for another:", m.TryLockFor(time.Millisecond))
	m.Unlock()
	// Output: free for another: false
}

func ExampleFairMutex_LockContext() {
	var m locks.FairMutex
	fmt.Println("free:", m.TryLock())
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	fmt.Println("too late:", errors.Is(m.LockContext(ctx), context.DeadlineExceeded))
	m.Unlock()
	// Output:
	// free: true
	// too late: true
}
