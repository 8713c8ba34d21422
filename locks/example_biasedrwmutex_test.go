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

func ExampleBiasedRWMutex() {
	var rw locks.BiasedRWMutex
	routes := map[string]string{"/": "home"}

	t := rw.RLock()
	fmt.Println(routes["/"])
	rw.RUnlock(t)

	rw.Lock()
	routes["/"] = "new home"
	rw.Unlock()

	if t, ok := rw.TryRLockFor(time.Second); ok {
		fmt.Println(routes["/"])
		rw.RUnlock(t)
	}
	// Output:
	// home
	// new home
}

func ExampleBiasedRWMutex_TryRLock() {
	var rw locks.BiasedRWMutex
	ctx, cancel := context.WithCancel(context.Background())
	if t, ok := rw.TryRLock(); ok {
		fmt.Println("write beside a reader:", rw.TryLock(), rw.TryLockFor(time.Millisecond))
		rw.RUnlock(t)
	}
	fmt.Println(rw.LockContext(ctx))
	time.AfterFunc(time.Millisecond, cancel)
	_, err := rw.RLockContext(ctx)
	fmt.Println(errors.Is(err, context.Canceled))
	rw.Unlock()
	// Output:
	// write beside a reader: false false
	// <nil>
	// true
}
