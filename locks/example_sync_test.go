// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"fmt"
	"strings"

	"github.com/osync-go/osync/locks"
)

// A function that takes a Locker works with any lock.
func ExampleLocker() {
	with := func(l locks.Locker, f func()) {
		l.Lock()
		defer l.Unlock()
		f()
	}
	for _, l := range []locks.Locker{new(locks.Mutex), new(locks.FairMutex)} {
		with(l, func() { fmt.Printf("%T\n", l) })
	}
	// Output:
	// *locks.Mutex
	// *locks.FairMutex
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
