// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// An Event is a flag that can be waited for. Set lets all who wait go on, and nobody has to
// wait until Reset. It is the manual-reset event of Windows, or a channel to be closed that can
// be opened again. See [AutoEvent] for one that lets one through at a time.
//
// The zero value is not set. It must not be copied after first use. It is four bytes long;
// memory for waiters is used only while someone waits.
//
// All who wait when Set is called are let through, even if Reset follows at once. They are
// woken first come, first. A goroutine waits in the Go scheduler, a pinned thread (see package
// thread) in the kernel. In a bubble of testing/synctest a waiting goroutine is durably
// blocked.
//
// In the terms of [the Go memory model], a Set synchronizes before the return of every wait that
// it lets through, and of every wait, IsSet and Reset after it that finds the Event set. That
// holds for each Set if several came before. A wait that gives up orders nothing.
//
// [the Go memory model]: https://go.dev/ref/mem
type Event struct {
	_     noCopy
	state atomic.Uint32 // see the table below
}

// The word of an Event, or of an AutoEvent, has three values.
//
//	value    queue      who leaves this state, and how
//	0        empty      Set: CAS to Set; a waiter, before Push: CAS to Queued
//	Set      empty      Event: Reset: CAS to 0
//	                    AutoEvent: Reset, and a waiter, which is through: CAS to 0
//	Queued   not empty  Event: Set: to Set, and takes all out
//	                    AutoEvent: Set: takes the head out, and to 0 if it was the last
//	                    the last in the queue, giving up: to 0
//
// Invariants
//  1. The word is Queued exactly while the queue is not empty. It is changed to and from
//     Queued under the lock of the queue, in one step with the queue.
//  2. Whoever enters the queue finds in the same step that the event is not set. So a
//     Set after that sees Queued.
//  3. A Set that has found Queued decides again, under the lock of the queue, what to do: the
//     waiters that it saw may have given up, and others may have come.
//  4. One that gives up was in the queue, so no Set was used for it.
const (
	eventSet = 1 << iota
	eventQueued
)

// Set sets e and wakes all who wait. It does not block.
func (e *Event) Set() {
	if !eventTrySet(&e.state) {
		e.setSlow()
	}
}

// Reset takes a Set back: those who come must wait again. It does not block.
func (e *Event) Reset() { e.state.CompareAndSwap(eventSet, 0) } // acquire

// IsSet reports whether e is set.
func (e *Event) IsSet() bool { return e.state.Load() == eventSet } // acquire

// Wait blocks until e is set.
func (e *Event) Wait() {
	if !e.IsSet() {
		e.wait(park.Limit{}) // no limit, no error
	}
}

// WaitFor blocks until e is set, but at most for d, and reports whether it was. With d of zero
// or less it is [Event.IsSet].
func (e *Event) WaitFor(d time.Duration) bool {
	if e.IsSet() {
		return true
	}
	return d > 0 && e.wait(park.For(d)) == nil
}

// WaitContext blocks until e is set or ctx ends. It returns nil, or the [context.Cause] of
// ctx. A ctx that has ended before the call is told first. A nil ctx panics.
func (e *Event) WaitContext(ctx context.Context) error {
	if err := ended(ctx); err != nil {
		return err
	}
	if e.IsSet() {
		return nil
	}
	return e.wait(park.Context(ctx))
}

// wait waits until somebody sets e, unless it is set already.
//
//go:noinline
func (e *Event) wait(limit park.Limit) error {
	w, q, ok := eventEnqueue(&e.state, eventSet, limit)
	if !ok {
		return nil
	}
	_, left, err := q.Sleep(w, nil)
	return eventLeave(&e.state, w, left, err)
}

// setSlow is Set when somebody waits, or did a moment ago.
//
//go:noinline
func (e *Event) setSlow() {
	q := park.LockQueue(&e.state)
	ws := q.PopAll()
	e.state.Swap(eventSet) // acquire, release; by invariant 3, whatever it was
	q.Unlock()
	ws.Wake(0)
}

