// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package hook

import (
	"iter"
	"reflect"

	"github.com/osync-go/osync/explore/internal/channel"
	"github.com/osync-go/osync/explore/internal/engine"
)

// A Sender sends to a channel.
type Sender[T any] struct{ ch chan<- T }

// To returns a Sender for ch.
func To[T any](ch chan<- T) Sender[T] { return Sender[T]{ch} }

// Send is the statement ch <- v.
func (s Sender[T]) Send(v T) {
	t := engine.Self()
	if t == nil {
		s.ch <- v
		return
	}
	channel.Select(t, "chan send", false, &channel.SendCase[T]{Ch: channel.Both[T](s.ch), Value: v})
}

// Recv is the expression <-ch.
func Recv[T any](ch <-chan T) T {
	v, _ := Recv2(ch)
	return v
}

// Recv2 is the expression <-ch with two results.
func Recv2[T any](ch <-chan T) (T, bool) {
	t := engine.Self()
	if t == nil {
		v, ok := <-ch
		return v, ok
	}
	r := channel.RecvCase[T]{Ch: channel.Both[T](ch)}
	channel.Select(t, "chan receive", false, &r)
	return r.Value, r.OK
}

// Close is the statement close(ch).
func Close[T any](ch chan<- T) {
	t := engine.Self()
	if t == nil {
		close(ch)
		return
	}
	channel.Close(t, channel.Both[T](ch))
}

// Len is the expression len(ch) for a channel of any type.
func Len(ch any) int {
	v := reflect.ValueOf(ch)
	if t := engine.Self(); t != nil && !v.IsNil() {
		return channel.Len(t, v)
	}
	return v.Len()
}

// Cap is the expression cap(ch) for a channel of any type.
func Cap(ch any) int {
	v := reflect.ValueOf(ch)
	if t := engine.Self(); t != nil && !v.IsNil() {
		return channel.Cap(t, v)
	}
	return v.Cap()
}

// Range is the operand of the statement for v := range ch.
func Range[T any](ch <-chan T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for {
			if v, ok := Recv2(ch); !ok || !yield(v) {
				return
			}
		}
	}
}
