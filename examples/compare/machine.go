// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"math"
	"time"

	"github.com/osync-go/osync/examples/internal/clock"
)

// A reading is the processor time that has been spent on the machine, in seconds.
type reading struct{ busy, idle float64 }

// others returns the share of the machine that other processes took between two readings, where
// our own took some time; NaN if nothing is known.
func others(before, after reading, own time.Duration) float64 {
	busy, idle := after.busy-before.busy, after.idle-before.idle
	if busy+idle <= 0 {
		return math.NaN()
	}
	return max(0, busy-own.Seconds()) / (busy + idle)
}

// calibrate returns how many nanoseconds an iteration of chain takes.
func calibrate() float64 {
	const n = 1_000_000
	best := math.Inf(1)
	for range 20 { // the shortest one was not disturbed
		begin := clock.Now()
		sink = chain(sink, n)
		best = min(best, float64(begin.Elapsed())/n)
	}
	return best
}

// sink keeps the compiler from leaving out what nobody needs.
var sink uint64
