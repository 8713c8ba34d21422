// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"sync/atomic"
	"time"
)

// Ticks is ticks, and NoLimit is noLimit.
type Ticks = ticks

const NoLimit = noLimit

// A Sleep is the sleep of a way.
type Sleep = sleepCall

// SleepUntil is sleepUntil, on a system whose clock is now, where a tick is a nanosecond.
func SleepUntil(sleep Sleep, now func() Ticks, addr *atomic.Uint32, old uint32, deadline time.Time, scope Scope) error {
	return sleepUntil(sleep, now, timebase{1, 1}, addr, old, deadline, scope)
}

// Scale is scale.
func Scale(x, mul, div uint64) uint64 { return scale(x, mul, div) }

// Left returns the duration of a sleep until a point d from now, where a tick is numer/denom ns.
func Left(now Ticks, d time.Duration, numer, denom uint64) time.Duration {
	b := timebase{numer, denom}
	return b.left(now, b.after(now, d))
}

// LongestSleep is longestSleep.
const LongestSleep = longestSleep
