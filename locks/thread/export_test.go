// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"time"

	"github.com/osync-go/osync/locks/park"
)

// Cut is for tests.
var Cut = cut

// Parked reports whether t sleeps until it gets a permit.
func (t *Thread) Parked() (sleeps bool) {
	park.WithQueue(&t.permit, func(q park.Queue) { sleeps = q.Front() != nil })
	return sleeps
}

// Queued returns how many calls wait in the queue of e.
func Queued(e *Executor) (n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for c := e.first; c != nil; c = c.next {
		n++
	}
	return n
}

// Live returns how many threads e has.
func Live(e *Executor) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.live
}

// SetDue sets when the present period of t ends.
func SetDue(t *Ticker, due time.Time) { t.due = due }

// Waiting returns how many wait for t.
func Waiting(t *Task) (n int) {
	park.WithQueue(&t.call.word, func(q park.Queue) {
		for range q.All() {
			n++
		}
	})
	return n
}
