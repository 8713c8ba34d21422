// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package beside measures what a goroutine does while another one works, and finds out whether
// the machine let the two run at the same time. On a busy machine they often take turns on one
// processor, and then they cannot disturb each other.
package beside

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/clock"
	"github.com/osync-go/osync/examples/internal/rounds"
)

// TwoProcessors returns an [errors.ErrUnsupported] if the program has one processor.
func TwoProcessors() error {
	if runtime.GOMAXPROCS(0) == 1 || runtime.NumCPU() == 1 {
		return fmt.Errorf("%w: the measurement needs two processors, and there is one", errors.ErrUnsupported)
	}
	return nil
}

// Time returns how long work takes while another goroutine calls other again and again. A call
// of other should take a few microseconds at most. The result is false if the other goroutine
// stood still for a quarter of that time or more.
func Time(work, other func()) (took time.Duration, together bool) {
	var begun, over atomic.Bool
	longest := make(chan time.Duration)
	go func() {
		var gap time.Duration
		last := clock.Now()
		begun.Store(true)
		for ended := false; !ended; {
			ended = over.Load() // before the clock: the last gap counts, too
			other()
			now := clock.Now()
			gap = max(gap, now.Sub(last))
			last = now
		}
		longest <- gap
	}()
	for !begun.Load() {
		runtime.Gosched()
	}
	start := clock.Now()
	work()
	took = start.Elapsed()
	over.Store(true)
	return took, <-longest < took/4
}

// A Measure is something to be measured in each round. It returns false if the machine
// disturbed it.
type Measure func() (took time.Duration, ok bool)

// Rounds are the results of interleaved rounds: the result of measure m in round r is [r][m], in
// nanoseconds.
type Rounds [][]float64

const (
	wanted = 15 // rounds
	fewest = 7  // that a statement can be made of
)

// Measured calls the measures in turn until each has 15 results, and each of them again after a
// disturbance. It stops at the limit, and returns an [errors.ErrUnsupported] if there are fewer
// than seven whole rounds by then.
func Measured(limit time.Duration, measures ...Measure) (Rounds, error) {
	var all Rounds
	var good, bad int
	begin := time.Now()
	for round := []float64(nil); len(all) < wanted && time.Since(begin) < limit; {
		took, ok := measures[len(round)]()
		if !ok {
			bad++
			continue
		}
		good++
		round = append(round, float64(took))
		if len(round) == len(measures) {
			all, round = append(all, round), nil
		}
	}
	if len(all) < fewest {
		return nil, busy("the two goroutines ran at the same time in %d of %d tries", good, good+bad)
	}
	return all, nil
}

// busy says that, and why, the machine cannot show anything.
func busy(format string, args ...any) error {
	return fmt.Errorf("%w: this machine is too busy to show it: %s", errors.ErrUnsupported, fmt.Sprintf(format, args...))
}

// Median returns the median of measure m.
func (all Rounds) Median(m int) float64 {
	column := make([]float64, len(all))
	for i, round := range all {
		column[i] = round[m]
	}
	return rounds.Median(column)
}

// A Step is a ratio of two measures, from the rounds: a disturbance that lasts for a round meets
// both.
type Step struct{ Median, Low, High float64 } // a quarter of the rounds is below Low, and a quarter above High

// least is the ratio from which on two measures differ, whatever the noise.
const least = 1.5

// Step returns the ratio of measure m to measure base.
func (all Rounds) Step(m, base int) Step {
	ratios := make([]float64, len(all))
	for i, round := range all {
		ratios[i] = round[m] / round[base]
	}
	slices.Sort(ratios)
	n := len(ratios)
	return Step{ratios[n/2], ratios[n/4], ratios[n-1-n/4]}
}

// Seen returns nil if three quarters of the rounds have the step, and an [errors.ErrUnsupported]
// otherwise. The step is too blurred to be seen if the rounds disagree; it is not there if they agree.
func (s Step) Seen() error {
	switch {
	case s.Low >= least:
		return nil
	case s.High >= least:
		return busy("the spread of the ratio is %.0f %%, from %.1f to %.1f in the middle half of the rounds",
			100*(s.High-s.Low)/s.Median, s.Low, s.High)
	default:
		return fmt.Errorf("%w: there is no step here (a ratio of %.1f): "+
			"the two processors may be threads of one core, or the system kept both goroutines on one", errors.ErrUnsupported, s.Median)
	}
}

// Edge returns the first of the measures that is beyond the step between the first and the last
// of them. All before must lie above the middle of the step, which is that of a logarithmic scale,
// and all from there on below; otherwise Edge returns an [errors.ErrUnsupported].
func (all Rounds) Edge(measures int) (int, error) {
	middle := math.Sqrt(all.Median(0) * all.Median(measures-1))
	edge := 0
	for edge < measures && all.Median(edge) > middle {
		edge++
	}
	for m := edge; m < measures; m++ {
		if all.Median(m) > middle {
			return 0, busy("the medians go up and down")
		}
	}
	return edge, nil
}
