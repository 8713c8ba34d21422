// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"testing"
	"time"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/windows"
)

// TestTickerBetweenTicks has periods that are shorter than a tick of Go's clock: each takes its time from the first one on, and
// those that were missed are not made up for.
func TestTickerBetweenTicks(t *testing.T) {
	clock := func() time.Duration {
		now, err := windows.QueryInterruptTimePrecise()
		if err != nil {
			t.Skip(err) // time.Now is all there is
		}
		return time.Duration(now) * 100
	}
	const period, apart = 3 * time.Millisecond, time.Millisecond / 2
	began := clock()
	ticker := thread.NewTicker(period)
	for due := began + period; due < began+4*period; due += period {
		missed := ticker.Next()
		if now := clock(); now < due-apart {
			t.Errorf("Next returns %v early", due-now)
		}
		due += time.Duration(missed) * period
	}
	began = clock()
	for clock() < began+4*period {
	}
	if missed := ticker.Next(); missed < 2 {
		t.Errorf("%d periods were missed, want 3", missed)
	}
}
