// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"sync/atomic"

	"github.com/osync-go/osync/locks/park"
)

// Every wait that can give up has the same forms. They are built on a try that does not block and on a wait up to
// a park.Limit. That wait is exported, too, as LockLimit, WaitLimit, and so on. It tries before it looks at the
// limit.
//
//	func (m *Mutex) TryLockFor(d time.Duration) bool {
//		return m.TryLock() || d > 0 && m.LockLimit(park.For(d)) == nil
//	}
//
//	func (m *Mutex) LockContext(ctx context.Context) error {
//		if err := contextErr(ctx); err != nil {
//			return err
//		}
//		if m.TryLock() {
//			return nil
//		}
//		return m.LockLimit(park.Context(ctx))
//	}
//
// A context that is already done is reported before the try, a duration that has passed after it. A
// park.Limit is made only when the try has failed, because making one reads the clock or makes a
// context allocate its Done channel.
//
// The forms are written out for each type. As functions that take a try and a wait they would not be
// inlined: an uncontended TryLockFor and Unlock of a Mutex would take 1.17 times as long as Lock and
// Unlock instead of 1.05, LockContext 1.31 times instead of 1.22.

// contextErr returns the cause if ctx is done, and nil otherwise. A nil ctx panics, as in package
// context.
func contextErr(ctx context.Context) error {
	if ctx == nil {
		panic("locks: nil context")
	}
	return park.Ended(ctx)
}

// A token tells a waiter the result of its wake-up, or of an Enqueue that does not push it.
const (
	tokenGranted  uint32 = iota // the waiter has what it waits for
	tokenRetry                  // try again; an Unlock of the Mutex has set Woken for the waiter
	tokenFree                   // try again; the Mutex looks free
	tokenSignal                 // the Cond was signaled; the waiter has yet to lock L
	tokenLeader                 // the caller is the last party of a Barrier
	tokenTooLarge               // the waiter wants more units than the Semaphore has
	tokenBroken                 // the round of a Barrier has ended before all parties arrived
)

// clearIfEmpty clears bits, which say that q has waiters, in word if q is empty.
func clearIfEmpty(q park.Queue, word *atomic.Uint32, bits uint32) {
	if q.Empty() {
		word.And(^bits)
	}
}
