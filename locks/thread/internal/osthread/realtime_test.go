// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"math"
	"testing"
	"time"
)

// periods are from the shortest to the longest.
var periods = []time.Duration{
	1, time.Microsecond, 20 * time.Microsecond, 100 * time.Microsecond, time.Millisecond, 2 * time.Millisecond, 2667 * time.Microsecond,
	5 * time.Millisecond, 10 * time.Millisecond, 16667 * time.Microsecond, 100 * time.Millisecond, time.Second, time.Minute, time.Hour, math.MaxInt64,
}

// TestRateMonotonic gives a thread with a longer period no higher priority, and stays below the threads of interrupts.
func TestRateMonotonic(t *testing.T) {
	fifo, rtprio, mmcss := uint32(mostFIFO), uint16(0), int32(2)
	for _, p := range periods {
		f, r, m := FIFOPriority(p), RtprioPriority(p), MMCSSPriority(p)
		if f > fifo || f < 1 || f > 49 {
			t.Errorf("FIFOPriority(%v) = %d, after %d for a shorter period", p, f, fifo)
		}
		if r < rtprio || r > 31 {
			t.Errorf("RtprioPriority(%v) = %d, after %d for a shorter period", p, r, rtprio)
		}
		if m > mmcss || m < -1 {
			t.Errorf("MMCSSPriority(%v) = %d, after %d for a shorter period", p, m, mmcss)
		}
		fifo, rtprio, mmcss = f, r, m
	}
	if rtprio != 31 {
		t.Errorf("the longest period has priority %d of 31", rtprio)
	}
	for p, want := range map[time.Duration]uint32{
		1: 49, time.Microsecond: 49, 2 * time.Microsecond: 47, time.Millisecond: 30, 2 * time.Millisecond: 28, 3 * time.Millisecond: 26,
		10 * time.Millisecond: 23, time.Second: 10, time.Minute: 1, math.MaxInt64: 1,
	} {
		if got := FIFOPriority(p); got != want {
			t.Errorf("FIFOPriority(%v) = %d, want %d", p, got, want)
		}
	}
}

// TestRtprioPriority is urgent with 0.
func TestRtprioPriority(t *testing.T) {
	for p, want := range map[time.Duration]uint16{1: 0, time.Millisecond: 12, 10 * time.Millisecond: 16, time.Second: 25, time.Minute: 31} {
		if got := RtprioPriority(p); got != want {
			t.Errorf("RtprioPriority(%v) = %d, want %d", p, got, want)
		}
	}
}

// TestTimeConstraint holds to what thread_policy_set wants: 50 µs to 50 ms, and no more than the constraint.
func TestTimeConstraint(t *testing.T) {
	for _, base := range []struct{ numer, denom uint32 }{{1, 1}, {125, 3}} {
		least, most := uint64(50_000)*uint64(base.denom)/uint64(base.numer), uint64(50_000_000)*uint64(base.denom)/uint64(base.numer)
		for _, period := range periods {
			for _, computation := range []time.Duration{1, period / 2, period} {
				p, c, constraint := TimeConstraint(period, computation, base.numer, base.denom)
				if uint64(c) < least || uint64(c) > most || c > constraint || p > constraint {
					t.Errorf("TimeConstraint(%v, %v) in ticks of %d/%d ns = %d, %d, %d", period, computation, base.numer, base.denom, p, c, constraint)
				}
			}
		}
	}
	if p, c, constraint := TimeConstraint(5*time.Millisecond, 2*time.Millisecond, 1, 1); p != 5e6 || c != 2e6 || constraint != 5e6 {
		t.Errorf("of 5 ms and 2 ms: %d, %d, %d", p, c, constraint)
	}
	if p, c, constraint := TimeConstraint(5*time.Millisecond, 2*time.Millisecond, 125, 3); p != 120e3 || c != 48e3 || constraint != 120e3 {
		t.Errorf("of 5 ms and 2 ms in ticks of 125/3 ns: %d, %d, %d", p, c, constraint)
	}
	if p, _, _ := TimeConstraint(math.MaxInt64, 1, 1, 1); p != math.MaxUint32 {
		t.Errorf("the longest period has %d ticks, want the most", p)
	}
	if p, _, _ := TimeConstraint(math.MaxInt64, 1, 1, math.MaxUint32); p != math.MaxUint32 {
		t.Errorf("the longest period in the shortest ticks has %d, want the most", p)
	}
}
