// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/locks/park"
)

// A call is one function that an Executor runs, and its outcome.
type call struct {
	f    func() error
	err  error         // written before state is callEnded
	task *Task         // of Go; nil for Do
	word atomic.Uint32 // see the table below

	// The links of the queue, guarded by the lock of the Executor.
	next, prev *call
	queued     bool
	number     uint64 // in the order of acceptance
}

// The word of a call says whether its function has ended.
//
//	value     who leaves it, and how
//	pending   the first waiter, before it sleeps: CAS to awaited; the thread, after f: swap to ended
//	awaited   the thread, after f: swap to ended, then wake all
//	ended     the next user of a pooled call: store of pending
//
// Waiters sleep only on awaited. The wake of a call that has ended may reach a waiter of the next use of
// the call, which checks the word again.
const (
	callPending = iota
	callAwaited
	callEnded
)

// calls are for Do, so that it allocates nothing.
var calls = sync.Pool{New: func() any { return new(call) }}

// run calls f and ends the call, even if f calls runtime.Goexit.
func (c *call) run() {
	c.err = ErrExited // unless it returns or panics
	defer func() {
		if p := recover(); p != nil {
			c.panicked(&PanicError{Value: p, Stack: debug.Stack()})
		}
		c.end()
	}()
	c.err = c.f()
}

// panicked keeps p for the caller. The caller of Go must ask its Task for it.
func (c *call) panicked(p *PanicError) {
	c.err = p
	if t := c.task; t != nil {
		t.outcome.panicked = p
		runtime.AddCleanup(t, (*outcome).tell, t.outcome)
		go t.outcome.collect()
	}
}

// end ends the call. After that the caller of Do may reuse c.
func (c *call) end() {
	c.f = nil                                  // a Task may live for a long time
	if c.word.Swap(callEnded) == callAwaited { // release
		park.WakeAll(&c.word)
	}
}

// ended reports whether the call has ended.
func (c *call) ended() bool { return c.word.Load() == callEnded } // acquire

// wait waits until the call has ended, or limit is reached.
func (c *call) wait(limit park.Limit) error {
	for {
		switch c.word.Load() { // acquire
		case callEnded:
			return nil
		case callPending:
			if !c.word.CompareAndSwap(callPending, callAwaited) {
				continue
			}
		}
		if err := park.WaitLimit(&c.word, callAwaited, park.Condition, limit); err != nil {
			return err
		}
	}
}
