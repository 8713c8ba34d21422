// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"math"
	"math/bits"
	"sync"
	"time"

	"github.com/osync-go/osync/sys/darwin"
)

// A ticks is a point in time as mach_absolute_time has it.
type ticks uint64

// noLimit stands for a point in time that never comes.
const noLimit ticks = 0

func now() ticks { return ticks(darwin.MachAbsoluteTime()) }

// passed reports whether the point in time has come. noLimit never has.
func (t ticks) passed() bool { return t != noLimit && now() >= t }

// longestSleep is the time after which a sleep with a duration is made anew, so that no
// system has to reckon with centuries.
const longestSleep = 24 * time.Hour

// left returns the time until t, at least a nanosecond and at most longestSleep.
func (t ticks) left() time.Duration {
	n := now()
	if n >= t {
		return 1
	}
	return min(clock().duration(t-n), longestSleep)
}

// A timebase says how long a tick is: numer/denom nanoseconds, 1/1 on Intel and 125/3 on
// Apple silicon.
type timebase struct{ numer, denom uint64 }

// clock returns the timebase of this machine, which it asks for once.
var clock = sync.OnceValue(func() timebase {
	numer, denom := darwin.MachTimebaseInfo()
	return timebase{uint64(numer), uint64(denom)}
})

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
