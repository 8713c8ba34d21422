// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"math"
	"math/bits"
	"time"
)

// machTicks returns d in ticks of numer/denom nanoseconds, rounded down as the kernel rounds its bounds, or the maximum
// of 32 bits.
func machTicks(d time.Duration, numer, denom uint32) uint32 {
	return uint32(min(scale(uint64(d), uint64(denom), uint64(numer), 0), math.MaxUint32))
}

// MachTicks returns d, which is not negative, in ticks of numer/denom nanoseconds, rounded up. The result is at most
// half of the maximum of 64 bits, so that it can be added to a time.
func MachTicks(d time.Duration, numer, denom uint32) uint64 {
	return scale(uint64(d), uint64(denom), uint64(numer), uint64(numer)-1)
}

// CounterTime returns the duration, rounded down, of a number of ticks, which must not be negative, of a counter with
// perSecond ticks in a second.
func CounterTime(ticks, perSecond int64) time.Duration {
	return time.Duration(scale(uint64(ticks), uint64(time.Second), uint64(perSecond), 0))
}

// Between returns the sum of the time of now, a clock that stands still between two ticks, and the time since its last
// tick. Both tick and exact count units of 100 ns on the clock on which now is based; tick stands still, too. If they
// do not work, or if tick never stands still, Between returns now.
func Between(now func() time.Time, tick, exact func() (uint64, error)) time.Time {
	for range 8 { // the maximum number of ticks between the calls
		before, err := tick()
		if err != nil {
			break
		}
		t := now()
		passed, err := exact()
		if err != nil {
			return t
		}
		if after, err := tick(); err == nil && after == before { // t is of that tick
			return t.Add(time.Duration(max(int64(passed-before), 0)) * 100)
		}
	}
	return now()
}

// scale returns (n*times + more) / by, or the maximum of 63 bits.
func scale(n, times, by, more uint64) uint64 {
	hi, lo := bits.Mul64(n, times)
	lo, carry := bits.Add64(lo, more, 0)
	hi += carry
	if hi >= by {
		return math.MaxInt64
	}
	result, _ := bits.Div64(hi, lo, by)
	return min(result, math.MaxInt64)
}
