// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// An Event is a flag that can be waited for. After Set no goroutine has to wait, until
// Reset. It is the manual-reset event of Windows, or a channel to be closed that can
// be opened again. See [AutoEvent] for one that lets one through at a time.
//
// The zero value is not set. It must not be copied after first use. It is four bytes long;
// memory for waiters is used only while someone waits.
//
// All that wait when Set is called are released, even if Reset follows at once. They are
// woken in FIFO order. A goroutine waits in the Go scheduler, a pinned thread (see package
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
//  2. A waiter enters the queue in a step that finds the event not set. So a Set after that
//     sees Queued.
//  3. A Set that has found Queued decides again, under the lock of the queue, what to do: the
//     waiters that it saw may have given up, and others may have come.
//  4. A waiter that gives up was in the queue, so no Set was used for it.
const (
	eventSet = 1 << iota
	eventQueued
)

// Set sets e and wakes all waiters. It does not block.
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
	return e.IsSet() || d > 0 && e.wait(park.For(d)) == nil
}

// WaitContext blocks until e is set or ctx ends. It returns nil, or the [context.Cause] of ctx. If
// ctx is already done, WaitContext returns its cause, even if e is set. A nil ctx panics.
func (e *Event) WaitContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil || e.IsSet() {
		return err
	}
	return e.wait(park.Context(ctx))
}

// wait waits until somebody sets e, unless it is set already.
//
//go:noinline
func (e *Event) wait(limit park.Limit) error {
	w := park.NewWaiter(park.Condition, limit)
	_, err := w.SleepOn(&e.state, (*eventQueue)(e), nil)
	w.Free()
	if err != nil {
		return err
	}
	e.state.Load() // acquire: what the Set has written, or who came after
	return nil
}

// setSlow is Set when a goroutine waits, or did a moment ago.
//
//go:noinline
func (e *Event) setSlow() {
	var ws park.Waiters
	park.WithQueue(&e.state, func(q park.Queue) {
		ws = q.PopAll()
		e.state.Swap(eventSet) // acquire, release; by invariant 3, whatever it was
	})
	ws.Wake(tokenLocked)
}

// An AutoEvent is a flag that can be waited for, and that releases one waiter at a time. Set
// releases the longest waiter; if there is none, the next call of Wait returns at once. It is the
// auto-reset event of Windows. Multiple Sets before a Wait release only one waiter. To count them,
// use a [Semaphore] whose units are all acquired at first.
//
// The zero value is not set. It must not be copied after first use. It is four bytes long;
// memory for waiters is used only while someone waits.
//
// Waiters are released in FIFO order. One that gives up never uses up a Set. A
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

// Set releases one waiter: the longest one, or the next one to come. It does nothing if e is already
// set. It does not block.
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
	return e.tryWait() || d > 0 && e.wait(park.For(d)) == nil
}

// WaitContext blocks until a Set lets the caller through or ctx ends. It returns nil, or the
// [context.Cause] of ctx. If ctx is already done, WaitContext returns its cause and uses up no
// Set. A nil ctx panics.
func (e *AutoEvent) WaitContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil || e.tryWait() {
		return err
	}
	return e.wait(park.Context(ctx))
}

// tryWait uses a Set that is there, and reports whether it has.
func (e *AutoEvent) tryWait() bool { return e.state.CompareAndSwap(eventSet, 0) } // acquire

// wait waits until a Set lets the caller through, unless one is there already.
//
//go:noinline
func (e *AutoEvent) wait(limit park.Limit) error {
	w := park.NewWaiter(park.Condition, limit)
	_, err := w.SleepOn(&e.state, (*autoEventQueue)(e), nil)
	w.Free()
	if err != nil {
		return err
	}
	e.state.Load() // acquire: what the Set has written, or who came after
	return nil
}

// setSlow is Set when somebody waits, or did a moment ago.
//
//go:noinline
func (e *AutoEvent) setSlow() {
	var w *park.Waiter
	park.WithQueue(&e.state, func(q park.Queue) {
		w = q.Pop()
		switch { // acquire, release
		case w == nil:
			e.state.Swap(eventSet) // all have given up: by invariant 3
		case q.Empty():
			e.state.Swap(0)
		default:
			e.state.Swap(eventQueued)
		}
	})
	if w != nil {
		w.Wake(tokenLocked)
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

// The Enqueuers of the two. Where Enqueue finds the event set, it changes nothing, or takes the
// Set.
type (
	eventQueue     Event
	autoEventQueue AutoEvent
)

func (e *eventQueue) Enqueue(q park.Queue, w *park.Waiter) bool {
	return eventEnqueue(&e.state, eventSet, q, w)
}

func (e *eventQueue) GiveUp(q park.Queue, _ *park.Waiter) { eventGaveUp(&e.state, q) }

func (e *autoEventQueue) Enqueue(q park.Queue, w *park.Waiter) bool {
	return eventEnqueue(&e.state, 0, q, w)
}

func (e *autoEventQueue) GiveUp(q park.Queue, _ *park.Waiter) { eventGaveUp(&e.state, q) }

// eventEnqueue puts w into the queue. If the event is set it changes the word to through instead,
// and reports false.
func eventEnqueue(state *atomic.Uint32, through uint32, q park.Queue, w *park.Waiter) bool {
	for {
		s := state.Load()
		if s == eventSet {
			if state.CompareAndSwap(s, through) { // acquire
				return false
			}
		} else if state.CompareAndSwap(s, eventQueued) { // by invariant 2
			q.Push(w)
			return true
		}
	}
}

// eventGaveUp clears Queued when the last waiter of q has given up, by invariant 1.
func eventGaveUp(state *atomic.Uint32, q park.Queue) {
	if q.Empty() {
		state.And(^uint32(eventQueued))
	}
}
