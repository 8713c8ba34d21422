// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package observe is where package park and package watch meet. Park puts its table of waits here for
// watch to read, and watch says here what it wants to be told of. Neither imports the other, so a program
// that does not import watch has none of it.
package observe

import (
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/cacheline"
)

// on is what every wait reads and hardly anything writes.
var on struct {
	_    cacheline.Pad
	bits atomic.Uint32
	_    cacheline.Pad
}

// The bits say what package watch wants to be told of.
const (
	Waits = 1 << iota // each wait notes its goroutine, and when it began; set as long as package watch is part of the program
)

// On returns the bits that are set.
func On() uint32 { return on.bits.Load() }

// Switch sets and clears bits.
func Switch(set, clear uint32) {
	on.bits.Or(set)
	on.bits.And(^clear)
}

// A Wait is a wait of package park.
type Wait struct {
	Word      unsafe.Pointer // on which it sleeps, or has slept last
	Enqueuer  any            // the lock, as park knows it; nil for a park.Wait, and if it began before watch was there
	Tag       uint64         // see park.Waiter.SetTag
	Began     int64          // by package mono; 0 if it is not known
	Goroutine uint64         // 0 if it is not known
	Exclusion bool           // a wait for a lock, not for a condition
	Pinned    bool           // of a thread, in the kernel
	Limited   bool           // it has a limit
	Waiter    uintptr        // tells the waits that last at one time apart
}

// Visit calls visit for each wait that lasts. It locks one queue at a time, and calls visit when that is
// unlocked again. Package park sets it.
var Visit func(visit func(*Wait))
