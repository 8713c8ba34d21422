// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package forms has every form of the statements that are rewritten. Its tests pass before and after.
package forms

import (
	"fmt"
	"sync"
	. "sync/atomic"
)

type (
	yes      bool
	ints     chan int
	embedded struct {
		sync.Mutex
		Uint32
		c ints
	}
	number interface{ ~int | ~int64 }
	stream interface{ chan int | ints }
)

func (e *embedded) put(v int)           { e.c <- v }
func (e embedded) get() int             { return <-e.c }
func second(a int, b string) any        { return fmt.Sprint(a, b) }
func two() (int, string)                { return 1, "two" }
func put[T any](c chan<- T, v T)        { c <- v }
func sum(c chan int, l ...int)          { c <- add(l) }
func accept(c chan any, v any)          { c <- v }
func large(c chan uint64, v uint64)     { c <- v }
func flag(c chan yes, v yes)            { c <- v }
func apply(c chan int, f func(int) int) { c <- f(2) }
func double[N number](n N) N            { return 2 * n }

func add(l []int) (n int) {
	for _, v := range l {
		n += v
	}
	return n
}

// take is the form for type parameters.
func take[C stream](c C) (int, bool) {
	select {
	case v, ok := <-c:
		return v, ok
	default:
		v, ok := <-c
		return v, ok
	}
}

// forever ends in a statement without an end, and needs no return.
func forever() int { select {} }

// count takes channels of two types.
func count[C ~chan T | ~<-chan T, T any](c C) (n int) {
	for range c {
		n++
	}
	<-c
	return n + len(c) + cap(c)
}

// either needs no return, either.
func either(a, b chan int) int {
	select {
	case v := <-a:
		return v
	case v := <-b:
		return v
	}
}

func oneLine(a chan int) int {
	select {
	case v := <-a:
		return v
	case a <- 1:
		return 2
	}
}
