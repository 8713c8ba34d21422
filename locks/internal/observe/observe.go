// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package observe connects package park and package watch. Park makes its waits available here for watch
// to read, and watch registers here what it wants to observe. Neither imports the other, so a program
// that does not import watch contains no part of it.
package observe

import (
	"runtime"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/cacheline"
)

// on is read by every wait and rarely written.
var on struct {
	_         cacheline.Pad
	bits      atomic.Uint32
	fraction  atomic.Uint32
	changed   atomic.Int64
	slowAfter atomic.Int64
	_         cacheline.Pad
}

// The bits say what package watch wants to observe.
const (
	Waits      = 1 << iota // each wait records its goroutine, and when it began; set if package watch is part of the program
	Contention             // unlocks are charged with the waits that they end; see Charge
	Names                  // a lock has a name: Ended is called for each wait
	Slow                   // Ended is called for each wait, and a wake-up that ends a slow one records its stack; see SlowAfter
)

// Charge is called in the goroutine that unlocks, with no lock of package park held, if the contention profile
// charges this unlock: others have waited for delay nanoseconds. Package watch sets it before it sets
// Contention.
var Charge func(delay int64)

// ChargeAlso also charges the goroutine that is about to wake a park.Waiter with the waits on the word at addr
// since the Waiter arrived: they are for a lock that the owner of the Waiter holds. It locks that queue. Package
// park sets it; call it only while Contention is set.
var ChargeAlso func(waiter, addr unsafe.Pointer)

// Fraction returns the average number of unlocks for each one that is charged. It is 0 while the profile is off.
func Fraction() uint32 { return on.fraction.Load() }

// Changed returns when the fraction was last changed, by package mono.
func Changed() int64 { return on.changed.Load() }

// SetFraction sets the results of Fraction and Changed.
func SetFraction(fraction uint32, now int64) {
	on.fraction.Store(fraction)
	on.changed.Store(now)
}

// On returns the bits that are set.
func On() uint32 { return on.bits.Load() }

// Switch sets and clears bits.
func Switch(set, clear uint32) {
	on.bits.Or(set)
	on.bits.And(^clear)
}

// A Wait is a wait of package park.
type Wait struct {
	Word      unsafe.Pointer // the word on which it sleeps, or slept last
	Enqueuer  any            // the lock, as park knows it; nil for a park.Wait, and if the wait began before watch was initialized
	Tag       uint64         // see park.Waiter.SetTag
	Began     int64          // by package mono; 0 if unknown
	Goroutine uint64         // 0 if unknown
	Exclusion bool           // a wait for a lock, not for a condition
	Pinned    bool           // of a thread, in the kernel
	Limited   bool           // it has a limit
	Waiter    uintptr        // distinguishes concurrent waits
}

// Visit calls visit for each current wait. It locks one queue at a time, and calls visit after the queue
// is unlocked. Package park sets it.
var Visit func(visit func(*Wait))

// SlowAfter returns the smallest threshold of a slow wait, in nanoseconds. It is valid if Slow is set.
func SlowAfter() int64 { return on.slowAfter.Load() }

// SetSlowAfter sets SlowAfter.
func SetSlowAfter(ns int64) { on.slowAfter.Store(ns) }

// A Waker is the record of a wake-up.
type Waker struct {
	Goroutine uint64
	Stack     Stack
}

// A Stack is that of a goroutine, the innermost call first.
type Stack struct {
	pcs [32]uintptr
	n   int
}

// Note records the stack of the caller, without the skip innermost calls.
//
//go:norace
func (s *Stack) Note(skip int) { s.n = runtime.Callers(skip+2, s.pcs[:]) }

// PCs returns the stack as runtime.CallersFrames takes it.
func (s *Stack) PCs() []uintptr { return s.pcs[:s.n] }

// An End is a wait that has ended.
type End struct {
	Wait
	Ended        int64 // by package mono, as Began; 0 is now
	LimitReached bool
	Waker        *Waker // the one that ended the longest part of the wait; nil if it did not take long
}

// Ended is called at the end of a wait that slept at least once, in its goroutine, which may have the lock by
// then. It must not block, use a lock of osync, or read or write plain variables that other goroutines use: it
// runs between race.Disable and race.Enable. Package watch sets it before it sets Waits.
var Ended func(End)

// Describe returns the name, the type and the address of the lock of a wait. It may be called wherever Ended may.
// Package watch sets it before it sets Waits.
var Describe func(*Wait) string

// Tracing reports whether an execution trace is being written, and StartRegion begins a region of it for the wait, in
// its goroutine. Package watch sets both before it sets Waits.
var (
	Tracing     func() bool
	StartRegion func(Wait) Region
)

// A Region is a part of an execution trace.
type Region interface{ End() }

// NameOf returns the name that the program has given to a lock, which is a pointer, or "". Package watch sets it when
// it is initialized.
var NameOf func(lock any) string

// OwnerOf returns the number of the goroutine that holds the lock at an address, or 0 if it is unknown. It is nil
// except in a build with the tag osync_debug.
var OwnerOf func(addr uintptr) (goroutine uint64)
