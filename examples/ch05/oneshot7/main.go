// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command oneshot7 shows the other way to sleep: the channel knows the thread that receives, and
// the sender wakes that thread. Each thread has one permit, which Unpark gives and Park takes, so
// an Unpark that comes before the Park is not lost.
//
// Only a goroutine that is pinned to its thread has a handle, thread.Current. Other goroutines
// have none in Go, on purpose; they sleep on a word (oneshot6) or on a Go
// channel. A permit says no more than "look again", so Receive looks, in a loop.
package main

import (
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks/thread"
)

const about = "Shows a channel for one message that wakes its receiver by the receiver's thread."

func main() { program.Main(about, run) }

type channel[T any] struct {
	message T
	ready   atomic.Bool
}

type (
	// A Sender is the end that sends, once.
	Sender[T any] struct {
		c        *channel[T]
		receiver *thread.Thread // New: the thread to wake
	}
	// A Receiver is the end that receives. It belongs to the thread that made it.
	Receiver[T any] struct{ c *channel[T] }
)

// NewChannel returns the ends of a new channel. The calling goroutine, which is pinned, is the one
// that receives. In Rust the compiler would see to that; here it is a rule.
func NewChannel[T any]() (Sender[T], Receiver[T]) {
	c := new(channel[T])
	return Sender[T]{c, thread.Current()}, Receiver[T]{c}
}

// Send sends the message.
func (s Sender[T]) Send(message T) {
	s.c.message = message
	s.c.ready.Store(true) // release
	s.receiver.Unpark()   // New: after the store
}

// Receive takes the message. It waits until there is one.
func (r Receiver[T]) Receive() T {
	for !r.c.ready.Swap(false) { // acquire
		thread.Park() // New: a permit may have been left over from before
	}
	return r.c.message
}

func run(out io.Writer) error {
	const rounds = 200
	sum := 0
	err := thread.Spawn(func() error { // a thread of its own, to be parked
		if thread.Current() == nil {
			return fmt.Errorf("threads have no names here: %w", errors.ErrUnsupported)
		}
		thread.Current().Unpark() // a permit too many, to show that Receive bears it
		for i := range rounds {
			s, r := NewChannel[int]()
			go s.Send(i + 1)
			sum += r.Receive()
		}
		fmt.Fprintf(out, "thread %d has received %d messages, each through a channel of its own\n", thread.ID(), rounds)
		return nil
	}).Join()
	if err != nil {
		return err
	}
	want := rounds * (rounds + 1) / 2
	fmt.Fprintf(out, "the sum is %d, want %d\n", sum, want)
	if sum != want {
		return fmt.Errorf("sum of messages %d, want %d", sum, want)
	}
	return nil
}
