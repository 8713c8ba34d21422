// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"math"
	"math/bits"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

// This file turns a deadline into sleeps, for all systems but Linux. It makes no system calls, so it is also compiled
// on Linux, where its tests run it against a simulated kernel.

// A ticks is a point in time by the clock that ends a sleep on this system.
type ticks uint64

// noLimit stands for a point in time that never comes.
const noLimit ticks = 0

// longestSleep is the time after which a sleep with a duration is restarted, so that no system has to handle centuries.
const longestSleep = 24 * time.Hour

// A timebase is the length of a tick: numer/denom nanoseconds.
type timebase struct{ numer, denom uint64 }

// after returns the point in time d after t.
func (b timebase) after(t ticks, d time.Duration) ticks {
	sum, carry := bits.Add64(uint64(t), scale(uint64(d), b.denom, b.numer), 0)
	if carry != 0 {
		return math.MaxUint64
	}
	return ticks(sum)
}

// duration returns the length of n ticks.
func (b timebase) duration(n ticks) time.Duration {
	return time.Duration(min(scale(uint64(n), b.numer, b.denom), math.MaxInt64))
}

// left returns the time from now until t, at most longestSleep, and 0 if t has passed.
func (b timebase) left(now, t ticks) time.Duration {
	if now >= t {
		return 0
	}
	return min(b.duration(t-now), longestSleep)
}

// scale returns x*mul/div, rounded up so that no sleep ends a tick early, or the largest value if the result overflows.
func scale(x, mul, div uint64) uint64 {
	hi, lo := bits.Mul64(x, mul)
	lo, carry := bits.Add64(lo, div-1, 0)
	if hi += carry; hi >= div {
		return math.MaxUint64
	}
	quotient, _ := bits.Div64(hi, lo, div)
	return quotient
}

// A sleepCall is the sleep method of a way; see there.
type sleepCall func(addr *atomic.Uint32, old uint32, limit ticks, scope Scope) error

// sleepUntil sleeps until the word differs, a wake, or the deadline. It converts the deadline to the
// system's clock once: a signal interrupts the sleep but cannot extend it, and in a synctest bubble, where Go's own
// clock stands still, the sleep ends all the same.
func sleepUntil(sleep sleepCall, now func() ticks, base timebase, addr *atomic.Uint32, old uint32, deadline time.Time, scope Scope) error {
	limit := noLimit
	if !deadline.IsZero() {
		left := time.Until(deadline)
		if left <= 0 {
			if addr.Load() != old {
				return nil
			}
			return os.ErrDeadlineExceeded
		}
		limit = base.after(now(), left)
	}
	for {
		switch err := sleep(addr, old, limit, scope); err {
		case syscall.EINTR:
			if addr.Load() != old {
				return nil
			}
		case os.ErrDeadlineExceeded:
			// On DragonFly the timer of a sleep can fire after a wake, before the thread runs: the wake is consumed, but
			// the call reports a timeout (sys/kern/kern_synch.c, tsleep).
			if addr.Load() != old {
				return nil
			}
			if limit != noLimit && now() >= limit { // not just the longest time that a call can sleep
				return err
			}
		default:
			return err
		}
	}
}
