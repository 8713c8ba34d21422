// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"math"
	"math/bits"
	"time"
)

// machTicks returns d in ticks of numer/denom nanoseconds, rounded down as the kernel rounds its bounds, or the most that 32
// bits hold.
func machTicks(d time.Duration, numer, denom uint32) uint32 {
	return uint32(min(scale(uint64(d), uint64(denom), uint64(numer), 0), math.MaxUint32))
}

// MachTicks returns d, which is not negative, in ticks of numer/denom nanoseconds, rounded up. It is half of what 64 bits hold
// at most, so that it can be added to a time.
func MachTicks(d time.Duration, numer, denom uint32) uint64 {
	return scale(uint64(d), uint64(denom), uint64(numer), uint64(numer)-1)
}

// CounterTime returns how long a counter takes for some ticks, which are not negative, with perSecond of them in a second, rounded
// down.
func CounterTime(ticks, perSecond int64) time.Duration {
	return time.Duration(scale(uint64(ticks), uint64(time.Second), uint64(perSecond), 0))
}

// Between returns the time of a clock that stands still between two ticks, and what has passed since the last one. Both tick
// and exact count units of 100 ns on the clock that now is made of; tick stands still, too. Where they do not work, or tick never
// stands still, it is now alone.
func Between(now func() time.Time, tick, exact func() (uint64, error)) time.Time {
	for range 8 { // ticks, at most, that come between the calls
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

// scale returns (n*times + more) / by, or the most that 63 bits hold.
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