// An AutoEvent is a flag that can be waited for, and that lets one through at a time. Set lets
// the one go on that has waited longest; if nobody waits, the next one to come. It is the
// auto-reset event of Windows. Sets do not add up: two before anybody comes let one through.
// To count them, take a [Semaphore].
//
// The zero value is not set. It must not be copied after first use. It is four bytes long;
// memory for waiters is used only while someone waits.
//
// Waiters are let through first come, first served. One that gives up never uses up a Set. A
// goroutine waits in the Go scheduler, a pinned thread (see package thread) in the kernel. In
// a bubble of testing/synctest a waiting goroutine is durably blocked.
//
// In the terms of [the Go memory model], a Set synchronizes before the return of the wait that
// it lets through, and of every later one, also if it found the AutoEvent set and changed
// nothing. A wait that gives up orders nothing.
//
// [the Go memory model]: https://go.dev/ref/mem
type AutoEvent struct {
	_     noCopy
	state atomic.Uint32 // see the table at Event
}

// Set lets exactly one through: the longest waiter, or the next one to come. It does nothing if
// the next one is let through already. It does not block.
func (e *AutoEvent) Set() {
	if !eventTrySet(&e.state) {
		e.setSlow()
	}
}

// Reset takes a Set back that nobody has used. It does not block.
func (e *AutoEvent) Reset() { e.state.CompareAndSwap(eventSet, 0) } // acquire

// Wait blocks until a Set lets the caller through.
func (e *AutoEvent) Wait() {
	if !e.tryWait() {
		e.wait(park.Limit{}) // no limit, no error
	}
}

// WaitFor blocks until a Set lets the caller through, but at most for d, and reports whether one
// has. With d of zero or less it uses a Set that is there, or reports false.
func (e *AutoEvent) WaitFor(d time.Duration) bool {
	if e.tryWait() {
		return true
	}
	return d > 0 && e.wait(park.For(d)) == nil
}

// WaitContext blocks until a Set lets the caller through or ctx ends. It returns nil, or the
// [context.Cause] of ctx. A ctx that has ended before the call is told first, and uses
// up no Set. A nil ctx panics.
func (e *AutoEvent) WaitContext(ctx context.Context) error {
	if err := ended(ctx); err != nil {
		return err
	}
	if e.tryWait() {
		return nil
	}
	return e.wait(park.Context(ctx))
}

// tryWait uses a Set that is there, and reports whether it has.
func (e *AutoEvent) tryWait() bool { return e.state.CompareAndSwap(eventSet, 0) } // acquire

// wait waits until a Set lets the caller through, unless one is there already.
//
//go:noinline
func (e *AutoEvent) wait(limit park.Limit) error {
	w, q, ok := eventEnqueue(&e.state, 0, limit)
	if !ok {
		return nil
	}
	_, left, err := q.Sleep(w, nil)
	return eventLeave(&e.state, w, left, err)
}

// setSlow is Set when somebody waits, or did a moment ago.
//
//go:noinline
func (e *AutoEvent) setSlow() {
	q := park.LockQueue(&e.state)
	w := q.Pop()
	switch { // acquire, release
	case w == nil:
		e.state.Swap(eventSet) // all have given up: by invariant 3
	case q.Empty():
		e.state.Swap(0)
	default:
		e.state.Swap(eventQueued)
	}
	q.Unlock()
	if w != nil {
		w.Wake(0)
	}
}

// eventTrySet sets an event, and reports false if somebody waits for that. It writes also
// if the event is set: what was before this Set, too, is then before the next wait.
func eventTrySet(state *atomic.Uint32) bool {
	for {
		s := state.Load()
		if s == eventQueued {
			return false
		}
		if state.CompareAndSwap(s, eventSet) { // release
			return true
		}
	}
}

// eventEnqueue puts a waiter into the queue, and leaves that locked. It does nothing, and reports
// ok false, if the event is set: it then changes the word to through.
func eventEnqueue(state *atomic.Uint32, through uint32, limit park.Limit) (w *park.Waiter, q park.Queue, ok bool) {
	w = park.NewWaiter(park.Condition, limit)
	q = park.LockQueue(state)
	for {
		s := state.Load()
		if s == eventSet {
			if state.CompareAndSwap(s, through) { // acquire
				q.Unlock()
				w.Free()
				return nil, q, false
			}
		} else if state.CompareAndSwap(s, eventQueued) { // by invariant 2
			q.Push(w)
			return w, q, true
		}
	}
}

// eventLeave ends the wait of w, which a Set has taken out of the queue, or the limit: it returns
// the error of that.
func eventLeave(state *atomic.Uint32, w *park.Waiter, left park.Queue, err error) error {
	if err != nil {
		if left.Empty() {
			state.And(^uint32(eventQueued)) // by invariant 1
		}
		left.Unlock()
	} else {
		state.Load() // acquire: what the Set has written, or who came after
	}
	w.Free()
	return err
}
