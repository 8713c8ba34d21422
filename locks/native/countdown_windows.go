// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"math"
	"time"

	"github.com/osync-go/osync/sys/windows"
)

// A countdown counts the time up to a limit down, by the clock that the system's own
// timeouts run by. Go's clock would not do: it stands still in a synctest bubble.
type countdown struct {
	length time.Duration // unlimited for none
	begin  uint64        // in units of 100 ns
}

const unlimited time.Duration = math.MaxInt64

// newCountdown begins to count. The zero limit never comes.
func newCountdown(limit time.Time) countdown {
	if limit.IsZero() {
		return countdown{length: unlimited}
	}
	length := time.Until(limit)
	now, _ := windows.QueryUnbiasedInterruptTime() // after the line above, so that the end is not early
	return countdown{length, now}
}

// left returns the time left, which may be less than zero.
func (c countdown) left() time.Duration {
	if c.length == unlimited {
		return unlimited
	}
	now, _ := windows.QueryUnbiasedInterruptTime() // Supported has seen it work
	return c.length - time.Duration(now-c.begin)*100
}

// milliseconds returns the time left as a timeout, which may be shorter if it is long.
func (c countdown) milliseconds() uint32 {
	if c.length == unlimited {
		return windows.INFINITE
	}
	return windows.Milliseconds(c.left())
}
