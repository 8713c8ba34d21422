// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"context"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// A Task stands for a function that [Executor.Go] has queued. Its methods may be called any number of times, by any
// goroutine; a goroutine that waits costs no thread, unless it is pinned. If a function on the only thread of the
// Executor waits for a Task whose function has not begun, the wait never ends.
//
// The end of the function synchronizes before the return of a wait that returns its result.
type Task struct {
	call    call
	outcome *outcome
}

// Wait blocks until the function has ended. It returns the function's error, a [*PanicError],
// [ErrExited], [ErrClosed] or a [*StartError], as [Executor.Do] does.
func (t *Task) Wait() error {
	t.outcome.joined.Store(true)
	return t.WaitLimit(park.Limit{})
}

// WaitFor is Wait for at most d, and reports whether the function has ended. If d <= 0, it does not block. If
// the function has not ended, it continues.
func (t *Task) WaitFor(d time.Duration) (ended bool, err error) {
	if d > 0 && !t.call.ended() {
		_ = t.call.wait(park.For(d)) // the outcome is checked below
	}
	if !t.call.ended() {
		return false, nil
	}
	return true, t.result()
}

// WaitContext is Wait until ctx is done. It returns what Wait returns, or an error that wraps the
// [context.Cause] of ctx; to distinguish them, call [Task.Ended]. If ctx is already done, WaitContext
// returns its cause. A nil ctx panics.
func (t *Task) WaitContext(ctx context.Context) error { return t.WaitLimit(park.Context(ctx)) }

// WaitLimit is Wait until limit is reached, as WaitContext is Wait until ctx is done. Its error
// wraps [os.ErrDeadlineExceeded] for a limit that is a deadline.
func (t *Task) WaitLimit(limit park.Limit) error {
	if err := limit.Err(); err != nil {
		return err
	}
	if err := t.call.wait(limit); err != nil {
		return err
	}
	return t.result()
}

// Ended reports whether the function has ended, or will never run.
func (t *Task) Ended() bool { return t.call.ended() }

// result returns the outcome of the function, which has ended.
func (t *Task) result() error {
	t.outcome.joined.Store(true)
	return t.call.err
}
