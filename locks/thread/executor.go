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

// ErrClosed is what the calls of an [Executor] return after its Close.
var ErrClosed = errors.New("thread: Executor is closed")

// A StartError says that an Executor could not start a thread, since [ExecutorOptions.Start] has failed
// there: it has returned Err, or panicked ([*PanicError]), or called [runtime.Goexit] ([ErrExited]).
type StartError struct{ Err error }

// Error returns the error of Start.
func (e *StartError) Error() string {
	return fmt.Sprintf("thread: Executor cannot start a thread: %v", e.Err)
}

// Unwrap returns the error of Start.
func (e *StartError) Unwrap() error { return e.Err }

// ExecutorOptions are what [NewExecutor] makes an Executor of. The zero value is one thread that sleeps at
// once.
type ExecutorOptions struct {
	// Threads is how many threads the Executor has. Less than 1 is 1.
	Threads int

	// Start is called first on each thread, also on one that replaces another one: for its name, its
	// priority, its namespaces, a library's data. Several threads may call it at the same time. The
	// changes that it makes last until the thread ends, and no other goroutine ever runs there. It need not
	// call [Discard]. Nil does nothing.
	Start func() error

	// Spin is how long a thread without work looks for more before it sleeps, and how long Do looks for
	// the end of its function. It makes a call ten times as fast, for the processor time that it takes. The
	// spin ends early if a goroutine waits for the processor, or no other processor is busy; with one
	// processor (GOMAXPROCS) there is none. 0 sleeps at once.
	Spin time.Duration
}

// An Executor runs functions on one thread of its own, or on several: those of a library that must always
// be called on the same thread, such as OpenGL, or on a thread in a network namespace or with a priority.
//
// Functions begin in FIFO order, in that of the calls, whatever their form. With one thread they run one after
// the other. The queue has no bound. A goroutine that waits for its function costs no thread; a pinned one
// sleeps in the kernel.
//
// The functions run pinned (see [Pin]), with [Current] the same [Thread] as long as the thread lives. A function
// that calls [Discard] makes the thread end after it, and a new one take its place, on which Start is called
// first. So does one that calls [runtime.Goexit]. What a function changes otherwise stays for those after
// it, also what SetName, SetPriority, SetAffinity and SetRealtime change.
//
// If Start fails on a new thread and no other one is left, the first call in the queue returns its
// [*StartError] and its function is not run; the next call makes the Executor try again. If others are left, Close
// returns the error.
//
// NewExecutor makes an Executor; the methods of the zero value panic. It must be closed; it is never collected as garbage before. In a bubble of testing/synctest it
// must be made in the bubble, and a goroutine that waits for its function is durably blocked.
//
// In the terms of the Go memory model, a call of Do or Go synchronizes before its function begins, and the
// function's end before the return of Do and of the Task's waits.
type Executor struct {
	start func() error
	spin  time.Duration
	loop  *Loop // whose thread is lent; nil if the threads are the Executor's own

	mu          sync.Mutex
	first, last *call         // the queue
	accepted    uint64        // calls, ever
	idle        []*worker     // which wait for a call; the last one has worked last
	live        int           // threads, also those in Start
	threads     int           // how many there should be
	closed      bool          // no more calls
	lost        error         // of a Start, that no call has returned
	over        bool          // ended is closed
	ended       chan struct{} // closed when the Executor is closed, the queue empty and no thread left
}

// NewExecutor starts the threads of an Executor, one after the other, and returns when Start has returned
// on all of them. If Start fails, NewExecutor ends the threads that it has started, and returns the
// [*StartError].
//
// Systems without threads, as WebAssembly, run the functions on goroutines.
func NewExecutor(o ExecutorOptions) (*Executor, error) {
	e := &Executor{start: o.Start, spin: o.Spin, threads: max(o.Threads, 1), ended: make(chan struct{})}
	for range e.threads {
		started := make(chan error, 1)
		e.live++ // the threads that run do not use it before the first call
		e.spawn(started)
		if err := <-started; err != nil {
			_ = e.Close()
			return nil, err
		}
	}
	return e, nil
}

// Do runs f on a thread of e, and returns when f has ended. It returns f's error, a [*PanicError] if f panicked,
// [ErrExited] if f called [runtime.Goexit], or, without running f, [ErrClosed] or a [*StartError].
//
// A function that runs on e and calls Do runs f itself, at once, ahead of the queue; a Goexit of f ends that
// function, too. A function that waits for a goroutine that calls Do waits forever, if no other thread of e
// is free.
func (e *Executor) Do(f func() error) error { return e.do(f, park.Limit{}) }

// DoContext is Do until ctx is done. If ctx ends before f has begun, DoContext takes f out of the queue, so that
// it never runs, and returns an error that wraps the [context.Cause] of ctx. If f has begun, DoContext waits for
// its end, and returns what Do would: so f may use the caller's variables, and should look at ctx itself. To
// leave a function that runs, use [Executor.Go] and [Task.WaitContext].
//
// If ctx is already done, DoContext returns its cause, and f never runs. A nil ctx panics.
func (e *Executor) DoContext(ctx context.Context, f func() error) error {
	return e.DoLimit(park.Context(ctx), f)
}

// DoLimit is Do until limit is reached, as DoContext is until ctx is done. Its error wraps
// [os.ErrDeadlineExceeded] for a limit that is a deadline.
func (e *Executor) DoLimit(limit park.Limit, f func() error) error {
	if err := limit.Err(); err != nil {
		return err
	}
	return e.do(f, limit)
}

// do is Do with a limit that is not over yet.
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

// result returns what became of c, or why the wait for it has ended before it began.
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

// inline calls f for a caller that runs on the thread already.
func inline(f func() error) error {
	var c call
	c.f = f
	c.run()
	return c.err
}

// Go lets f run on a thread of e, and does not wait. What becomes of f is told by the Task. If e is closed,
// the Task has ended with [ErrClosed], and f never runs. A function that runs on e may call Go; its
// f waits for its turn.
//
// If f panics and the Task becomes garbage before any wait has returned the [*PanicError], the panic ends
// the program, as that of a function of [Spawn] does.
func (e *Executor) Go(f func() error) *Task {
	t := &Task{outcome: new(outcome)}
	t.call.f, t.call.task = f, t
	if err := e.submit(&t.call); err != nil {
		t.call.err = err
		t.call.end()
	}
	return t
}

// Close makes later calls return [ErrClosed], and waits until all functions that e has accepted before have
// run and its threads are about to end. It may be called several times, by any goroutine. It returns
// nil, or the [*StartError] of a thread that could not be replaced, if no call has returned that.
//
// A function that runs on e may call Close, which cannot wait for it, and returns nil at once. Such a function
// may still call Do.
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

// mustBeMade panics for the zero value, which has no thread that would ever run a function.
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

// submit puts c into the queue, and makes sure that some thread looks there.
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

// push puts c at the end of the queue. The caller holds e.mu, as those of all below.
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

// endIfIdle notes the end of e, if it has come.
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
