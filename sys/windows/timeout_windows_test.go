// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"math"
	"testing"
	"time"

	"github.com/osync-go/osync/sys/windows"
)

const day = 24 * time.Hour

func TestMilliseconds(t *testing.T) {
	for _, c := range []struct {
		d    time.Duration
		want uint32
	}{
		{math.MinInt64, 0},
		{-1, 0},
		{0, 0},
		{1, 1},
		{time.Millisecond - 1, 1},
		{time.Millisecond, 1},
		{time.Millisecond + 1, 2},
		{49 * day, 49 * 24 * 3600 * 1000},
		{0xFFFFFFFD*time.Millisecond + 1, 0xFFFFFFFE},
		{0xFFFFFFFE * time.Millisecond, 0xFFFFFFFE},
		{0xFFFFFFFF * time.Millisecond, 0xFFFFFFFE},
		{50 * day, 0xFFFFFFFE},
		{math.MaxInt64, 0xFFFFFFFE},
	} {
		if got := windows.Milliseconds(c.d); got != c.want {
			t.Errorf("Milliseconds(%v) = %#x, want %#x", c.d, got, c.want)
		}
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		d    time.Duration
		want int64
	}{
		{math.MinInt64, 0},
		{-1, 0},
		{0, 0},
		{1, -1},
		{100, -1},
		{101, -2},
		{time.Second, -10_000_000},
		{50 * day, -50 * 24 * 3600 * 10_000_000},
		{math.MaxInt64, -(math.MaxInt64/100 + 1)},
	} {
		if got := windows.Ticks(c.d); got != c.want {
			t.Errorf("Ticks(%v) = %d, want %d", c.d, got, c.want)
		}
	}
}

func TestQueryUnbiasedInterruptTime(t *testing.T) {
	first, err := windows.QueryUnbiasedInterruptTime()
	if err != nil {
		t.Fatal(err)
	}
	until(t, "the clock advances", func() bool {
		now, err := windows.QueryUnbiasedInterruptTime()
		if err != nil {
			t.Fatal(err)
		}
		if now < first {
			t.Fatalf("the clock went back from %d to %d", first, now)
		}
		return now > first
	})
}
