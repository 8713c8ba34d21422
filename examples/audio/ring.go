// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import "sync/atomic"

// A ring is a queue of bounded length from one goroutine or thread, the producer, to one other, the consumer. Neither ever
// waits, whatever the other does: the queue is full, or it is empty, and the call says so.
//
// The consumer may be an audio thread, and the goroutines that produce take turns by a lock of their own, which the consumer does
// not know.
type ring[T any] struct {
	buf  []T // of a power of two
	_    [64]byte
	head atomic.Uint64 // values taken; the consumer's
	_    [64]byte
	tail atomic.Uint64 // values put; the producer's
}

// newRing returns a ring with room for n values, which must be a power of two.
func newRing[T any](n int) *ring[T] { return &ring[T]{buf: make([]T, n)} }

// put adds v, and reports false if the ring is full. Only the producer calls it.
func (r *ring[T]) put(v T) bool {
	tail := r.tail.Load()
	if tail-r.head.Load() == uint64(len(r.buf)) { // what take has read is free
		return false
	}
	r.buf[tail%uint64(len(r.buf))] = v
	r.tail.Store(tail + 1) // after the value
	return true
}

// take removes the oldest value, and reports false if there is none. Only the consumer calls it.
func (r *ring[T]) take(v *T) bool {
	head := r.head.Load()
	if head == r.tail.Load() {
		return false
	}
	*v = r.buf[head%uint64(len(r.buf))]
	r.head.Store(head + 1) // after the copy
	return true
}
