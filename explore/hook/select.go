// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package hook

import (
	"reflect"

	"github.com/osync-go/osync/explore/internal/channel"
	"github.com/osync-go/osync/explore/internal/engine"
)

// A Case is a case of a select statement: a [*RecvCase] or a [*SendCase].
type Case interface {
	explored() channel.Case
	real() reflect.SelectCase
	receive(v reflect.Value, ok bool) // after the real case has been executed
}

// A RecvCase is the case v, ok := <-ch.
type RecvCase[T any] struct{ c channel.RecvCase[T] }

// OnRecv returns a case that receives from ch.
func OnRecv[T any](ch <-chan T) *RecvCase[T] {
	return &RecvCase[T]{channel.RecvCase[T]{Ch: channel.Both[T](ch)}}
}

// Value returns the value that the case received.
func (r *RecvCase[T]) Value() T { return r.c.Value }

// Value2 returns the value that the case received, and whether it was sent: false means that the channel is closed.
func (r *RecvCase[T]) Value2() (T, bool) { return r.c.Value, r.c.OK }

func (r *RecvCase[T]) explored() channel.Case { return &r.c }

func (r *RecvCase[T]) real() reflect.SelectCase {
	return reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(r.c.Ch)}
}

func (r *RecvCase[T]) receive(v reflect.Value, ok bool) {
	reflect.ValueOf(&r.c.Value).Elem().Set(v)
	r.c.OK = ok
}

// A SendCase is the case ch <- v.
type SendCase[T any] struct{ c channel.SendCase[T] }

// OnSend returns a case that sends to ch.
func OnSend[T any](ch chan<- T) *SendCase[T] {
	return &SendCase[T]{channel.SendCase[T]{Ch: channel.Both[T](ch)}}
}

// With sets the value to send, and returns s.
func (s *SendCase[T]) With(v T) *SendCase[T] {
	s.c.Value = v
	return s
}

func (s *SendCase[T]) explored() channel.Case { return &s.c }

func (s *SendCase[T]) real() reflect.SelectCase {
	return reflect.SelectCase{
		Dir: reflect.SelectSend, Chan: reflect.ValueOf(s.c.Ch), Send: reflect.ValueOf(&s.c.Value).Elem(),
	}
}

func (s *SendCase[T]) receive(reflect.Value, bool) {}

// Select is the select statement of the cases. It returns the index of the case that it executed, or -1 for the
// default.
func Select(hasDefault bool, cases ...Case) int {
	if t := engine.Self(); t != nil {
		explored := make([]channel.Case, len(cases))
		for i, c := range cases {
			explored[i] = c.explored()
		}
		return channel.Select(t, "select", hasDefault, explored...)
	}
	selected := make([]reflect.SelectCase, len(cases), len(cases)+1)
	for i, c := range cases {
		selected[i] = c.real()
	}
	if hasDefault {
		selected = append(selected, reflect.SelectCase{Dir: reflect.SelectDefault})
	}
	i, v, ok := reflect.Select(selected)
	if i == len(cases) {
		return -1
	}
	cases[i].receive(v, ok)
	return i
}
