// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/compare/foreign"
)

// A kit is an implementation in Go of what is compared. A field is nil where it has no such thing.
type kit struct {
	mutex  func() *mutex
	rwlock func() *rwlock
	cond   func() *cond

	// By kind, what passes a turn between two workers: step waits for the turn of worker me, and
	// passes it on.
	turns map[string]func() (step func(me int))
}

// does reports whether k has what a kind of work needs.
func (k *kit) does(kind string) bool {
	switch kind {
	case foreign.Uncontended, foreign.Mutex, crowd:
		return k.mutex != nil
	case foreign.RWLock, behind:
		return k.rwlock != nil
	case foreign.Broadcast:
		return k.cond != nil
	default:
		return k.turns[kind] != nil
	}
}

// A mutex is a lock with what it protects.
//
// loop is what a worker does in a round that measures the time. Each implementation has it in full,
// for its own type: through an interface or a type parameter no call would inline, and without
// contention the calls are most of the cost. The lock and the data are one object of 128 bytes, which
// lies on cache lines of its own: beside each other, as in most programs and in the foreign peers.
type mutex struct {
	loop         func(w *worker) (ops uint64)
	lock, unlock func()
	data         *uint64

	// with is instead of lock and unlock where they are not to be had. It calls f with the lock held.
	with func(f func())
}

// A rwlock is the same with readers. rlock returns its unlock, as some need a token for it.
type rwlock struct {
	loop         func(w *worker) (ops uint64)
	lock, unlock func()
	rlock        func() (unlock func())
	data         *uint64
}

// A cond is a mutex with two condition variables: all wait for changed, and one for back.
type cond struct {
	sync.Locker
	changed, back condition
}

// A condition is what all condition variables have.
type condition interface {
	Wait()
	Signal()
	Broadcast()
}

// A worker wants a lock again and again. Its data is its own.
type worker struct {
	inside, outside uint64 // iterations
	reads, phase    int    // see readsNext
	data            uint64
	stop            *atomic.Bool // the round is over
}

// newWorker returns worker number me.
func newWorker(me int, spec foreign.Spec, stop *atomic.Bool) *worker {
	return &worker{
		inside: spec.InsideIters, outside: spec.OutsideIters,
		reads: spec.Reads, phase: 61 * me % 100,
		data: uint64(me), stop: stop,
	}
}

// readsNext reports whether the worker only reads in its next operation, as package foreign says.
func (w *worker) readsNext() bool {
	phase := w.phase
	w.phase += 37
	if w.phase >= 100 {
		w.phase -= 100
	}
	return phase < w.reads
}

// chain is the work inside and outside: n iterations, each of which needs the one before.
func chain(x, n uint64) uint64 {
	for range n {
		x = x*6364136223846793005 + 1442695040888963407
	}
	return x
}
