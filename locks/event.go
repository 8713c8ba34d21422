// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// An Event is a flag that goroutines can wait for. Between Set and Reset no goroutine waits. It
// corresponds to the manual-reset event of Windows, and to a channel whose close can be undone. An
// [AutoEvent] releases one waiter at a time.
//
// The zero value is an Event that is not set. An Event must not be copied after first use. It is four
// bytes long; waiters take memory only while they wait.
//
// Set releases all goroutines that wait, even if Reset follows at once. They are woken in FIFO
// order. A goroutine waits in the Go scheduler, and a pinned thread (see package thread) in the
// kernel. In a bubble of testing/synctest a waiting goroutine is durably blocked.
//
// In the terms of [the Go memory model], a Set synchronizes before the return of every wait that it
// lets through, and of every wait, IsSet and Reset after it that finds the Event set. If several
// Sets came before, this holds for each of them. A wait that gives up establishes no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type Event struct {
	_     noCopy
	state atomic.Uint32 // see the table below
}

// The word of an Event, or of an AutoEvent, has three values.
//
//	value    queue      changed by
//	0        empty      Set: CAS to Set; a waiter: CAS to Queued, and Push
//	Set      empty      Reset, and of an AutoEvent a waiter that the Set lets through: CAS to 0
//	Queued   not empty  Set of an Event: PopAll, and to Set
//	                    Set of an AutoEvent: Pop, and to 0 if that was the last waiter
//	                    the last waiter, giving up: to 0
//
// Invariants
//  1. The word is Queued exactly while the queue is not empty. It is changed to and from
//     Queued under the lock of the queue, in one step with the queue.
//  2. A waiter enters the queue in a step that finds the event not set. So a Set after that
//     sees Queued.
//  3. A Set that has found Queued decides what to do under the lock of the queue: by then the
//     waiters that it saw may have given up, and others may have arrived.
//  4. A waiter that gives up was in the queue, so it has consumed no Set.
const (
	eventSet = 1 << iota
	eventQueued
)

// IsSet reports whether e is set.
func (e *Event) IsSet() bool { return e.state.Load() == eventSet } // acquire

// Wait blocks until e is set.
func (e *Event) Wait() {
	if !e.IsSet() {
		eventWait(&e.state, eventSet, park.Limit{}) // no limit, no error
	}
}

// WaitFor blocks until e is set, but at most for d, and reports whether e was set. If d <= 0, it is
// equivalent to [Event.IsSet].
func (e *Event) WaitFor(d time.Duration) bool {
	return e.IsSet() || d > 0 && eventWait(&e.state, eventSet, park.For(d)) == nil
}

// WaitContext blocks until e is set or ctx is done. It returns nil, or an error that wraps the
// [context.Cause] of ctx. If ctx is already done, WaitContext returns its cause, even if e is set. A
// nil ctx panics.
func (e *Event) WaitContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	if e.IsSet() {
		return nil
	}
	return eventWait(&e.state, eventSet, park.Context(ctx))
}

// WaitLimit blocks until e is set or limit is reached, such as the deadline [park.Until](t). It returns nil
// if e was set, even if limit has passed. Otherwise it returns an error that wraps
// [os.ErrDeadlineExceeded], or what [park.Ended] returns if limit is a context.
func (e *Event) WaitLimit(limit park.Limit) error {
	if e.IsSet() {
		return nil
	}
	return eventWait(&e.state, eventSet, limit)
}

// Set sets e and wakes all waiters. It does not block.
func (e *Event) Set() {
	if !eventTrySet(&e.state) {
		e.setSlow()
	}
}

// setSlow is the rest of Set if Queued is set.
//
//go:noinline
func (e *Event) setSlow() {
	var ws park.Waiters
	park.WithQueue(&e.state, func(q park.Queue) {
		ws = q.PopAll()
		e.state.Swap(eventSet) // acquire, release; whatever it was, by invariant 3
	})
	ws.Wake(tokenGranted)
}

// Reset undoes Set: later waits block again. It does not block.
func (e *Event) Reset() { e.state.CompareAndSwap(eventSet, 0) } // acquire

// Chan returns a channel that is closed when e is set: at once if e is set already, and otherwise by the next Set. The
// channel stays closed after Reset. It is for a select statement that waits for e and for other channels:
//
//	set, stop := e.Chan()
//	defer stop()
//	select {
//	case <-set:
//	case request := <-requests:
//	}
//
// Each call makes a channel. Until the channel is closed, or stop is called, it takes some 700 bytes in the queue of e,
// so call stop after the select; no goroutine is started. Set closes the channels of e, in FIFO order with the other
// waiters, which takes some 0.1 µs for each. To wait for several Events, latches or locks without that cost, use
// [WaitAny]. An AutoEvent has no Chan, because a select that proceeds for another reason could have consumed the Set.
//
// A Set synchronizes before the receive that it lets through. In a bubble of testing/synctest the channel belongs to
// the bubble, and a Set outside the bubble panics.
func (e *Event) Chan() (c <-chan struct{}, stop func()) {
	return park.Chan(&e.state, (*eventQueue)(&e.state), eventSet)
}

