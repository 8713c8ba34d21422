// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command oneshot6 shows a receiver that sleeps instead of spinning. The state word of the channel
// is also the word that it sleeps on: park.Wait returns when the word is no longer empty, and
// park.Wake, after the store, wakes the sleeper.
//
// The channel needs no field for that. Watch for the five thousand receivers: they are
// goroutines that wait, and cost no thread. The same line puts a pinned thread to sleep in
// the kernel.
package main

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks/park"
)

const about = "Shows a channel for one message whose receiver sleeps on the state of the channel."

func main() { program.Main(about, run) }

// A Channel carries one message, once, to one receiver.
type Channel[T any] struct {
	message T
	state   atomic.Uint32 // as in oneshot3
}

const (
	empty = iota
	writing
	ready
	reading
)

// Send sends the message. It panics if there was a Send before.
func (c *Channel[T]) Send(message T) {
	if !c.state.CompareAndSwap(empty, writing) {
		panic("oneshot6: second send")
	}
	c.message = message
	c.state.Store(ready) // release
	park.Wake(&c.state)  // New: after the store. With no receiver asleep it is two loads
}

// Receive takes the message. It waits until there is one, and panics if there was a Receive.
func (c *Channel[T]) Receive() T {
	for {
		switch s := c.state.Load(); s {
		case empty, writing:
			park.Wait(&c.state, s) // New: returns at once if the state is another by now
		case ready:
			if c.state.CompareAndSwap(ready, reading) { // acquire
				return c.message
			}
		case reading:
			panic("oneshot6: second receive")
		}
	}
}

func run(out io.Writer) error {
	const channels = 5000
	var (
		cs      = make([]Channel[int], channels)
		sum     atomic.Int64
		waiting sync.WaitGroup
		done    sync.WaitGroup
	)
	waiting.Add(channels)
	for i := range cs {
		done.Go(func() {
			waiting.Done()
			sum.Add(int64(cs[i].Receive()))
		})
	}
	waiting.Wait() // all receivers are there, and most of them sleep
	for i := range cs {
		cs[i].Send(i)
	}
	done.Wait()
	want := int64(channels * (channels - 1) / 2)
	fmt.Fprintf(out, "%d receivers waited, each for a channel of its own, and got their messages\n", channels)
	fmt.Fprintf(out, "the sum is %d, want %d\n", sum.Load(), want)
	if sum.Load() != want {
		return fmt.Errorf("sum of messages %d, want %d", sum.Load(), want)
	}
	return nil
}
