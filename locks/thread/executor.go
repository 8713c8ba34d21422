// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// ErrClosed is the error of the calls of an [Executor] after its Close.
var ErrClosed = errors.New("thread: Executor is closed")

// A StartError reports that an Executor could not start a thread, because [ExecutorOptions.Start]
// failed on it: Start returned Err, or panicked ([*PanicError]), or called [runtime.Goexit]
// ([ErrExited]).
type StartError struct{ Err error }

// Error returns the error of Start.
func (e *StartError) Error() string {
	return fmt.Sprintf("thread: Executor cannot start a thread: %v", e.Err)
}

// Unwrap returns the error of Start.
func (e *StartError) Unwrap() error { return e.Err }

// ExecutorOptions are the options of [NewExecutor]. The zero value means one thread that sleeps at once
// when it has no work.
type ExecutorOptions struct {
	// Threads is the number of threads of the Executor. Values less than 1 mean 1.
	Threads int

	// Start is called first on each thread, including one that replaces another. It sets up the thread's
	// name, its priority, its namespaces, or a library's data. Several threads may call it at the same
	// time. The changes that it makes last until the thread ends, and no other goroutine ever runs on the
	// thread. It need not call [Discard]. A nil Start does nothing.
	Start func() error

	// Spin is how long a thread without work spins before it sleeps, and how long Do spins until its
	// function has ended. It makes a call ten times as fast, at the cost of processor time. The spin ends
	// early if a goroutine waits for the processor, or if no other processor is busy. With one processor
	// (GOMAXPROCS) there is no spin. With 0, threads sleep at once.
	Spin time.Duration
}

// An Executor runs functions on one or more threads of its own. It is for libraries that must always be
// called on the same thread, such as OpenGL, and for work on a thread in a network namespace or with a
// priority.
//
// Functions begin in the order of the calls, whatever their form. With one thread they run one after the
// other. The queue is unbounded. A goroutine that waits for its function costs no thread; a pinned goroutine
// sleeps in the kernel.
//
// The functions run pinned (see [Pin]), with [Current] the same [Thread] as long as the thread lives. After a
// function that calls [Discard] or [runtime.Goexit], its thread ends and a new one, on which Start is called
// first, takes its place. Any other change that a function makes to the thread remains for the functions after
// it, including the changes of SetName, SetPriority, SetAffinity and SetRealtime.
//
// If Start fails on a new thread and no other thread is left, the first call in the queue returns the
// [*StartError], and its function is not run; the next call makes the Executor try again. If other threads are
// left, Close returns the error.
//
// An Executor is made by NewExecutor; the methods of the zero value panic. It must be closed, and is not garbage
// collected before that. An Executor that is used in a bubble of testing/synctest must be made in the bubble; a
// goroutine that waits for its function is then durably blocked.
//
// In the terms of the Go memory model, a call of Do or Go synchronizes before its function begins, and the
// end of the function synchronizes before the return of Do and of the waits of the Task.
type Executor struct {
	start func() error
	spin  time.Duration
	loop  *Loop // the Loop that lends its thread; nil if the Executor has its own threads

	mu          sync.Mutex
	first, last *call         // the queue
	accepted    uint64        // calls, ever
	idle        []*worker     // the workers that wait for a call; the last one has worked most recently
	live        int           // threads, also those in Start
	threads     int           // how many there should be
	closed      bool          // no more calls
	lost        error         // the error of a Start that no call has returned
	over        bool          // ended is closed
	ended       chan struct{} // closed when the Executor is closed, the queue empty and no thread left
}

// NewExecutor starts the threads of an Executor, one after the other, and returns when Start has returned
// on all of them. If Start fails, NewExecutor ends the threads that it has started, and returns the
// [*StartError].
//
// On systems without threads, such as WebAssembly, the functions run on goroutines.
func NewExecutor(o ExecutorOptions) (*Executor, error) {
	e := &Executor{start: o.Start, spin: o.Spin, threads: max(o.Threads, 1), ended: make(chan struct{})}
	for range e.threads {
		started := make(chan error, 1)
		e.live++ // no running thread uses it before the first call
		e.spawn(started)
		if err := <-started; err != nil {
			_ = e.Close()
			return nil, err
		}
	}
	return e, nil
}

// Do runs f on a thread of e, and returns when f has ended. It returns the error of f, a [*PanicError] if f
// panicked, or [ErrExited] if f called [runtime.Goexit]. Without running f, it returns [ErrClosed] if e is
// closed, or a [*StartError].
//
// If a function that runs on e calls Do, f runs at once, ahead of the queue; if f calls Goexit, that
// function ends, too. A function that waits for a goroutine that calls Do waits forever if no other thread
// of e is free.
func (e *Executor) Do(f func() error) error { return e.do(f, park.Limit{}) }

// DoContext is Do until ctx is done. If ctx is done before f has begun, DoContext takes f out of the queue, so
// that it never runs, and returns an error that wraps the [context.Cause] of ctx. If f has begun, DoContext
// waits for its end, and returns what Do would return. So f may use the caller's variables, and should check ctx
// itself. To stop waiting for a running function, use [Executor.Go] and [Task.WaitContext].
//
// If ctx is already done, DoContext returns its cause, and f never runs. A nil ctx panics.
func (e *Executor) DoContext(ctx context.Context, f func() error) error {
	return e.DoLimit(park.Context(ctx), f)
}