// An AutoEvent is a flag that goroutines can wait for, and that releases one waiter at a time. Set
// releases the longest waiter; if there is none, the next call of Wait returns at once. It
// corresponds to the auto-reset event of Windows. Multiple Sets before a Wait release only one
// waiter. To count them, use [NewCountingSemaphore].
//
// The zero value is an AutoEvent that is not set. An AutoEvent must not be copied after first use. It is
// four bytes long; waiters take memory only while they wait.
//
// Waiters are released in FIFO order. A wait that gives up never consumes a Set. A goroutine waits in
// the Go scheduler, and a pinned thread (see package thread) in the kernel. In a bubble of
// testing/synctest a waiting goroutine is durably blocked.
//
// In the terms of [the Go memory model], a Set synchronizes before the return of the wait that it
// lets through, and of every later one, even if it found the AutoEvent set and changed nothing. A
// wait that gives up establishes no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type AutoEvent struct {
	_     noCopy
	state atomic.Uint32 // see the table at Event
}

// tryWait consumes a Set, and reports whether there was one.
func (e *AutoEvent) tryWait() bool { return e.state.CompareAndSwap(eventSet, 0) } // acquire

// Wait blocks until a Set releases the caller.
func (e *AutoEvent) Wait() {
	if !e.tryWait() {
		eventWait(&e.state, 0, park.Limit{}) // no limit, no error
	}
}

// WaitFor blocks until a Set releases the caller, but at most for d, and reports whether a Set did. If
// d <= 0, it does not block, and reports whether e was set.
func (e *AutoEvent) WaitFor(d time.Duration) bool {
	return e.tryWait() || d > 0 && eventWait(&e.state, 0, park.For(d)) == nil
}

// WaitContext blocks until a Set releases the caller or ctx is done. It returns nil, or an error
// that wraps the [context.Cause] of ctx. If ctx is already done, WaitContext returns its cause and
// consumes no Set. A nil ctx panics.
func (e *AutoEvent) WaitContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	if e.tryWait() {
		return nil
	}
	return eventWait(&e.state, 0, park.Context(ctx))
}

// WaitLimit blocks until a Set releases the caller or limit is reached, such as the deadline [park.Until](t).
// It returns nil if a Set released the caller, and also if e is set when limit has already passed. Otherwise
// it consumes no Set, and returns an error that wraps [os.ErrDeadlineExceeded], or what [park.Ended] returns
// if limit is a context.
func (e *AutoEvent) WaitLimit(limit park.Limit) error {
	if e.tryWait() {
		return nil
	}
	return eventWait(&e.state, 0, limit)
}

// Set releases one waiter: the longest one, or else the next one to arrive. If e is already set, it
// stays set. Set does not block.
func (e *AutoEvent) Set() {
	if !eventTrySet(&e.state) {
		e.setSlow()
	}
}

// setSlow is the rest of Set if Queued is set.
//
//go:noinline
func (e *AutoEvent) setSlow() {
	var w *park.Waiter
	park.WithQueue(&e.state, func(q park.Queue) {
		w = q.Pop()
		switch { // acquire, release
		case w == nil:
			e.state.Swap(eventSet) // all waiters have given up: by invariant 3
		case q.Empty():
			e.state.Swap(0)
		default:
			e.state.Swap(eventQueued)
		}
	})
	if w != nil {
		w.Wake(tokenGranted)
	}
}

// Reset undoes a Set that has released no waiter. It does not block.
func (e *AutoEvent) Reset() { e.state.CompareAndSwap(eventSet, 0) } // acquire

// eventWait waits until the event is set or the limit is reached. It changes a word that is Set to
// rest: Set again for an Event, 0 for an AutoEvent.
//
//go:noinline
func eventWait(state *atomic.Uint32, rest uint64, limit park.Limit) error {
	w := park.NewWaiter(park.Condition, limit)
	w.SetTag(rest)
	_, err := w.Sleep(state, (*eventQueue)(state), nil)
	w.Free()
	return err
}

// An eventQueue is the word of an Event or AutoEvent as an Enqueuer. The tag of a waiter is the rest of
// eventWait.
type eventQueue atomic.Uint32

// Enqueue puts w into the queue. If the event is set, it changes the word to the rest instead.
func (e *eventQueue) Enqueue(q park.Queue, w *park.Waiter) (token uint32) {
	state := (*atomic.Uint32)(e)
	for !state.CompareAndSwap(eventSet, uint32(w.Tag())) { // acquire
		if s := state.Load(); s != eventSet && state.CompareAndSwap(s, eventQueued) { // by invariant 2
			q.Push(w)
			break
		}
	}
	return tokenGranted
}

// GiveUp keeps invariant 1.
func (e *eventQueue) GiveUp(q park.Queue, _ *park.Waiter) {
	clearIfEmpty(q, (*atomic.Uint32)(e), eventQueued)
}

// eventTrySet sets an event, and reports false if Queued is set. It writes the word even if the event
// is set, so that this Set, too, synchronizes before the next wait.
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
