// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"errors"
	"math"
	"slices"
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

// TestBetween adds what has passed since the tick that the time is of. The clock of the test ticks before the calls that are
// told.
func TestBetween(t *testing.T) {
	missing := errors.New("no such clock")
	origin := time.Now()
	for name, tt := range map[string]struct {
		ticks              []int // calls of now, tick or exact, from 1 on
		noTick, noExact    bool
		always             bool
		exact, want, calls int
	}{
		"within a tick":            {exact: 7, want: 7, calls: 4},
		"at a tick":                {exact: 0, want: 0, calls: 4},
		"the counters differ":      {exact: -3, want: 0, calls: 4},
		"a tick before":            {ticks: []int{1}, exact: 7, want: 17, calls: 4},
		"a tick between the first": {ticks: []int{2}, exact: 7, want: 17, calls: 8},
		"a tick before the last":   {ticks: []int{4}, exact: 7, want: 17, calls: 8},
		"two ticks":                {ticks: []int{3, 6}, exact: 7, want: 27, calls: 12},
		"it never stands still":    {always: true, exact: 7, want: 330, calls: 33},
		"no clock that ticks":      {noTick: true, exact: 7, want: 0, calls: 2},
		"no exact clock":           {noExact: true, want: 0, calls: 3},
	} {
		calls, at := 0, 0 // in units of 100 ns
		call := func() int {
			if calls++; tt.always || slices.Contains(tt.ticks, calls) {
				at += 10
			}
			return at
		}
		clock := func(no bool, more int) func() (uint64, error) {
			return func() (uint64, error) {
				now := uint64(1000 + call() + more)
				if no {
					return 0, missing
				}
				return now, nil
			}
		}
		now := func() time.Time { return origin.Add(time.Duration(call()) * 100) }
		got := Between(now, clock(tt.noTick, 0), clock(tt.noExact, tt.exact)).Sub(origin)
		if got != time.Duration(tt.want)*100 || calls != tt.calls {
			t.Errorf("%s: %v after %d calls, want %d units and %d", name, got, calls, tt.want, tt.calls)
		}
	}
}
