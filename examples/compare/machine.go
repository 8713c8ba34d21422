// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"math"
	"runtime"
	"sync"
	"time"

	"gonum.org/v1/gonum/stat"

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

// A speed measures how fast the processors are when all of them work.
type speed struct{ best float64 } // nanoseconds for an iteration of chain

// lost returns the share of its best speed so far that the machine has lost. A neighbour on the same
// physical processor slows the machine down, and its system does not see it.
func (s *speed) lost() float64 {
	const n = 300_000
	took := make([]float64, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range took {
		wg.Go(func() {
			begin := clock.Now()
			kept := chain(uint64(i), n)
			took[i] = float64(begin.Elapsed()) / n
			if kept == 0 {
				took[i]++ // hardly ever; it keeps the compiler from leaving out the chain
			}
		})
	}
	wg.Wait()
	now := stat.Mean(took, nil)
	if s.best == 0 || now < s.best {
		s.best = now
	}
	return 1 - s.best/now
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

// sink keeps the compiler from leaving out work whose result is not used.
var sink uint64
