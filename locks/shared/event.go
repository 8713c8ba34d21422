// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"context"
	"runtime/debug"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks/park"
)

// An Event is a flag that processes can wait for. Between Set and Reset no goroutine waits. An Event is in a [Region],
// and its zero value is not set. It is four bytes long.
//
// Set releases all waiting goroutines of all processes, even if Reset follows at once. No process owns an Event: a
// process that is killed leaves it as it is, and blocks no other process, whatever it was doing. In each process, one
// goroutine waits in the kernel, and the others wait in Go's scheduler for that one; they are woken in FIFO order.
//
// A Set synchronizes before the return of every wait that it lets through, and of every wait, IsSet and Reset after it
// that finds the Event set. A wait that gives up establishes no ordering.
//
// Its methods return [ErrClosed] or [ErrTruncated] if the region is gone. The only other errors are those of
// limits.
type Event struct {
	word atomic.Uint32 // see the table below
}

// The word of an Event is two bits, and a round above them.
//
//	set      No goroutine waits. Set by Set; cleared by Reset, which begins the next round in the same step.
//	waiters  There may be sleepers: Set wakes. Set by a waiter, in a step that finds the Event not set, before it
//	         sleeps. Cleared by Reset. It may stay when all waiters have given up or were killed, and while the Event is
//	         set: then Set wakes for nothing. It must not be clear while a goroutine sleeps for an Event that is not set.
//
//	from             to               by
//	r                r|waiters        a waiter: CAS
//	r                r|set            Set: CAS
//	r|waiters        r|waiters|set    Set: in one system call that wakes all, where the system has one
//	r|set, with      r+1              Reset: CAS
//	waiters or not
//
// A waiter waits until the word is set or in a round other than the one in which it arrived. So it does not
// miss a Set that is followed by a Reset, unless 1<<30 Resets come before it is scheduled.
//
// Each change is one step, so a kill leaves the word as it was before or after the change. If the system has no call
// that sets the bit and wakes, a kill can come in between: then the sleepers find the bit set after the time recheck. A
// waiter that is killed leaves at most the bit waiters.
const (
	eventSet = 1 << iota
	eventWaiters
	eventRound
)

// place panics if e is in no region.
func (e *Event) place() { privately(unsafe.Pointer(e)) }

// IsSet reports whether e is set.
func (e *Event) IsSet() (set bool, err error) {
	e.place()
	defer faulted(debug.SetPanicOnFault(true), &err)
	if e.isSet() {
		return true, nil
	}
	return false, gone(&e.word)
}

func (e *Event) isSet() bool {
	if e.word.Load()&eventSet == 0 { // acquire
		return false
	}
	acquired(&e.word)
	return true
}

// Wait blocks until e is set.
func (e *Event) Wait() (err error) {
	e.place()
	defer faulted(debug.SetPanicOnFault(true), &err)
	return e.wait(limit{})
}

// WaitFor blocks until e is set, but at most for d, and reports whether e was set. If d <= 0, it is equivalent to
// [Event.IsSet].
func (e *Event) WaitFor(d time.Duration) (set bool, err error) {
	if d <= 0 {
		return e.IsSet()
	}
	e.place()
	defer faulted(debug.SetPanicOnFault(true), &err)
	return inTime(e.wait(limit{deadline: time.Now().Add(d)}))
}

// WaitContext blocks until e is set or ctx is done. It returns nil, or the [context.Cause] of ctx. If ctx is
// already done, WaitContext returns its cause, even if e is set. A nil ctx panics.
func (e *Event) WaitContext(ctx context.Context) (err error) {
	e.place()
	defer faulted(debug.SetPanicOnFault(true), &err)
	if err := park.Ended(ctx); err != nil {
		return err
	}
	return e.wait(limit{ctx: ctx})
}

func (e *Event) wait(l limit) error {
	came := e.word.Load() // acquire
	for s := came; s&eventSet == 0 && (s^came) < eventRound; s = e.word.Load() {
		if s&eventWaiters == 0 && !e.word.CompareAndSwap(s, s|eventWaiters) {
			continue
		}
		if err := gather(&e.word, s|eventWaiters, anyChange).wait(l); err != nil {
			return err
		}
	}
	acquired(&e.word)
	return nil
}

// Set sets e and wakes all waiting goroutines. It does not block.
func (e *Event) Set() (err error) {
	e.place()
	defer faulted(debug.SetPanicOnFault(true), &err)
	releasing(&e.word)
	for {
		s := e.word.Load()
		if s&(eventSet|eventWaiters) == eventWaiters {
			orAndWakeAll(&e.word, eventSet)
			return nil
		}
		// The word is written even if e is set, so that this Set, too, synchronizes before the next
		// wait.
		if e.word.CompareAndSwap(s, s|eventSet) { // release
			return nil
		}
	}
}

// Reset undoes Set: later waits block again. It does not block.
func (e *Event) Reset() (err error) {
	e.place()
	defer faulted(debug.SetPanicOnFault(true), &err)
	for s := e.word.Load(); s&eventSet != 0; s = e.word.Load() {
		if e.word.CompareAndSwap(s, s&^(eventRound-1)+eventRound) { // acquire
			acquired(&e.word)
			return nil
		}
	}
	return gone(&e.word)
}