// DoLimit is Do until limit is reached, as DoContext is Do until ctx is done. Its error wraps
// [os.ErrDeadlineExceeded] for a limit that is a deadline.
func (e *Executor) DoLimit(limit park.Limit, f func() error) error {
	if err := limit.Err(); err != nil {
		return err
	}
	return e.do(f, limit)
}

// do is Do with a limit that has not been reached.
func (e *Executor) do(f func() error, limit park.Limit) error {
	if e.own() {
		return inline(f)
	}
	c := calls.Get().(*call)
	c.f = f
	c.word.Store(callPending)
	err := e.submit(c)
	if err == nil {
		err = e.result(c, limit)
	}
	c.f, c.err = nil, nil // f may never have run
	calls.Put(c)
	return err
}

// result returns the outcome of c, or, if the wait ended before c began, the reason.
func (e *Executor) result(c *call, limit park.Limit) error {
	if !look(&c.word, callEnded, e.spin) {
		if err := c.wait(limit); err != nil {
			if e.withdraw(c) {
				return err
			}
			_ = c.wait(park.Limit{}) // no limit, no error
		}
	}
	return c.err
}

// inline calls f for a caller that already runs on the thread.
func inline(f func() error) error {
	var c call
	c.f = f
	c.run()
	return c.err
}

// Go runs f on a thread of e, and does not wait for it. The Task returns the outcome of f. If e is closed,
// the Task has ended with [ErrClosed], and f never runs. A function that runs on e may call Go; f then
// waits for its turn.
//
// If f panics and the Task becomes garbage before any wait has returned the [*PanicError], the panic ends
// the program, as a panic of a function of [Spawn] does.
func (e *Executor) Go(f func() error) *Task {
	t := &Task{outcome: new(outcome)}
	t.call.f, t.call.task = f, t
	if err := e.submit(&t.call); err != nil {
		t.call.err = err
		t.call.end()
	}
	return t
}

// Close makes later calls return [ErrClosed], and waits until all functions that e accepted before have run
// and its threads are about to end. It may be called several times, by any goroutine. It returns the
// [*StartError] of a thread that could not be replaced, unless a call has returned it, and nil otherwise.
//
// A function that runs on e may call Close, which then returns nil at once, as it cannot wait for that
// function. Such a function may still call Do.
func (e *Executor) Close() error {
	e.shut()
	if e.own() {
		if e.loop != nil {
			e.loop.drain()
		}
		return nil
	}
	<-e.ended
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.lost
}

// shut is Close without the wait.
func (e *Executor) shut() {
	e.mustBeMade()
	e.mu.Lock()
	e.closed = true
	idle := e.idle
	e.idle = nil
	e.endIfIdle()
	e.mu.Unlock()
	for _, w := range idle {
		w.rouse()
	}
	if e.loop != nil && len(idle) == 0 && !e.own() {
		e.loop.call()
	}
}

// mustBeMade panics for the zero value, which has no threads to run functions.
func (e *Executor) mustBeMade() {
	if e.threads == 0 {
		panic("thread: use of an Executor that NewExecutor has not made")
	}
}

// own reports whether the caller runs on a thread of e.
func (e *Executor) own() bool {
	t := Current()
	return t != nil && (t.executor == e || e.loop != nil && e.loop.owner.Load() == t)
}

// submit puts c into the queue, and makes sure that a thread looks at the queue.
func (e *Executor) submit(c *call) error {
	e.mustBeMade()
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return ErrClosed
	}
	e.push(c)
	var w *worker
	grow := false
	if n := len(e.idle); n > 0 {
		w = e.idle[n-1]
		e.idle = e.idle[:n-1]
	} else if grow = e.live < e.threads; grow { // a Start has failed
		e.live++
	}
	e.mu.Unlock()
	switch {
	case w != nil:
		w.rouse()
	case grow:
		e.spawn(nil)
	case e.loop != nil:
		e.loop.call()
	}
	return nil
}

// push puts c at the end of the queue. The caller holds e.mu, as do the callers of the functions
// below.
func (e *Executor) push(c *call) {
	c.number, c.queued = e.accepted, true
	e.accepted++
	c.prev, c.next = e.last, nil
	if e.last == nil {
		e.first = c
	} else {
		e.last.next = c
	}
	e.last = c
}

// remove takes c out of the queue.
func (e *Executor) remove(c *call) {
	if c.prev == nil {
		e.first = c.next
	} else {
		c.prev.next = c.next
	}
	if c.next == nil {
		e.last = c.prev
	} else {
		c.next.prev = c.prev
	}
	c.next, c.prev, c.queued = nil, nil, false
}

// pop takes the first call with a number below limit out, if there is one.
func (e *Executor) pop(limit uint64) *call {
	c := e.first
	if c == nil || c.number >= limit {
		return nil
	}
	e.remove(c)
	return c
}

// endIfIdle ends e if it is closed and has neither calls nor threads.
func (e *Executor) endIfIdle() {
	if e.closed && e.first == nil && e.live == 0 && !e.over {
		e.over = true
		close(e.ended)
	}
}

// withdraw takes c out of the queue, and reports whether it was there. It locks e.mu itself.
func (e *Executor) withdraw(c *call) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	queued := c.queued
	if queued {
		e.remove(c)
	}
	return queued
}
