// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"runtime"
	"sync/atomic"

	"github.com/osync-go/osync/internal/pin"
)

// An owner is the id of the thread that holds a lock, or 0 while none does.
//
// Invariants
//  1. A thread stores its own id after it has taken the lock, and 0 before it lets go. So
//     who reads its own id holds the lock, and who holds it reads its own id.
//  2. Who holds the lock is locked to its thread: the id stands for one goroutine.
//  3. What a stranger reads may be old by the time it looks, but is never its own id.
type owner struct {
	id atomic.Uint32 // thread ids have 32 bits; macOS counts in 64, whose lower half comes round after 2³² threads
}

func (o *owner) set(thread uint32) { o.id.Store(thread) }

func (o *owner) clear() { o.id.Store(0) }

func (o *owner) is(thread uint32) bool { return o.id.Load() == thread }

// check panics unless the calling thread is the owner.
func (o *owner) check(unlocked, foreign string) {
	switch thread := self(); o.id.Load() {
	case thread:
	case 0:
		panic(unlocked)
	default:
		panic(foreign)
	}
}

// self returns the id of the calling thread.
func self() uint32 {
	mustSupport()
	return uint32(pin.ThreadID())
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
