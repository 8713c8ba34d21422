// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package channel models Go's channels for explored goroutines. The real channel identifies the model, and values that
// it holds when an execution first uses it are in the model, too.
package channel

import (
	"reflect"
	"slices"
	"unsafe"

	"github.com/osync-go/osync/explore/internal/engine"
)

// A Chan is the model of a channel in one execution.
type Chan[T any] struct {
	real      chan T
	buffer    []T
	closed    bool
	receivers []*waiter[T]
	senders   []*waiter[T]

	// Timer marks the channel as that of a timer, whose length and capacity are zero whatever it holds.
	Timer bool

	// Received, if it is not nil, is called by each step that receives.
	Received func(t *engine.Thread)
}

// Pointer returns the object of a step on ch. It is nil for a nil channel.
func Pointer[T any](ch chan T) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&ch)) // a channel is a pointer
}

// Both returns ch without its direction.
func Both[T any, C chan<- T | <-chan T](ch C) chan T {
	return *(*chan T)(unsafe.Pointer(&ch)) // the direction exists only in the compiler
}

// A place is the engine's state of a channel.
type place struct {
	model interface{ size() (length, capacity int) } // nil until anything but Len and Cap uses the channel
}

func placeOf(t *engine.Thread, ch unsafe.Pointer) *place {
	return t.State(ch, func() any { return new(place) }).(*place)
}

// Of returns the model of ch, which is not nil, in the current execution. It is not a step.
func Of[T any](t *engine.Thread, ch chan T) *Chan[T] {
	p := placeOf(t, Pointer(ch))
	c, ok := p.model.(*Chan[T])
	if !ok {
		c = &Chan[T]{real: ch}
		p.model = c
		if c.absorb(); !c.closed {
			for _, v := range c.buffer {
				ch <- v // for the next execution
			}
		}
	}
	return c
}

// absorb moves the values of the real channel into the model.
func (c *Chan[T]) absorb() {
	for !c.closed {
		select {
		case v, ok := <-c.real:
			if !ok {
				c.closed = true
				return
			}
			c.buffer = append(c.buffer, v)
		default:
			return
		}
	}
}

// A waiter is a case of a select that sleeps. A plain send or receive is a select of one case.
type waiter[T any] struct {
	*selection
	index int
	value T    // to send, or received
	ok    bool // the channel was not closed
}

// A selection is a select that sleeps in the queues of all its channels.
type selection struct {
	thread *engine.Thread
	queues []queue
	chosen int // the index of the case that was executed
}

// A queue is a channel that a selection waits in.
type queue interface {
	pointer() unsafe.Pointer
	leave(s *selection)
}

func (c *Chan[T]) pointer() unsafe.Pointer { return Pointer(c.real) }

func (c *Chan[T]) leave(s *selection) {
	of := func(w *waiter[T]) bool { return w.selection == s }
	c.receivers, c.senders = slices.DeleteFunc(c.receivers, of), slices.DeleteFunc(c.senders, of)
}

// complete ends the wait of w in c. The step of t also writes the other channels that w waits in.
func (c *Chan[T]) complete(t *engine.Thread, w *waiter[T], ok bool) {
	w.ok = ok
	w.chosen = w.index
	for _, q := range w.queues {
		q.leave(w.selection)
		if p := q.pointer(); p != c.pointer() {
			t.Touch(p)
		}
	}
	t.Wake(w.thread)
}

// canSend reports whether a send can proceed without waiting.
func (c *Chan[T]) canSend() bool {
	return c.closed || len(c.buffer) < cap(c.real) || len(c.receivers) > 0
}

// Offer sends v if that is possible without waiting. It is part of a step of t on c.
func (c *Chan[T]) Offer(t *engine.Thread, v T) {
	switch {
	case c.closed:
		sendOnClosed()
	case len(c.receivers) > 0:
		w := c.receivers[0]
		w.value = v
		c.complete(t, w, true)
		c.received(t)
	case len(c.buffer) < cap(c.real):
		c.buffer = append(c.buffer, v)
	}
}

// canReceive reports whether a receive can proceed without waiting.
func (c *Chan[T]) canReceive() bool {
	if len(c.buffer) == 0 && len(c.real) == 0 {
		c.absorb() // code that is not rewritten may have closed the channel
	}
	return c.closed || c.filled()
}

// filled reports whether there is something to receive.
func (c *Chan[T]) filled() bool { return len(c.buffer) > 0 || len(c.senders) > 0 }

// receive receives from a channel that is ready for it.
func (c *Chan[T]) receive(t *engine.Thread) (v T, ok bool) {
	if !c.filled() {
		return v, false // closed
	}
	if len(c.senders) > 0 {
		w := c.senders[0]
		c.buffer = append(c.buffer, w.value)
		c.complete(t, w, true)
	}
	v, c.buffer = c.buffer[0], c.buffer[1:]
	c.received(t)
	return v, true
}

func (c *Chan[T]) received(t *engine.Thread) {
	if c.Received != nil {
		c.Received(t)
	}
}

// Drain discards the contents of the buffer, and reports whether there were any. It is part of a step on c.
func (c *Chan[T]) Drain() bool {
	n := len(c.buffer)
	c.buffer = nil
	return n > 0
}

// Close is the step close(ch).
func Close[T any](t *engine.Thread, ch chan T) {
	if ch == nil {
		close(ch) // panics
	}
	t.Step(&engine.Op{Name: "close", Addr: Pointer(ch), Access: engine.Write})
	Of(t, ch).Close(t)
}

// Close closes c. It is part of a step of t on c.
func (c *Chan[T]) Close(t *engine.Thread) {
	if c.closed {
		closeOfClosed()
	}
	c.closed = true
	for len(c.receivers) > 0 {
		c.complete(t, c.receivers[0], false)
	}
	for len(c.senders) > 0 {
		c.complete(t, c.senders[0], false)
	}
}

func (c *Chan[T]) size() (length, capacity int) {
	if c.Timer {
		return 0, 0
	}
	return len(c.buffer), cap(c.real)
}

// Len is the step len(ch) for a non-nil channel ch.
func Len(t *engine.Thread, ch reflect.Value) int {
	t.Step(&engine.Op{Name: "len", Addr: ch.UnsafePointer(), Access: engine.Read})
	if p := placeOf(t, ch.UnsafePointer()); p.model != nil {
		length, _ := p.model.size()
		return length
	}
	return ch.Len()
}

// Cap returns cap(ch) for a non-nil channel ch. It is not a step.
func Cap(t *engine.Thread, ch reflect.Value) int {
	if p := placeOf(t, ch.UnsafePointer()); p.model != nil {
		_, capacity := p.model.size()
		return capacity
	}
	return ch.Cap()
}

// sendOnClosed panics as the runtime does.
func sendOnClosed() {
	c := make(chan int)
	close(c)
	c <- 0
}

// closeOfClosed panics as the runtime does.
func closeOfClosed() {
	c := make(chan int)
	close(c)
	close(c)
}
