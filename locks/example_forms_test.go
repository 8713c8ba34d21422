// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/osync-go/osync/locks"
)

func ExampleSpinLock_LockContext() {
	var l locks.SpinLock
	fmt.Println("free:", l.TryLock())
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	fmt.Println(l.LockContext(ctx))
	l.Unlock()
	// Output:
	// free: true
	// context deadline exceeded
}

func ExampleMCSLock_TryLock() {
	var l locks.MCSLock
	fmt.Println(l.TryLock(), l.TryLock())
	l.Unlock()
	// Output: true false
}

// A function that takes a Locker works with each kind of lock.
func ExampleLocker() {
	with := func(l locks.Locker, f func()) {
		l.Lock()
		defer l.Unlock()
		f()
	}
	for _, l := range []locks.Locker{new(locks.Mutex), new(locks.FairMutex), new(locks.SpinLock)} {
		with(l, func() { fmt.Printf("%T\n", l) })
	}
	// Output:
	// *locks.Mutex
	// *locks.FairMutex
	// *locks.SpinLock
}

// Map and Pool are those of package sync.
func ExampleMap() {
	var m locks.Map
	m.Store("Ada", 36)
	fmt.Println(m.Load("Ada"))
	// Output: 36 true
}

func ExamplePool() {
	builders := locks.Pool{New: func() any { return new(strings.Builder) }}
	b := builders.Get().(*strings.Builder)
	b.Reset()
	b.WriteString("hello")
	fmt.Println(b)
	builders.Put(b)
	// Output: hello
}
