// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"context"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// Each thread has one permit, which Unpark gives and Park takes, as in Rust's std::thread. The word
// of the permit has these values:
//
//	value       who leaves it, and how
//	0 none      Unpark: swap to 1, then wake
//	1 given     the thread itself, in Park: CAS to 0; Unpark: swap to 1
//
// The thread sleeps only on 0.

// Park blocks the calling thread until [Thread.Unpark] gives it the permit, and takes the permit.
// It returns at once if the permit was given before. It panics if the goroutine is not pinned.
//
// It never returns without a permit. Each Unpark that gave the permit, or found it given,
// synchronizes before the return of the Park that takes it.
func Park() {
	t := current("Park")
	for !t.take() {
		park.Wait(&t.permit, 0)
	}
}

// ParkFor is Park for at most d, and reports whether it took the permit. If d <= 0, it does not
// block.
func ParkFor(d time.Duration) bool {
	t := current("ParkFor")
	if t.take() {
		return true
	}
	for deadline := time.Now().Add(d); park.WaitFor(&t.permit, 0, time.Until(deadline)); {
		if t.take() {
			return true
		}
	}
	return false // a permit that comes now is for the next Park
}

// ParkContext is Park until ctx is done. It returns nil if it took the permit, and otherwise an
// error that wraps the [context.Cause] of ctx. If ctx is already done, ParkContext returns its
// cause and takes no permit. A nil ctx panics.
func ParkContext(ctx context.Context) error {
	t := current("ParkContext")
	for {
		if err := park.WaitContext(ctx, &t.permit, 0); err != nil {
			return err
		}
		if t.take() {
			return nil
		}
	}
}

// ParkLimit is Park until limit is reached. It returns nil if it took the permit, and otherwise an error that
// wraps [os.ErrDeadlineExceeded], or the error of [park.Ended] for a context. It takes a permit that was given
// before even if limit has passed.
func ParkLimit(limit park.Limit) error {
	t := current("ParkLimit")
	for !t.take() {
		if err := park.WaitLimit(&t.permit, 0, park.Condition, limit); err != nil {
			return err
		}
	}
	return nil
}

// Unpark gives the thread its permit, and wakes it if it is parked. Further calls before the thread
// takes it have no effect. It does not block. Any goroutine may call it, even after the thread was
// unpinned.
func (t *Thread) Unpark() {
	t.permit.Swap(1) // acquire, release: a store would not carry on what the previous giver has released
	park.Wake(&t.permit)
}

// take takes the permit if it was given.
func (t *Thread) take() bool { return t.permit.CompareAndSwap(1, 0) } // acquire
