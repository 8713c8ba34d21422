// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex_test

import (
	"math"
	"testing"
	"time"

	"github.com/osync-go/osync/sys/futex"
)

// TestScaleRoundsUp scales numbers of ticks and nanoseconds. They are rounded up, so that no sleep ends early, and limited
// to the largest number that fits.
func TestScaleRoundsUp(t *testing.T) {
	for _, c := range []struct{ x, mul, div, want uint64 }{
		{0, 125, 3, 0},
		{1, 1, 1, 1},
		{1, 3, 125, 1}, // a nanosecond becomes a whole tick: never too early
		{125, 3, 125, 3},
		{126, 3, 125, 4},
		{1e9, 3, 125, 24e6},
		{24e6, 125, 3, 1e9},
		{1, 125, 3, 42},
		{math.MaxInt64, 3, 125, 221360928884514620},
		{math.MaxUint64, 1, 1, math.MaxUint64},
		{math.MaxUint64, 125, 3, math.MaxUint64},
		{math.MaxUint64, 3, 3, math.MaxUint64},
		{math.MaxUint64 / 125 * 3, 125, 3, math.MaxUint64 - math.MaxUint64%125},
	} {
		if got := futex.Scale(c.x, c.mul, c.div); got != c.want {
			t.Errorf("scale(%d, %d, %d) = %d, want %d", c.x, c.mul, c.div, got, c.want)
		}
	}
}

// TestLeftIsBounded shows that a sleep asks for no negative time, nor for centuries, whatever the clock says.
func TestLeftIsBounded(t *testing.T) {
	for _, now := range []futex.Ticks{1, 1e15, math.MaxUint64 - 1} {
		for _, base := range [][2]uint64{{1, 1}, {125, 3}, {100, 1}} {
			left := func(d time.Duration) time.Duration { return futex.Left(now, d, base[0], base[1]) }
			if got := left(0); got != 0 {
				t.Errorf("Left(0) = %v, want 0", got)
			}
			for _, d := range []time.Duration{math.MaxInt64, futex.LongestSleep + time.Hour} {
				if got := left(d); got != futex.LongestSleep && now != math.MaxUint64-1 {
					t.Errorf("Left(%v) = %v, want %v", d, got, futex.LongestSleep)
				}
			}
			if got := left(time.Hour); now != math.MaxUint64-1 && (got < time.Hour || got > time.Hour+time.Microsecond) {
				t.Errorf("Left(1h) = %v", got)
			}
		}
	}
}
