// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package rand replaces the functions of math/rand/v2 in explored code. Programs never import it: the explore command
// substitutes it when it builds a test.
//
// In an explored goroutine each number is the least or the greatest that the original can return, and the
// explorer tries both. So for code that does something once in n times, the explorer tries at each point both doing it
// and not doing it. Elsewhere the functions are the originals.
package rand

import (
	"math"
	"math/rand/v2"

	"github.com/osync-go/osync/explore/internal/engine"
)

// number returns 0 or most in an exploration, and calls the original elsewhere.
func number[T any](name string, most T, original func() T) T {
	t := engine.Self()
	if t == nil {
		return original()
	}
	if t.Choose("rand."+name, 2) == 0 {
		var zero T
		return zero
	}
	return most
}

// below returns 0 or n-1 in an exploration, and calls the original elsewhere.
func below[T intType](name string, n T, original func(T) T) T {
	switch t := engine.Self(); {
	case t == nil:
		return original(n)
	case n <= 0:
		panic("invalid argument to " + name)
	case n == 1:
		return 0
	}
	return number(name, n-1, nil)
}

// Int64 returns a number from 0 to the greatest int64.
func Int64() int64 { return number("Int64", math.MaxInt64, rand.Int64) }

// Int32 returns a number from 0 to the greatest int32.
func Int32() int32 { return number("Int32", math.MaxInt32, rand.Int32) }

// Int returns a number from 0 to the greatest int.
func Int() int { return number("Int", math.MaxInt, rand.Int) }

// Uint64 returns any uint64.
func Uint64() uint64 { return number("Uint64", math.MaxUint64, rand.Uint64) }

// Uint32 returns any uint32.
func Uint32() uint32 { return number("Uint32", math.MaxUint32, rand.Uint32) }

// Uint returns any uint.
func Uint() uint { return number("Uint", math.MaxUint, rand.Uint) }

// Float64 returns a number in the half-open interval [0, 1).
func Float64() float64 { return number("Float64", math.Nextafter(1, 0), rand.Float64) }

// Float32 returns a number in the half-open interval [0, 1).
func Float32() float32 { return number("Float32", math.Nextafter32(1, 0), rand.Float32) }

// Int64N returns a number from 0 to n-1. It panics if n <= 0.
func Int64N(n int64) int64 { return below("Int64N", n, rand.Int64N) }

// Int32N returns a number from 0 to n-1. It panics if n <= 0.
func Int32N(n int32) int32 { return below("Int32N", n, rand.Int32N) }

// IntN returns a number from 0 to n-1. It panics if n <= 0.
func IntN(n int) int { return below("IntN", n, rand.IntN) }

// Uint64N returns a number from 0 to n-1. It panics if n is 0.
func Uint64N(n uint64) uint64 { return below("Uint64N", n, rand.Uint64N) }

// Uint32N returns a number from 0 to n-1. It panics if n is 0.
func Uint32N(n uint32) uint32 { return below("Uint32N", n, rand.Uint32N) }

// UintN returns a number from 0 to n-1. It panics if n is 0.
func UintN(n uint) uint { return below("UintN", n, rand.UintN) }

// N returns a number from 0 to n-1. It panics if n <= 0.
func N[Int intType](n Int) Int { return below("N", n, rand.N[Int]) }

type intType interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

// Perm returns the numbers from 0 to n-1 in some order.
func Perm(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	Shuffle(n, func(i, j int) { p[i], p[j] = p[j], p[i] })
	return p
}

// Shuffle shuffles n elements by calling swap. In an exploration it exchanges each element but the first with itself or
// with the first.
func Shuffle(n int, swap func(i, j int)) {
	if engine.Self() == nil {
		rand.Shuffle(n, swap)
		return
	}
	if n < 0 {
		panic("invalid argument to Shuffle")
	}
	for i := n - 1; i > 0; i-- {
		swap(i, IntN(i+1))
	}
}
