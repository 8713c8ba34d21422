// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"math"
	"testing"
	"time"
)

// TestMachTicks rounds up, and saturates.
func TestMachTicks(t *testing.T) {
	for _, tt := range []struct {
		d            time.Duration
		numer, denom uint32
		want         uint64
	}{
		{0, 1, 1, 0},
		{1, 1, 1, 1},
		{0, 125, 3, 0},
		{1, 125, 3, 1},
		{41, 125, 3, 1},
		{42, 125, 3, 2},
		{125, 125, 3, 3},
		{time.Second, 125, 3, 24e6},
		{math.MaxInt64, 1, 1, math.MaxInt64},
		{math.MaxInt64, 125, 3, 221360928884514620},
		{math.MaxInt64, 1, 3, math.MaxInt64},
		{math.MaxInt64, 1, math.MaxUint32, math.MaxInt64},
	} {
		if got := MachTicks(tt.d, tt.numer, tt.denom); got != tt.want {
			t.Errorf("%d ns are %d ticks of %d/%d ns, want %d", tt.d, got, tt.numer, tt.denom, tt.want)
		}
	}
}

// TestCounterTime rounds down, so that a sleep is never too short, and saturates.
func TestCounterTime(t *testing.T) {
	for _, tt := range []struct {
		ticks, perSecond int64
		want             time.Duration
	}{
		{0, 1e7, 0},
		{1, 1e7, 100},
		{1e7, 1e7, time.Second},
		{1, 3579545, 279},
		{3579545, 3579545, time.Second},
		{2, 3, 666666666},
		{math.MaxInt64, 1, math.MaxInt64},
		{math.MaxInt64, math.MaxInt64, time.Second},
	} {
		if got := CounterTime(tt.ticks, tt.perSecond); got != tt.want {
			t.Errorf("%d ticks of %d in a second take %d ns, want %d", tt.ticks, tt.perSecond, got, tt.want)
		}
	}
}
