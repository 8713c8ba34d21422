// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package channel

import (
	"slices"
	"unsafe"

	"github.com/osync-go/osync/explore/internal/engine"
)

// A Case is a case of a select: a *RecvCase or a *SendCase.
type Case interface {
	pointer() unsafe.Pointer // of its channel
	ready(t *engine.Thread) bool
	do(t *engine.Thread)
	enqueue(t *engine.Thread, s *selection, index int)
	done() // after the wait of enqueue has ended with this case
}

// A RecvCase receives from Ch.
type RecvCase[T any] struct {
	Ch    chan T
	Value T
	OK    bool
	wait  *waiter[T]
}

func (r *RecvCase[T]) pointer() unsafe.Pointer { return Pointer(r.Ch) }

func (r *RecvCase[T]) ready(t *engine.Thread) bool {
	c := Of(t, r.Ch)
	return len(c.buffer) > 0 || c.closed || first(t, &c.senders) != nil
}

func (r *RecvCase[T]) do(t *engine.Thread) { r.Value, r.OK = Of(t, r.Ch).take(t) }

func (r *RecvCase[T]) enqueue(t *engine.Thread, s *selection, index int) {
	r.wait = &waiter[T]{selection: s, index: index}
	c := Of(t, r.Ch)
	c.receivers = append(c.receivers, r.wait)
}

func (r *RecvCase[T]) done() { r.Value, r.OK = r.wait.value, r.wait.ok }

// A SendCase sends Value to Ch.
type SendCase[T any] struct {
	Ch    chan T
	Value T
	wait  *waiter[T]
}

func (s *SendCase[T]) pointer() unsafe.Pointer { return Pointer(s.Ch) }

func (s *SendCase[T]) ready(t *engine.Thread) bool {
	c := Of(t, s.Ch)
	return len(c.buffer) < cap(c.real) || c.closed || first(t, &c.receivers) != nil
}

func (s *SendCase[T]) do(t *engine.Thread) { Of(t, s.Ch).Offer(t, s.Value) }

func (s *SendCase[T]) enqueue(t *engine.Thread, sel *selection, index int) {
	s.wait = &waiter[T]{selection: sel, index: index, value: s.Value}
	c := Of(t, s.Ch)
	c.senders = append(c.senders, s.wait)
}

func (s *SendCase[T]) done() {
	if !s.wait.ok {
		sendOnClosed()
	}
}

// Select is the select statement of the cases, one of which may have a nil channel as in Go. It returns the index of
// the case that it has done, or -1 for the default. name stands in reports.
func Select(t *engine.Thread, name string, hasDefault bool, cases ...Case) int {
	op := engine.Op{Name: name}
	for _, c := range cases {
		switch p := c.pointer(); {
		case p == nil || p == op.Addr || slices.Contains(op.More, p):
		case op.Addr == nil:
			op.Addr, op.Access = p, engine.Write
		default:
			op.More = append(op.More, p)
		}
	}
	t.Step(&op)
	var ready []int
	for i, c := range cases {
		if c.pointer() != nil && c.ready(t) {
			ready = append(ready, i)
		}
	}
	switch {
	case len(ready) > 0:
		chosen := ready[0]
		if len(ready) > 1 {
			chosen = ready[t.Choose(name, len(ready))]
		}
		cases[chosen].do(t)
		return chosen
	case hasDefault:
		return -1
	}
	s := &selection{thread: t, chosen: -1, several: len(op.More) > 0}
	for i, c := range cases {
		if c.pointer() != nil {
			c.enqueue(t, s, i)
		}
	}
	t.Sleep(name, op.Addr)
	cases[s.chosen].done()
	return s.chosen
}
