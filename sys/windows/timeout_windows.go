// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"math"
	"time"
)

// INFINITE is the timeout in milliseconds of a wait that does not end by itself.
const INFINITE = math.MaxUint32

// Milliseconds returns d as a timeout in milliseconds, for the calls that take one.
//
// It rounds up, so a wait is never too short, and one below a millisecond does not become a
// busy loop. If d is 0 or less, the result is 0. If d is more than 0xFFFFFFFE ms, which is 49.7
// days, the result is 0xFFFFFFFE and not INFINITE: such a wait ends too soon, and its caller,
// which must check the clock again in any case, repeats it.
func Milliseconds(d time.Duration) uint32 {
	if d <= 0 {
		return 0
	}
	ms := (d-1)/time.Millisecond + 1 // d+999999 might overflow
	return uint32(min(ms, INFINITE-1))
}

// Ticks returns d in units of 100 ns, rounded up and negated, for [RtlWaitOnAddress] and
// [SetWaitableTimer]. In a due time or a timeout of this unit a negative number is a duration
// and a positive one a point in time. If d is 0 or less, the result is 0, a time long past.
func Ticks(d time.Duration) int64 {
	if d <= 0 {
		return 0
	}
	return -(int64(d-1)/100 + 1)
}
