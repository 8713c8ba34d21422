// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

func ExampleKeyed() {
	var users locks.Keyed[string]
	users.Lock("ada")
	fmt.Println("ada:", users.TryLock("ada"), users.TryLockFor("ada", time.Millisecond), users.HasWaiters("ada"))
	fmt.Println("bob:", users.TryLock("bob"))
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	fmt.Println("too late:", errors.Is(users.LockContext(ctx, "ada"), context.DeadlineExceeded))
	fmt.Println("eve:", users.LockLimit(park.For(time.Second), "eve"))
	users.Unlock("ada")
	users.Unlock("bob")
	users.Unlock("eve")
	// Output:
	// ada: false false false
	// bob: true
	// too late: true
	// eve: <nil>
}

func ExampleKeyed_LockAll() {
	var accounts locks.Keyed[int]
	accounts.LockAll(7, 3, 7) // in any order
	fmt.Println(accounts.TryLockAll(1, 3), accounts.TryLockAllFor(time.Millisecond, 1, 3))
	fmt.Println(accounts.LockAllContext(context.Background(), 1, 2), accounts.LockAllLimit(park.Limit{}, 4))
	accounts.UnlockAll(1, 2, 3, 4, 7)
	// Output:
	// false false
	// <nil> <nil>
}

func ExampleKeyedRW() {
	var files locks.KeyedRW[string]
	files.Lock("a")
	files.Downgrade("a")
	fmt.Println("read:", files.TryRLock("a"), files.TryRLockFor("a", time.Second), files.HasWaiters("a"))
	fmt.Println("write:", files.TryLock("a"), files.TryLockFor("a", time.Millisecond))
	for range 3 {
		files.RUnlock("a")
	}
	ctx := context.Background()
	fmt.Println(files.LockContext(ctx, "a"), files.RLockContext(ctx, "b"), files.RLockLimit(park.Limit{}, "b"), files.LockLimit(park.Limit{}, "c"))
	files.RLock("d")
	files.Unlock("a")
	files.RUnlock("b")
	// Output:
	// read: true true false
	// write: false false
	// <nil> <nil> <nil> <nil>
}

func ExampleKeyedRW_RLockAll() {
	var files locks.KeyedRW[string]
	ctx := context.Background()
	files.RLockAll("a", "b")
	fmt.Println(files.TryRLockAll("a", "b"), files.TryRLockAllFor(time.Second, "b"), files.TryLockAll("b", "c"), files.TryLockAllFor(0, "b", "c"))
	fmt.Println(files.RLockAllContext(ctx, "a"), files.RLockAllLimit(park.Limit{}, "a"))
	fmt.Println(files.LockAllContext(ctx, "d"), files.LockAllLimit(park.Limit{}, "e"))
	files.LockAll("f", "g")
	files.UnlockAll("d", "e", "f", "g")
	files.RUnlockAll("a", "b")
	// Output:
	// true true false false
	// <nil> <nil>
	// <nil> <nil>
}
