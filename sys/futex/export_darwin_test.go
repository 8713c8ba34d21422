// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import "time"

// Only is the way that was forced when the test was linked, "" for none.
func Only() string { return only }

// Works reports whether a way passes its self-test.
func Works(name string) bool {
	for v, n := range wayNames {
		if n == name {
			return way(v).works()
		}
	}
	return false
}

// Scale is scale.
func Scale(x, mul, div uint64) uint64 { return scale(x, mul, div) }

// Left returns the time until a point d from now, as a sleep would ask for it.
func Left(d time.Duration) time.Duration { return clock().after(d).left() }

// LongestSleep is longestSleep.
const LongestSleep = longestSleep

// Sleepers returns how many threads sleep in the table of the last resort.
func Sleepers() int {
	n := 0
	for i := range buckets {
		n += int(buckets[i].waiters.Load())
	}
	return n
}
