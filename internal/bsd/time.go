// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package bsd

import (
	"math"
	"time"
)

// Split returns d, which is not negative, as the seconds and nanoseconds of a struct timespec whose seconds are
// at most most: on some systems they have 32 bits. A longer d is cut to the longest representable time.
func Split(d time.Duration, most int64) (sec, nsec int64) {
	sec, nsec = int64(d/time.Second), int64(d%time.Second)
	if sec > most {
		return most, int64(time.Second - 1)
	}
	return sec, nsec
}

// Microseconds returns d in microseconds, rounded up so that no sleep ends early, and at most what an int of C
// holds, which is 35 minutes. It is never less than 1, since a timeout of 0 means no timeout.
func Microseconds(d time.Duration) int32 {
	us := int64(d / time.Microsecond)
	if d%time.Microsecond > 0 {
		us++
	}
	return int32(min(max(us, 1), math.MaxInt32))
}
