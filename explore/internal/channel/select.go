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
	pointer() unsafe.Pointer // of its channel; nil for a nil channel, for which the other methods are not called
	bind(t *engine.Thread)   // finds the model
	ready() bool
	changes() bool // if it is ready, and is done
	do(t *engine.Thread)
	enqueue(s *selection, index int)
	done() // after the wait has ended with this case
}

// A RecvCase receives from Ch.
type RecvCase[T any] struct {
	Ch    chan T
	Value T
	OK    bool

	*Chan[T]
	wait *waiter[T]
}

func (r *RecvCase[T]) pointer() unsafe.Pointer { return Pointer(r.Ch) }
func (r *RecvCase[T]) bind(t *engine.Thread)   { r.Chan = Of(t, r.Ch) }
func (r *RecvCase[T]) ready() bool             { return r.canReceive() }
func (r *RecvCase[T]) changes() bool           { return r.filled() }
func (r *RecvCase[T]) do(t *engine.Thread)     { r.Value, r.OK = r.receive(t) }
func (r *RecvCase[T]) done()                   { r.Value, r.OK = r.wait.value, r.wait.ok }

func (r *RecvCase[T]) enqueue(s *selection, index int) {
	s.queues = append(s.queues, r.Chan)
	r.wait = &waiter[T]{selection: s, index: index}
	r.receivers = append(r.receivers, r.wait)
}

// A SendCase sends Value to Ch.
type SendCase[T any] struct {
	Ch    chan T
	Value T

	*Chan[T]
	wait *waiter[T]
}

func (s *SendCase[T]) pointer() unsafe.Pointer { return Pointer(s.Ch) }
func (s *SendCase[T]) bind(t *engine.Thread)   { s.Chan = Of(t, s.Ch) }
func (s *SendCase[T]) ready() bool             { return s.canSend() }
func (s *SendCase[T]) changes() bool           { return true }
func (s *SendCase[T]) do(t *engine.Thread)     { s.Offer(t, s.Value) }

func (s *SendCase[T]) enqueue(sel *selection, index int) {
	sel.queues = append(sel.queues, s.Chan)
	s.wait = &waiter[T]{selection: sel, index: index, value: s.Value}
	s.senders = append(s.senders, s.wait)
}

func (s *SendCase[T]) done() {
	if !s.wait.ok {
		sendOnClosed()
	}
}

// A statement is a select statement without the cases of nil channels.
type statement struct {
	cases      []Case
	hasDefault bool
}

// Ready reports whether the step changes something: a receive from a closed channel does not, nor does
// the default.
func (s *statement) Ready() bool {
	able := false
	for _, c := range s.cases {
		if c.ready() {
			able = true
			if c.changes() {
				return true
			}
		}
	}
	return !able && !s.hasDefault
}

// Select is the select statement of the cases. It returns the index of the case that it executed, or -1 for the
// default. name is its name in reports.
func Select(t *engine.Thread, name string, hasDefault bool, cases ...Case) int {
	s := &statement{hasDefault: hasDefault}
	op := engine.Op{Name: name, Access: engine.Write, Ready: s, Try: true}
	for _, c := range cases {
		p := c.pointer()
		if p == nil {
			continue
		}
		c.bind(t)
		s.cases = append(s.cases, c)
		switch {
		case op.Addr == nil:
			op.Addr = p
		case p != op.Addr && !slices.Contains(op.More, p):
			op.More = append(op.More, p)
		}
	}
	index := func(c Case) int { return slices.Index(cases, c) }
	if len(s.cases) > 0 {
		t.Step(&op)
	}
	var ready []Case
	for _, c := range s.cases {
		if c.ready() {
			ready = append(ready, c)
		}
	}
	switch {
	case len(ready) > 0:
		chosen := ready[0]
		if len(ready) > 1 {
			chosen = ready[t.Choose(name, len(ready))]
		}
		chosen.do(t)
		return index(chosen)
	case hasDefault:
		return -1
	}
	wait := &selection{thread: t}
	for _, c := range s.cases {
		c.enqueue(wait, index(c))
	}
	var queues []unsafe.Pointer
	for _, q := range wait.queues {
		queues = append(queues, q.pointer())
	}
	t.OnKill(func() {
		for _, q := range wait.queues {
			q.leave(wait)
		}
	}, queues...)
	t.Sleep(name, op.Addr)
	t.OnKill(nil)
	cases[wait.chosen].done()
	return wait.chosen
}
