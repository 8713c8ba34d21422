// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"math/bits"
	"time"
)

// The portable part of SetRealtime: the parameters for the systems of a thread that needs computation in each period. A
// thread with a shorter period has precedence, which is the rate-monotonic order of Liu and Layland (1973). If the work
// of each period is due at its end, no other order by fixed priorities meets deadlines that this one misses.

// The priorities of SCHED_FIFO that FIFOPriority returns. Kernel threads that handle interrupts have 50.
const leastFIFO, mostFIFO = 1, 49

// FIFOPriority returns the priority in SCHED_FIFO of a thread with that period: two steps for each doubling, so that a
// second has 10, a millisecond 30, and 1 µs or less the most.
func FIFOPriority(period time.Duration) uint32 {
	us := uint64(max(period/time.Microsecond, 1))
	hi, lo := bits.Mul64(us, us)
	steps := bits.Len64(lo) - 1 // twice the logarithm of us, rounded down
	if hi != 0 {
		steps = 63 + bits.Len64(hi)
	}
	return uint32(max(mostFIFO-steps, leastFIFO))
}

// RtprioPriority returns the priority of a thread with that period in the real-time classes of FreeBSD and DragonFly, where 0 is the
// most urgent one and 31 the least: the order of FIFOPriority, with fewer steps.
func RtprioPriority(period time.Duration) uint16 {
	return uint16((mostFIFO - FIFOPriority(period)) * 31 / (mostFIFO - leastFIFO))
}

// MMCSSPriority returns the priority within its task of the Multimedia Class Scheduler, from AVRT_PRIORITY_LOW, -1, to
// AVRT_PRIORITY_CRITICAL, 2.
func MMCSSPriority(period time.Duration) int32 {
	switch {
	case period <= 2*time.Millisecond:
		return 2
	case period <= 5*time.Millisecond:
		return 1
	case period <= 20*time.Millisecond:
		return 0
	default:
		return -1
	}
}

// The bounds of a computation in the time constraint policy of macOS: MIN and MAX in sched_realtime_timebase_init of
// osfmk/kern/sched_prim.c.
const leastComputation, mostComputation = 50 * time.Microsecond, 50 * time.Millisecond

// TimeConstraint returns the time constraint policy of macOS for a thread, in ticks of numer/denom nanoseconds: the
// constraint, before whose end a turn must be over, is the period. Values outside the policy's bounds are clamped.
func TimeConstraint(period, computation time.Duration, numer, denom uint32) (p, c, constraint uint32) {
	computation = min(max(computation, leastComputation), mostComputation)
	p = machTicks(period, numer, denom)
	c = machTicks(computation, numer, denom)
	return p, c, max(p, c)
}
