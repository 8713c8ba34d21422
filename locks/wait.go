// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"sync/atomic"

	"github.com/osync-go/osync/locks/park"
)

// Every wait that can end has the same forms, over a try that does not block and a wait up to a park.Limit, which
// is exported, too: as LockLimit, WaitLimit, and so on. It tries before it looks at the limit.
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
// A context that is done already is reported before the try, and a duration that is over after it. A
// park.Limit is made only when the try has failed: it asks for the time, or makes a context allocate
// its Done channel.
//
// The forms are written out at each type. As functions of a try and a wait they are not inlined, and an
// uncontended TryLockFor and Unlock of a Mutex takes 1.17 times as long as Lock and Unlock instead of
// 1.05, LockContext 1.31 times instead of 1.22.

// contextErr returns the cause if ctx is done, and nil otherwise. A nil ctx panics, as in package
// context.
func contextErr(ctx context.Context) error {
	if ctx == nil {
		panic("locks: nil context")
	}
	return park.Ended(ctx)
}

// A token is what a wake-up, or an Enqueue that does not push the waiter, tells the waiter.
const (
	tokenGranted  uint32 = iota // the waiter has what it waits for
	tokenRetry                  // try again; an Unlock of the Mutex has set Woken for the waiter
	tokenFree                   // try again; the Mutex looks free
	tokenSignal                 // the Cond was signaled; the waiter has yet to lock L
	tokenLeader                 // the caller is the last party of a Barrier
	tokenTooLarge               // the waiter wants more units than the Semaphore has
	tokenBroken                 // the round of a Barrier has ended before all parties came
)

// clearIfEmpty clears bits of the word, which say that waiters are in q, after the last waiter has given
// up.
func clearIfEmpty(q park.Queue, word *atomic.Uint32, bits uint32) {
	if q.Empty() {
		word.And(^bits)
	}
}
