// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package mono is the monotonic clock as a number. Package time has it only inside a
// [time.Time], which is three words long.
package mono

import "time"

// start is an hour in the past, so that 0 is always long ago.
var start = time.Now().Add(-time.Hour)

// Now returns nanoseconds since some moment before the program began.
func Now() int64 { return int64(time.Since(start)) }

// NowIn is Now, and reports whether the caller is in a bubble of testing/synctest, where time.Now has no
// monotonic reading.
func NowIn() (now int64, bubble bool) {
	t := time.Now()
	return int64(t.Sub(start)), t == t.Round(0)
}
