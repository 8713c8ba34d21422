// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package bsd_test

import (
	"math"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/bsd"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		d         time.Duration
		most      int64
		sec, nsec int64
	}{
		{0, math.MaxInt64, 0, 0},
		{1, math.MaxInt64, 0, 1},
		{time.Second - 1, math.MaxInt64, 0, 999_999_999},
		{time.Second, math.MaxInt64, 1, 0},
		{90*time.Minute + 5, math.MaxInt64, 5400, 5},
		{math.MaxInt64, math.MaxInt64, 9_223_372_036, 854_775_807},
		{math.MaxInt64, math.MaxInt32, math.MaxInt32, 999_999_999},
		{math.MaxInt32*time.Second + 7, math.MaxInt32, math.MaxInt32, 7},
		{(math.MaxInt32 + 1) * time.Second, math.MaxInt32, math.MaxInt32, 999_999_999},
	} {
		if sec, nsec := bsd.Split(c.d, c.most); sec != c.sec || nsec != c.nsec {
			t.Errorf("Split(%v, %d) = %d, %d, want %d, %d", c.d, c.most, sec, nsec, c.sec, c.nsec)
		}
	}
}

func TestMicroseconds(t *testing.T) {
	for d, want := range map[time.Duration]int32{
		math.MinInt64:                            1,
		-1:                                       1,
		0:                                        1, // 0 would be no limit
		1:                                        1,
		time.Microsecond:                         1,
		time.Microsecond + 1:                     2, // up, so that no sleep ends early
		time.Second:                              1e6,
		math.MaxInt32 * time.Microsecond:         math.MaxInt32,
		math.MaxInt32*time.Microsecond + 1:       math.MaxInt32,
		math.MaxInt64:                            math.MaxInt32,
		math.MaxInt64 - math.MaxInt64%1000:       math.MaxInt32,
		999*time.Microsecond + time.Nanosecond*1: 1000,
	} {
		if got := bsd.Microseconds(d); got != want {
			t.Errorf("Microseconds(%d) = %d, want %d", d, got, want)
		}
	}
}
