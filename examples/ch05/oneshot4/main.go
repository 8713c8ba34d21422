// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command oneshot4 shows the two ends of a channel as types of their own: a Sender cannot
// receive and a Receiver cannot send, and the compiler knows. Go's own channels do that with
// chan<- T and <-chan T.
//
// Rust goes further: Send takes the sender away from its caller, so a second Send does not
// compile. A Go value can be used again, and copied, so that remains a check at run time.
// Watch for it: the second Send of an end says so, and so does that of its copy.
package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows the two ends of a channel as types: one can only send, one only receive."

func main() { program.Main(about, run) }

// ErrUsed says that an end has been used before.
var ErrUsed = errors.New("oneshot4: this end was used before")

// A channel is what the two ends share. The collector frees it after the last of them, which in
// Rust is the work of an Arc.
type channel[T any] struct {
	message T
	state   atomic.Uint32 // as in oneshot3
}

const (
	empty = iota
	writing
	ready
	reading
)

// New: two types, each with the methods of its end.
type (
	// A Sender is the end that sends, once.
	Sender[T any] struct{ c *channel[T] }
	// A Receiver is the end that receives, once.
	Receiver[T any] struct{ c *channel[T] }
)

// NewChannel returns the two ends of a new channel.
func NewChannel[T any]() (Sender[T], Receiver[T]) {
	c := new(channel[T])
	return Sender[T]{c}, Receiver[T]{c}
}

// Send sends the message, or returns ErrUsed.
func (s Sender[T]) Send(message T) error {
	if !s.c.state.CompareAndSwap(empty, writing) {
		return ErrUsed
	}
	s.c.message = message
	s.c.state.Store(ready) // release
	return nil
}

// Ready reports whether there is a message.
func (r Receiver[T]) Ready() bool { return r.c.state.Load() == ready }

// Receive takes the message. ok is false if there is none, or none any more.
func (r Receiver[T]) Receive() (message T, ok bool) {
	if !r.c.state.CompareAndSwap(ready, reading) { // acquire
		return message, false
	}
	return r.c.message, true
}

func run(out io.Writer) error {
	s, r := NewChannel[string]()
	sent := make(chan error, 1)
	go func(s Sender[string]) { sent <- s.Send("hello") }(s) // a copy; Rust would have moved it
	for !r.Ready() {
		runtime.Gosched()
	}
	got, ok := r.Receive()
	fmt.Fprintf(out, "the receiver got %q\n", got)
	if err := <-sent; err != nil || !ok || got != "hello" {
		return fmt.Errorf("sent with error %v, received %q, %t", err, got, ok)
	}

	again := s.Send("once more") // it compiles: s was copied, not moved
	fmt.Fprintf(out, "the sender, used again, says: %v\n", again)
	_, ok = r.Receive()
	fmt.Fprintf(out, "the receiver, used again, has a message: %t\n", ok)
	fmt.Fprintln(out, "r.Send and s.Receive are not there to be called")
	if !errors.Is(again, ErrUsed) || ok {
		return errors.New("an end could be used twice")
	}
	return nil
}
