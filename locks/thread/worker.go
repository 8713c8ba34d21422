// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/internal/spin"
)

// A worker is a thread that takes calls out of the queue of an Executor. Its word is its state while the
// queue is empty.
//
//	value     in e.idle   who leaves it, and how
//	idle      yes         whoever takes it out of e.idle: swap to roused; the worker, before it sleeps: CAS to asleep
//	asleep    yes         whoever takes it out of e.idle: swap to roused, then send on wake
//	roused    no          the worker, when it enters e.idle, under e.mu: store of idle
//
// Invariants
//  1. A worker enters e.idle in a step that finds the queue empty and the Executor open.
//  2. The goroutine that takes a worker out of e.idle rouses it, once. So wake never holds more than
//     one value.
//  3. A roused worker looks at the queue. The call may be gone by then.
//  4. If the queue is not empty, a worker is roused, or will look at the queue after the function that
//     it runs.
//
// A worker sleeps in the scheduler although it is pinned: a wake-up that hands the caller's processor to the
// thread takes a quarter of the time of one through the kernel.
type worker struct {
	word atomic.Uint32
	wake chan struct{} // has room for one
}

const (
	workerIdle = iota
	workerAsleep
	workerRoused
)

// rouse makes w look at the queue. The caller has taken w out of e.idle.
func (w *worker) rouse() {
	if w.word.Swap(workerRoused) == workerAsleep {
		w.wake <- struct{}{}
	}
}

// rest waits until w is roused.
func (w *worker) rest(d time.Duration) {
	if !look(&w.word, workerRoused, d) && w.word.CompareAndSwap(workerIdle, workerAsleep) {
		<-w.wake
	}
}

// take returns the next call for w, or nil when e is closed and the queue is empty.
func (e *Executor) take(w *worker) *call {
	e.mu.Lock()
	for {
		c := e.pop(e.accepted)
		if c != nil || e.closed {
			e.mu.Unlock()
			return c
		}
		w.word.Store(workerIdle)
		e.idle = append(e.idle, w) // by invariant 1
		e.mu.Unlock()
		w.rest(e.spin)
		e.mu.Lock()
	}
}

// spawn starts a thread, which is counted in e.live already. The result of Start goes to started; nil is for a
// thread that replaces another one.
func (e *Executor) spawn(started chan<- error) {
	h := &Handle{done: make(chan struct{}), outcome: new(outcome)}
	go h.start(func() error { e.work(started); return nil }, make(chan struct{}))
}

// work is the function of a thread of e.
func (e *Executor) work(started chan<- error) {
	t := Current()
	t.executor, t.discarded = e, true // no other goroutine may see the changes of Start and the functions
	ready := false
	var err error
	defer func() {
		if !ready {
			err = &StartError{err}
		}
		e.leave(started, err)
	}()
	if e.start != nil {
		err = ErrExited
		err = recovered(e.start)
	}
	if ready = err == nil; !ready {
		return
	}
	if started != nil {
		started <- nil
	}
	w := &worker{wake: make(chan struct{}, 1)}
	for t.retired = false; !t.retired; { // a Discard by Start has no effect
		c := e.take(w)
		if c == nil {
			return
		}
		c.run()
	}
}

// recovered calls f, and returns a panic of it as an error.
func recovered(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	return f()
}

// leave subtracts a thread that ends because e is closed, because the thread was discarded, or because Start has
// failed with err. It starts another thread if one is needed.
func (e *Executor) leave(started chan<- error, err error) {
	e.mu.Lock()
	e.live--
	var failed *call
	switch {
	case err != nil && started != nil:
		// NewExecutor returns it.
	case err != nil && e.live == 0 && e.first != nil:
		failed = e.pop(e.accepted)
	case err != nil:
		e.lost = err
	}
	again := e.live == 0 && e.first != nil || err == nil && !e.closed
	if again {
		e.live++
	}
	e.endIfIdle()
	e.mu.Unlock()
	if failed != nil {
		failed.err = err
		failed.end()
	}
	if again {
		e.spawn(nil)
	}
	if err != nil && started != nil {
		started <- err
	}
}

// look spins until word becomes value, for at most d, and reports whether it did. It gives up if the spin
// would only delay other goroutines.
func look(word *atomic.Uint32, value uint32, d time.Duration) bool {
	if d <= 0 || !spin.Worthwhile() {
		return word.Load() == value
	}
	begin := mono.Now()
	for {
		for range lookRounds {
			if word.Load() == value { // acquire
				return true
			}
			spin.Pause(1)
		}
		passed := mono.Now() - begin
		if passed > int64(d) || passed > crowdedNs && spin.Crowded() {
			return word.Load() == value
		}
	}
}

// crowdedNs is how long look continues although a goroutine waits for the processor: most often that is the goroutine
// that was just woken, and another processor is about to take it. Without this, a call that follows one that slept
// would sleep, too.
const crowdedNs = 20e3

// lookRounds is how often look reads the word before it checks whether to continue, which costs
// more.
const lookRounds = 16
