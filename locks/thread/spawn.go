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

// ErrExited is the error of [Handle.Join], [Executor.Do] and [Task.Wait] if the function called [runtime.Goexit], as a
// failed test does.
var ErrExited = errors.New("thread: function called runtime.Goexit")

// A PanicError is the error of [Handle.Join], [Executor.Do] and [Task.Wait] if the function
// panicked.
type PanicError struct {
	Value any    // the value of the panic
	Stack []byte // the stack at that time, as in [debug.Stack]
}

// Error returns a message with the value and the stack.
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
// After f has ended, other goroutines may run on the thread. But the thread ends with f if f called [SetName],
// [SetPriority], [SetAffinity], [SetRealtime] or [Discard], if f left a [Pin] without its [Unpin], or if the
// system reports that the thread's name, priority, scheduling policy or affinity (on Linux also its robust list)
// has changed, by whatever means. Spawn cannot detect other changes, so call Discard before them.
//
// If f panics, Join returns a [*PanicError]. If the Handle becomes garbage and Join was never called,
// the panic ends the program, as a panic of a goroutine does. So join a function that may panic, or
// recover in it.
func Spawn(f func() error) *Handle {
	h := &Handle{done: make(chan struct{}), outcome: new(outcome)}
	pinned := make(chan struct{})
	go h.start(f, pinned)
	<-pinned
	return h
}

// start calls f on a thread of its own, and closes pinned before that. A goroutine that is on the main
// thread starts over on another thread and never counts as pinned: Join may return before it has
// released the main thread.
func (h *Handle) start(f func() error, pinned chan struct{}) {
	runtime.LockOSThread()
	if osthread.Main() {
		go h.start(f, pinned) // on another thread, since this one is occupied until then
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

// unpinSpawned undoes the Pin of Spawn. before is the state of the thread at the time of that Pin.
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

// run calls f and keeps its outcome.
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

// end announces that the function has ended.
func (h *Handle) end() {
	if h.outcome.panicked != nil {
		runtime.AddCleanup(h, (*outcome).tell, h.outcome)
		go h.outcome.collect()
	}
	close(h.done)
}

// Join blocks until the function has ended. It returns the function's error, a [*PanicError], or
// [ErrExited]. It may be called any number of times, by any goroutine; a goroutine that waits in it
// costs no thread, unless it is pinned.
//
// The end of the function synchronizes before the return of Join.
func (h *Handle) Join() error {
	h.outcome.joined.Store(true)
	<-h.done
	return h.err
}

// An outcome is the part of a function's result that is needed when its Handle or Task is garbage.
type outcome struct {
	panicked *PanicError // written before the function's end
	joined   atomic.Bool // Join or Wait returns the panic
}

// tell ends the program if the function has panicked and no Join or Wait has returned the panic. It is
// the cleanup of the Handle or Task.
func (o *outcome) tell() {
	if !o.joined.Load() {
		panic(fmt.Errorf("thread: a panic that no Join or Wait has returned: %w", o.panicked))
	}
}

// collect runs the garbage collector, so that a panic whose Handle was dropped ends the program
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
