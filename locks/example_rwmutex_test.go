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

func ExampleRWMutex_TryLockFor() {
	var rw locks.RWMutex
	rw.RLock()
	fmt.Println("write:", rw.TryLockFor(time.Millisecond))
	fmt.Println("read:", rw.TryRLockFor(time.Millisecond))
	rw.RUnlock()
	rw.RUnlock()
	fmt.Println("write:", rw.TryLockFor(time.Millisecond))
	rw.Unlock()
	// Output:
	// write: false
	// read: true
	// write: true
}

func ExampleRWMutex_LockContext() {
	var rw locks.RWMutex
	ctx, cancel := context.WithCancelCause(context.Background())
	fmt.Println(rw.LockContext(ctx))
	gone := errors.New("the client has gone")
	time.AfterFunc(time.Millisecond, func() { cancel(gone) })
	err := rw.RLockContext(ctx) // beside the writer
	fmt.Println(errors.Is(err, gone))
	rw.Unlock()
	// Output:
	// <nil>
	// true
}

func ExampleRWMutex_RLocker() {
	var rw locks.RWMutex
	var r locks.Locker = rw.RLocker()
	r.Lock()
	fmt.Println("beside another reader:", rw.TryRLock())
	rw.RUnlock()
	r.Unlock()
	// Output: beside another reader: true
}

// If the upgrade would have to wait, the reader does without it, and lets others change the value.
func ExampleRWMutex_TryUpgrade() {
	var rw locks.RWMutex
	rw.RLock() // another reader
	fmt.Println("locked:", rw.TryUpgradableLock())
	fmt.Println("a second one:", rw.TryUpgradableLock())
	fmt.Println("upgraded:", rw.TryUpgrade())
	fmt.Println("upgraded soon:", rw.TryUpgradeFor(time.Millisecond))
	rw.DowngradeUpgradable() // an ordinary reader from here on
	fmt.Println("a second one:", rw.TryUpgradableLockFor(time.Second))
	rw.UpgradableUnlock()
	rw.RUnlock()
	rw.RUnlock()
	// Output:
	// locked: true
	// a second one: false
	// upgraded: false
	// upgraded soon: false
	// a second one: true
}

// After an upgrade that gives up, the caller still has the upgradable lock.
func ExampleRWMutex_UpgradeContext() {
	var rw locks.RWMutex
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	rw.RLock() // another reader, which stays
	if err := rw.UpgradableLockContext(context.Background()); err != nil {
		return
	}
	fmt.Println("too late:", errors.Is(rw.UpgradeContext(ctx), context.DeadlineExceeded))
	fmt.Println("a writer came between:", rw.TryLock())
	rw.UpgradableUnlock()
	rw.RUnlock()
	// Output:
	// too late: true
	// a writer came between: false
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

// A cache looks up a value concurrently with other readers, and excludes them only while it adds
// one.
func ExampleRWMutex_UpgradableLock() {
	var rw locks.RWMutex
	squares := map[int]int{}
	square := func(n int) int {
		rw.UpgradableLock()
		defer rw.UpgradableUnlock()
		if s, ok := squares[n]; ok {
			return s
		}
		rw.Upgrade() // what was looked up is still true
		squares[n] = n * n
		rw.DowngradeToUpgradable()
		return squares[n]
	}
	fmt.Println(square(7), square(7))
	// Output: 49 49
}

// A writer can read what it has written before any other writer gets in.
func ExampleRWMutex_Downgrade() {
	var rw locks.RWMutex
	config := "old"
	rw.Lock()
	config = "new"
	rw.Downgrade()
	fmt.Println(config, rw.TryRLock(), rw.TryLock())
	rw.RUnlock()
	rw.RUnlock()
	// Output: new true false
}
