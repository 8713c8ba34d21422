// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command oneshot3 shows the channel of oneshot2 with one word in place of two flags: the word
// is the state of the channel, and each method is a step from one state to the next.
//
// One word can be drawn as a table, and there is no combination of flags that means
// nothing. Watch for the sixteen that send and the sixteen that receive at once: exactly
// one of each gets through, each time.
package main

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows a channel for one message whose state is a single atomic word."

func main() { program.Main(about, run) }

// A Channel carries one message, once.
type Channel[T any] struct {
	message T
	state   atomic.Uint32 // New: all there is to know, see the table
}

// New: the states. Each has one way out, and one party that may take it.
//
//	state    message              who leaves it, and how
//	empty    nobody's             a sender: CAS to writing
//	writing  that sender's        the sender: store ready
//	ready    nobody's             a receiver: CAS to reading
//	reading  that receiver's      nobody
const (
	empty = iota
	writing
	ready
	reading
)

// Send sends the message and reports true, or reports false if there was a Send before.
func (c *Channel[T]) Send(message T) bool {
	if !c.state.CompareAndSwap(empty, writing) {
		return false
	}
	c.message = message
	c.state.Store(ready) // release
	return true
}

// Receive takes the message, if it is there.
func (c *Channel[T]) Receive() (message T, ok bool) {
	if !c.state.CompareAndSwap(ready, reading) { // acquire
		return message, false
	}
	return c.message, true
}

func run(out io.Writer) error {
	const rounds, crowd = 200, 16
	var sent, received, good atomic.Int32
	for range rounds {
		var (
			c  Channel[int]
			wg sync.WaitGroup
		)
		for i := range crowd {
			wg.Go(func() {
				if c.Send(i + 1) {
					sent.Add(1)
				}
			})
			wg.Go(func() {
				if m, ok := c.Receive(); ok {
					received.Add(1)
					if m >= 1 && m <= crowd {
						good.Add(1)
					}
				}
			})
		}
		wg.Wait()
		if m, ok := c.Receive(); ok { // all receivers came too early
			received.Add(1)
			if m >= 1 && m <= crowd {
				good.Add(1)
			}
		}
	}
	fmt.Fprintf(out, "%d rounds in which %d send and %d receive at once\n", rounds, crowd, crowd)
	fmt.Fprintf(out, "sends that got through: %d, receives: %d, whole messages: %d\n", sent.Load(), received.Load(), good.Load())
	if sent.Load() != rounds || received.Load() != rounds || good.Load() != rounds {
		return fmt.Errorf("want %d of each", rounds)
	}
	return nil
}
