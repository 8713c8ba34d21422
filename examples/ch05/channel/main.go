// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command channel shows a channel made of a queue, a mutex and a condition variable. It takes
// any number of senders, receivers and messages.
//
// Unlike a Go channel it has no bound, so Send never waits. Watch for the length that the
// queue reaches when the receivers are slower than the senders: nothing holds those
// back. That is why make(chan T, n) asks for a number.
package main

import (
	"fmt"
	"io"
	"sync"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows a channel made of a queue, a mutex and a condition variable."

func main() { program.Main(about, run) }

// A Channel is an unbounded queue of messages.
type Channel[T any] struct {
	mu       sync.Mutex
	arrived  *sync.Cond // with mu: a message was added
	messages []T        // guarded by mu
	longest  int        // that messages ever was; guarded by mu
}

// NewChannel returns an empty channel.
func NewChannel[T any]() *Channel[T] {
	c := new(Channel[T])
	c.arrived = sync.NewCond(&c.mu)
	return c
}

// Send adds a message. It does not wait for a receiver.
func (c *Channel[T]) Send(message T) {
	c.mu.Lock()
	c.messages = append(c.messages, message)
	c.longest = max(c.longest, len(c.messages))
	c.mu.Unlock()
	c.arrived.Signal() // one message, one receiver
}

// Receive takes the oldest message. It waits until there is one.
func (c *Channel[T]) Receive() T {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.messages) == 0 { // a loop: another receiver may have come before
		c.arrived.Wait()
	}
	message := c.messages[0]
	var zero T
	c.messages[0] = zero // or the array would keep it from the collector
	c.messages = c.messages[1:]
	return message
}

const (
	senders = 4
	each    = 2500
)

type message struct{ sender, number int }

func run(out io.Writer) error {
	c := NewChannel[message]()
	var senderGroup, receiverGroup sync.WaitGroup
	for s := range senders {
		senderGroup.Go(func() {
			for i := range each {
				c.Send(message{s, i + 1})
			}
		})
	}
	errs := make(chan error, 2)
	sums := make(chan int, 2)
	for range 2 {
		receiverGroup.Go(func() {
			sum, last := 0, [senders]int{}
			for range senders * each / 2 {
				m := c.Receive()
				if m.number <= last[m.sender] {
					errs <- fmt.Errorf("message %d of sender %d came after %d", m.number, m.sender, last[m.sender])
					return
				}
				last[m.sender], sum = m.number, sum+m.number
			}
			sums <- sum
		})
	}
	senderGroup.Wait()
	receiverGroup.Wait()
	if len(errs) > 0 {
		return <-errs
	}
	sum, want := <-sums+<-sums, senders*each*(each+1)/2
	fmt.Fprintf(out, "%d senders, 2 receivers, %d messages: the sum is %d, want %d\n", senders, senders*each, sum, want)
	fmt.Fprintln(out, "the messages of one sender came in order, at each receiver")
	fmt.Fprintf(out, "the queue was up to %d messages long; make(chan T, 16) would have stopped at 16\n", c.longest)
	if sum != want {
		return fmt.Errorf("sum of messages %d, want %d: some came twice, or never", sum, want)
	}
	return nil
}
