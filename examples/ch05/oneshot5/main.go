// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command oneshot5 shows ends that borrow a channel of the caller's, so that one channel serves
// message after message and nothing is allocated.
//
// In Rust the ends hold a borrow, and the compiler refuses a second Split while an end lives.
// Go has no lifetimes. Two things take their place. The collector keeps the channel for
// as long as an end points to it, so there is no dangling end. And a number counts the Splits:
// each end remembers its own, and a stale end panics. Watch for that.
package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows a channel that is used again, and what Go has in place of lifetimes."

func main() { program.Main(about, run) }

// A Channel carries one message after each Split. The zero value is ready for the first.
type Channel[T any] struct {
	message T
	state   atomic.Uint64 // New: the number of the last Split, and in the low bits one of the states
}

const (
	empty = iota
	writing
	ready
	reading
	taken // New: the receiver is done, the message may be written over

	nextSplit = 8 // added to state: one Split more
)

type (
	// A Sender is the end that sends. It is of use until the next Split.
	Sender[T any] struct {
		c     *Channel[T]
		split uint64 // New: the state that this end was made with
	}
	// A Receiver is the end that receives. It is of use until the next Split.
	Receiver[T any] struct {
		c     *Channel[T]
		split uint64
	}
)

// Split makes c empty and returns its two ends. Those of the Split before are stale from now
// on, and a message that was not received is lost. It panics if one of them is in use.
func (c *Channel[T]) Split() (Sender[T], Receiver[T]) {
	old := c.state.Load()
	now := old&^(nextSplit-1) + nextSplit
	if s := old % nextSplit; s == writing || s == reading || !c.state.CompareAndSwap(old, now) {
		panic("oneshot5: split of a channel that is in use")
	}
	return Sender[T]{c, now}, Receiver[T]{c, now}
}

// Send sends the message. It reports false if this end has sent before, or is stale.
func (s Sender[T]) Send(message T) bool {
	if !s.c.state.CompareAndSwap(s.split+empty, s.split+writing) {
		return false
	}
	s.c.message = message
	s.c.state.Store(s.split + ready) // release
	return true
}

// Ready reports whether there is a message for this end.
func (r Receiver[T]) Ready() bool { return r.c.state.Load() == r.split+ready }

// Receive takes the message. ok is false if there is none, or this end is stale.
func (r Receiver[T]) Receive() (message T, ok bool) {
	if !r.c.state.CompareAndSwap(r.split+ready, r.split+reading) { // acquire
		return message, false
	}
	message, r.c.message = r.c.message, message
	r.c.state.Store(r.split + taken) // release: a later Split may let others write
	return message, true
}

func run(out io.Writer) error {
	const rounds = 1000
	var c Channel[int]
	stale, _ := c.Split()
	sum := 0
	for i := range rounds {
		s, r := c.Split()
		go s.Send(i + 1)
		for !r.Ready() {
			runtime.Gosched()
		}
		m, _ := r.Receive()
		sum += m
	}
	want := rounds * (rounds + 1) / 2
	fmt.Fprintf(out, "one channel carried %d messages, one for each Split: their sum is %d, want %d\n", rounds, sum, want)
	if sum != want {
		return fmt.Errorf("sum of messages %d, want %d", sum, want)
	}

	_, r := c.Split()
	sent := stale.Send(7)
	_, received := r.Receive()
	fmt.Fprintf(out, "the sender of the first Split could send to the receiver of the last: %t\n", sent || received)
	if sent || received {
		return errors.New("a stale end is still of use")
	}
	return nil
}
