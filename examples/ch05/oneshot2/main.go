// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command oneshot2 shows the channel of oneshot1, which now panics on each misuse. Two flags do
// it: each method claims its turn by a swap, so that of two concurrent calls one panics.
//
// Watch for the three panics. The check costs one swap more for each side.
package main

import (
	"fmt"
	"io"
	"runtime"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows a channel for one message, which panics when it is misused."

func main() { program.Main(about, run) }

// A Channel carries one message, once.
type Channel[T any] struct {
	message T
	used    atomic.Bool // New: a sender was there
	ready   atomic.Bool
}

// Send sends the message. It panics if there was a Send before.
func (c *Channel[T]) Send(message T) {
	if c.used.Swap(true) { // New. No order needed: ready has it
		panic("oneshot2: second send")
	}
	c.message = message
	c.ready.Store(true) // release
}

// Ready reports whether there is a message. It is a hint: another receiver may take it.
func (c *Channel[T]) Ready() bool { return c.ready.Load() }

// Receive takes the message. It panics if there is none, or none any more.
func (c *Channel[T]) Receive() T {
	if !c.ready.Swap(false) { // New; acquire
		panic("oneshot2: receive without a message")
	}
	return c.message
}

func run(out io.Writer) error {
	var c Channel[string]
	go c.Send("hello")
	for !c.Ready() {
		runtime.Gosched()
	}
	got := c.Receive()
	fmt.Fprintf(out, "received %q\n", got)
	if got != "hello" {
		return fmt.Errorf("received %q, want hello", got)
	}
	for _, misuse := range []struct {
		what string
		do   func()
	}{
		{"a second send", func() { c.Send("again") }},
		{"a second receive", func() { c.Receive() }},
		{"a receive before any send", func() { new(Channel[string]).Receive() }},
	} {
		reason := recovered(misuse.do)
		fmt.Fprintf(out, "%-26s panics: %v\n", misuse.what, reason)
		if reason == nil {
			return fmt.Errorf("%s went through", misuse.what)
		}
	}
	return nil
}

// recovered calls f and returns what it panicked with.
func recovered(f func()) (reason any) {
	defer func() { reason = recover() }()
	f()
	return nil
}
