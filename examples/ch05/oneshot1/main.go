// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command oneshot1 shows a channel for one message: a slot for it, and a flag that says it is
// there. Nothing makes sure that it is used correctly.
//
// Watch for the two misuses: a Receive that comes too early takes a zero value for a message,
// and a second Send writes over the first. Neither is reported. From two goroutines at
// the same time both would be data races.
package main

import (
	"fmt"
	"io"
	"runtime"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows a channel for one message, which trusts its user."

func main() { program.Main(about, run) }

// A Channel carries one message, once. Its user must send once, and receive once, after Ready has
// reported true.
type Channel[T any] struct {
	message T
	ready   atomic.Bool
}

// Send sends the message.
func (c *Channel[T]) Send(message T) {
	c.message = message
	c.ready.Store(true) // release: who sees the flag sees the message
}

// Ready reports whether there is a message.
func (c *Channel[T]) Ready() bool { return c.ready.Load() } // acquire

// Receive returns the message.
func (c *Channel[T]) Receive() T { return c.message }

func run(out io.Writer) error {
	var c Channel[string]
	go c.Send("hello")
	for !c.Ready() {
		runtime.Gosched()
	}
	got := c.Receive()
	fmt.Fprintf(out, "used right:             received %q\n", got)

	var early Channel[string]
	nothing := early.Receive()
	early.Send("too late")
	fmt.Fprintf(out, "received before a send: %q, as if it were a message\n", nothing)

	var twice Channel[string]
	twice.Send("first")
	twice.Send("second")
	second := twice.Receive()
	fmt.Fprintf(out, "sent twice:             received %q, the first is lost\n", second)

	if got != "hello" || nothing != "" || second != "second" {
		return fmt.Errorf("received %q, %q and %q", got, nothing, second)
	}
	return nil
}
