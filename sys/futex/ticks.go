// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package futex

import (
	"math"
	"math/bits"
	"time"
)

// A ticks is a point in time by the clock that ends a sleep on this system.
type ticks uint64

// noLimit stands for a point in time that never comes.
const noLimit ticks = 0

// passed reports whether the point in time has come. noLimit never has.
func (t ticks) passed() bool { return t != noLimit && now() >= t }

// longestSleep is the time after which a sleep with a duration is made anew, so that no
// system has to deal with centuries.
const longestSleep = 24 * time.Hour

// left returns the time until t, at most longestSleep, and 0 if t has passed.
//
//lint:ignore U1000 for systems whose calls take a duration
func (t ticks) left() time.Duration {
	n := now()
	if n >= t {
		return 0
	}
	return min(clock().duration(t-n), longestSleep)
}

// A timebase says how long a tick is: numer/denom nanoseconds.
type timebase struct{ numer, denom uint64 }

// after returns the point in time d from now.
func (b timebase) after(d time.Duration) ticks {
	sum, carry := bits.Add64(uint64(now()), scale(uint64(d), b.denom, b.numer), 0)
	if carry != 0 {
		return math.MaxUint64
	}
	return ticks(sum)
}

// duration returns how long n ticks are.
func (b timebase) duration(n ticks) time.Duration {
	return time.Duration(min(scale(uint64(n), b.numer, b.denom), math.MaxInt64))
}

// scale returns x*mul/div, rounded up so that no sleep ends a tick early, and at most
// what fits.
func scale(x, mul, div uint64) uint64 {
	hi, lo := bits.Mul64(x, mul)
	lo, carry := bits.Add64(lo, div-1, 0)
	if hi += carry; hi >= div {
		return math.MaxUint64
	}
	quotient, _ := bits.Div64(hi, lo, div)
	return quotient
}
