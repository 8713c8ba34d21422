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
//  1. A goroutine stores its number after it has taken the lock, and 0 before it releases it. So
//     a goroutine reads its own number exactly while it holds the lock.
//  2. A goroutine that holds the lock is locked to its thread, so the number identifies both.
//  3. No two goroutines ever have the same number. So a goroutine that does not hold the lock may
//     read an old number, but never its own, even after the holder has ended and the system has
//     given the id of its thread to a new thread.
//
// Invariant 3 has one exception: Go code that C calls on a thread created by C runs on a goroutine
// that the runtime lends to one such thread after another.
type owner struct {
	id atomic.Uint64 // in a PIMutex on Linux, with a bit that is not part of the number
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

// lockThread locks the calling goroutine to its thread.
func lockThread() {
	mustSupport()
	runtime.LockOSThread()
}

// unlockThreadUnless undoes lockThread unless locked is true. It returns locked.
func unlockThreadUnless(locked bool) bool {
	if !locked {
		runtime.UnlockOSThread()
	}
	return locked
}

// Supported returns nil if the locks of this package work on this system. Otherwise it returns an
// error that says what is missing and that is an [errors.ErrUnsupported]; the locks panic with that
// error at first use. Supported returns nil on Linux, macOS and Windows.
func Supported() error { return supported() }

// mustSupport panics on a system without a binding, before anything has changed.
func mustSupport() {
	if err := supported(); err != nil {
		panic(err)
	}
}
