// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"runtime"
	"sync/atomic"

	"github.com/osync-go/osync/internal/goid"
)

// An owner is the number of the goroutine that holds a lock, or 0 while none does.
//
// Invariants
//  1. A goroutine stores its own number after it has taken the lock, and 0 before it lets go. So
//     a goroutine that reads its own number holds the lock, and one that holds it reads its
//     own number.
//  2. A goroutine that holds the lock is locked to its thread: the number stands for both.
//  3. No two goroutines ever have the same number. So a goroutine that does not hold the lock may
//     read an old number, but never its own, even if the holder has ended and a new thread has
//     the holder's id.
//
// The exceptions to 3 are threads that C has made: code that C calls on one of them runs on a
// goroutine that the runtime lends to one such thread after another.
type owner struct {
	id atomic.Uint64 // with a bit that is not the number's, in a PIMutex on Linux
}

const claimed = 1 << 63 // see piOwner

func (o *owner) set(me uint64) { o.id.Store(me) }

func (o *owner) clear() { o.id.Store(0) }

func (o *owner) is(me uint64) bool { return o.get() == me }

func (o *owner) get() uint64 { return o.id.Load() &^ claimed }

// check panics unless the calling goroutine is the owner.
func (o *owner) check(unlocked, foreign string) {
	mustSupport()
	switch o.get() {
	case self():
	case 0:
		panic(unlocked)
	default:
		panic(foreign)
	}
}

// self returns the number of the calling goroutine.
func self() uint64 {
	_, id := goid.Self()
	return id
}

// hold locks the calling goroutine to its thread.
func hold() {
	mustSupport()
	runtime.LockOSThread()
}

// mustSupport panics on a system without a binding, before anything has changed.
func mustSupport() {
	if err := Supported(); err != nil {
		panic(err)
	}
}
