// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package channel models Go's channels for explored goroutines. The real channel is a name for the model, and
// what is in it when an execution first uses it is there in the model too.
package channel

import (
	"reflect"
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

	// Timer makes the channel that of a timer, whose length and capacity are zero whatever is in it.
	Timer bool
}

// Pointer returns what a step on ch names as its object. It is nil for a nil channel.
func Pointer[T any](ch chan T) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&ch)) // a channel is a pointer
}

// Both returns ch without its direction.
func Both[T any, C chan<- T | <-chan T](ch C) chan T {
	return *(*chan T)(unsafe.Pointer(&ch)) // the direction is known to the compiler only
}

// A place is what the engine keeps for a channel.
type place struct {
	model interface{ size() (length, capacity int) } // nil as long as nothing else than Len or Cap has used the channel
}

func placeOf(t *engine.Thread, ch unsafe.Pointer) *place {
	return t.State(ch, func() any { return new(place) }).(*place)
}

// Of returns the model of ch, which is not nil, in the current execution. It belongs to a step on ch.
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
	if len(ch) == 0 {
		c.absorb() // code that is not rewritten may have closed it since
	}
	return c
}

// absorb takes what is in the real channel.
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
	value T    // to be sent, or received
	ok    bool // the channel was not closed
}

// A selection is a select that sleeps in the queues of all its channels.
type selection struct {
	thread  *engine.Thread
	chosen  int  // the index of the case that is done, or -1
	several bool // it waits for several channels
}

// first returns the first waiter of a queue that still waits, or nil.
func first[T any](t *engine.Thread, queue *[]*waiter[T]) *waiter[T] {
	for len(*queue) > 0 {
		if s := (*queue)[0].selection; s.several {
			t.Touch(unsafe.Pointer(s)) // a step on another of its channels may complete it, or has done so
		}
		if w := (*queue)[0]; w.chosen < 0 {
			return w
		}
		*queue = (*queue)[1:]
	}
	return nil
}

// complete ends the wait of w.
func (w *waiter[T]) complete(by *engine.Thread, ok bool) {
	w.ok = ok
	w.chosen = w.index
	by.Wake(w.thread)
}

// Offer sends v if that is possible at once, and reports whether it has. It belongs to a step of t.
func (c *Chan[T]) Offer(t *engine.Thread, v T) bool {
	if c.closed {
		sendOnClosed()
	}
	if w := first(t, &c.receivers); w != nil {
		w.value = v
		w.complete(t, true)
		return true
	}
	if len(c.buffer) == cap(c.real) {
		return false
	}
	c.buffer = append(c.buffer, v)
	return true
}

// take receives from a channel that is ready.
func (c *Chan[T]) take(t *engine.Thread) (v T, ok bool) {
	w := first(t, &c.senders)
	switch {
	case len(c.buffer) > 0:
		v, c.buffer = c.buffer[0], c.buffer[1:]
		if w != nil { // there is room for it now
			c.buffer = append(c.buffer, w.value)
		}
	case w != nil:
		v = w.value
	default:
		return v, false // closed
	}
	if w != nil {
		w.complete(t, true)
	}
	return v, true
}

// Drain throws away what is in the buffer, and reports whether there was anything. It belongs to a step.
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
	c := Of(t, ch)
	if c.closed {
		closeOfClosed()
	}
	c.closed = true
	for _, queue := range []*[]*waiter[T]{&c.receivers, &c.senders} {
		for w := first(t, queue); w != nil; w = first(t, queue) {
			w.complete(t, false)
		}
	}
}

func (c *Chan[T]) size() (length, capacity int) {
	if c.Timer {
		return 0, 0
	}
	return len(c.buffer), cap(c.real)
}

// Len is the step len(ch) for a channel ch that is not nil.
func Len(t *engine.Thread, ch reflect.Value) int {
	t.Step(&engine.Op{Name: "len", Addr: ch.UnsafePointer(), Access: engine.Read})
	if p := placeOf(t, ch.UnsafePointer()); p.model != nil {
		length, _ := p.model.size()
		return length
	}
	return ch.Len()
}

// Cap returns cap(ch) for a channel ch that is not nil. It is no step.
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
