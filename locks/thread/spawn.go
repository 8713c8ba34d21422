// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/osync-go/osync/internal/pin"
)

// ErrExited is what [Handle.Join] returns if the function ended by [runtime.Goexit], as a failed
// test does.
var ErrExited = errors.New("thread: function called runtime.Goexit")

// A PanicError is what [Handle.Join] returns if the function panicked.
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
	thread *Thread
	done   chan struct{} // closed when the function has ended
	err    error         // written before that
}

// Spawn calls f in a new goroutine that is pinned to its thread until f ends. A panic of f does
// not end the program: Join returns it.
//
// If f has changed the thread, by [SetName], [SetPriority] or [SetAffinity], or has left a [Pin]
// without its [Unpin], the thread ends with f. Otherwise it goes back to the Go scheduler.
func Spawn(f func() error) *Handle {
	h := &Handle{done: make(chan struct{})}
	pinned := make(chan struct{})
	go func() {
		defer close(h.done)
		Pin()
		defer unpinSpawned()
		h.thread = Current()
		close(pinned)
		h.run(f)
	}()
	<-pinned
	return h
}

// unpinSpawned undoes the Pin of Spawn. Where nobody else should run on the thread, the goroutine
// stays locked to it: so the thread ends with the goroutine.
func unpinSpawned() {
	if t := Current(); t.changed || t.pins > 1 {
		pin.Remove()
		return
	}
	Unpin()
}

// Thread returns the thread of the function, for its Unpark.
func (h *Handle) Thread() *Thread { return h.thread }

// run calls f and keeps how it ended.
func (h *Handle) run(f func() error) {
	h.err = ErrExited // unless it returns or panics
	defer func() {
		if p := recover(); p != nil {
			h.err = &PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	h.err = f()
}

// Join blocks until the function has ended. It returns the function's error, a
// [*PanicError], or [ErrExited]. It may be called any number of times, by anyone; a
// goroutine that waits in it costs no thread.
//
// The end of the function synchronizes before the return of Join.
func (h *Handle) Join() error {
	<-h.done
	return h.err
}
