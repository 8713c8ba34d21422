// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/thread/internal/osthread"
)

// ErrExited is what [Handle.Join], [Executor.Do] and [Task.Wait] return if the function ended by [runtime.Goexit], as a failed
// test does.
var ErrExited = errors.New("thread: function called runtime.Goexit")

// A PanicError is what [Handle.Join], [Executor.Do] and [Task.Wait] return if the function panicked.
type PanicError struct {
	Value any    // what it panicked with
	Stack []byte // its stack then, as in [debug.Stack]
}

// Error returns the value and the stack.
func (e *PanicError) Error() string {
	return fmt.Sprintf("thread: function panicked: %v\n\n%s", e.Value, e.Stack)
}

// Unwrap returns the value that the function panicked with, if that is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// A Handle stands for a function that Spawn has started.
type Handle struct {
	thread  *Thread
	done    chan struct{} // closed when the function has ended
	err     error         // written before that
	outcome *outcome
}

// Spawn calls f in a new goroutine that is pinned to its thread until f ends.
//
// When f has ended, other goroutines may run on the thread. But the thread ends with f if f has called
// [SetName], [SetPriority], [SetAffinity], [SetRealtime] or [Discard], if f has left a [Pin] without its [Unpin],
// or if the system says that the thread's name, priority, scheduling policy or affinity (on Linux
// also its robust list) has changed, by whatever means. Other changes cannot be seen: before them,
// call Discard.
//
// If f panics, Join returns a [*PanicError]. If the Handle becomes garbage and Join was never called,
// the panic ends the program, as that of a goroutine does. So join a function that may panic, or
// recover in it.
func Spawn(f func() error) *Handle {
	h := &Handle{done: make(chan struct{}), outcome: new(outcome)}
	pinned := make(chan struct{})
	go h.start(f, pinned)
	<-pinned
	return h
}

// start calls f on a thread for it alone, and closes pinned before. A goroutine that finds itself on the
// main thread never counts as pinned: Join may return before it has let go of that thread.
func (h *Handle) start(f func() error, pinned chan struct{}) {
	runtime.LockOSThread()
	if osthread.Main() {
		go h.start(f, pinned) // on another thread, since this one is taken until then
		<-pinned
		runtime.UnlockOSThread()
		return
	}
	Pin()
	runtime.UnlockOSThread() // Pin holds the thread
	Current().held = 1
	defer h.end()
	defer unpinSpawned(osthread.Self())
	h.thread = Current()
	close(pinned)
	h.run(f)
}

// unpinSpawned undoes the Pin of Spawn. The state of the thread at that time was before.
func unpinSpawned(before osthread.State) {
	t := current("Unpin")
	if t.pins > 1 || osthread.Self() != before {
		t.pins, t.discarded = 1, true
	}
	t.held = 0
	Unpin()
}

// Thread returns the thread of the function, for its Unpark.
func (h *Handle) Thread() *Thread { return h.thread }

// run calls f and keeps how it ended.
func (h *Handle) run(f func() error) {
	h.err = ErrExited // unless it returns or panics
	defer func() {
		if p := recover(); p != nil {
			h.outcome.panicked = &PanicError{Value: p, Stack: debug.Stack()}
			h.err = h.outcome.panicked
		}
	}()
	h.err = f()
}

// end says that the function has ended.
func (h *Handle) end() {
	if h.outcome.panicked != nil {
		runtime.AddCleanup(h, (*outcome).tell, h.outcome)
		go h.outcome.collect()
	}
	close(h.done)
}

// Join blocks until the function has ended. It returns the function's error, a
// [*PanicError], or [ErrExited]. It may be called any number of times, by any goroutine; one
// that waits in it costs no thread, unless it is pinned.
//
// The end of the function synchronizes before the return of Join.
func (h *Handle) Join() error {
	h.outcome.joined.Store(true)
	<-h.done
	return h.err
}

// An outcome is what must be known of a function when its Handle or Task is garbage.
type outcome struct {
	panicked *PanicError // written before the function's end
	joined   atomic.Bool // Join or Wait returns the panic
}

// tell ends the program if the function has panicked and nobody has asked for that. It is the cleanup of
// the Handle or Task.
func (o *outcome) tell() {
	if !o.joined.Load() {
		panic(fmt.Errorf("thread: a panic that no Join or Wait has returned: %w", o.panicked))
	}
}

// collect runs the garbage collector, so that a panic whose Handle was thrown away ends the program
// soon. The function's goroutine uses the Handle until it has ended, so the first collections may be
// too early.
func (o *outcome) collect() {
	for _, pause := range []time.Duration{0, time.Millisecond, 10 * time.Millisecond, 100 * time.Millisecond} {
		time.Sleep(pause)
		if o.joined.Load() {
			return
		}
		runtime.GC()
	}
}
