// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// A comparison is a row of the third table.
type comparison struct {
	name, counterpart string
	osync, sync       measured

	// The longest waits, or nil if no worker waits for another one.
	osyncLongest, syncLongest measured
}

// A measured does an operation n times, and returns how long that took, or what else it measures.
type measured func(n int) (time.Duration, error)

// An effort says how much to measure. More rounds, and longer ones, differ less.
type effort struct {
	rounds int
	round  time.Duration
	budget time.Duration // on a slow machine: when to leave it at the rounds done so far

	waits    int           // rounds for the longest waits
	waitsFor time.Duration // each of them

	sleeps int // rounds of ten sleeps each
}

var (
	fullEffort  = effort{rounds: 15, round: 6 * time.Millisecond, budget: 8 * time.Second, waits: 3, waitsFor: 40 * time.Millisecond, sleeps: 20}
	quickEffort = effort{rounds: 7, round: 1500 * time.Microsecond, budget: time.Second, waits: 1, waitsFor: 15 * time.Millisecond, sleeps: 5}
)

// A trial is one of the two sides of a comparison while it is measured.
type trial struct {
	run   measured
	n     int
	times []float64 // nanoseconds for each operation, by round
}

// measure makes all comparisons. Each round goes through all of them, so that a disturbance
// of the machine hits one round of everything and not everything of one row; and the two
// sides take turns in coming first.
func (d *doctor) measure() []Cost {
	begin := time.Now()
	costs := make([]Cost, len(d.comparisons))
	trials := make([][2]trial, len(d.comparisons))
	for i, c := range d.comparisons {
		d.progress("measuring: " + c.name)
		costs[i] = Cost{Name: c.name, Counterpart: c.counterpart}
		trials[i] = [2]trial{{run: c.osync}, {run: c.sync}}
		for side := range trials[i] {
			costs[i].note(d.calibrate(&trials[i][side]))
		}
	}
	for round := range d.effort.rounds {
		if time.Since(begin) > d.effort.budget && round >= 3 {
			break
		}
		d.progress(fmt.Sprintf("measuring, round %d of %d", 1+round, d.effort.rounds))
		for i := range costs {
			for turn := range 2 {
				if costs[i].Error == "" {
					costs[i].note(d.once(&trials[i][(round+turn)%2]))
				}
			}
		}
	}
	for i := range costs {
		costs[i].finish(trials[i])
	}
	d.measureWaits(costs, begin)
	return costs
}

// measureWaits adds the longest waits to costs.
func (d *doctor) measureWaits(costs []Cost, begin time.Time) {
	trials := make([][2]trial, len(costs))
	for round := range d.effort.waits {
		if time.Since(begin) > d.effort.budget && round >= 1 {
			break
		}
		d.progress(fmt.Sprintf("measuring waits, round %d of %d", 1+round, d.effort.waits))
		for i, c := range d.comparisons {
			for turn := range 2 {
				if c.osyncLongest == nil || costs[i].Error != "" {
					continue
				}
				side := (round + turn) % 2
				t := &trials[i][side]
				t.run = [2]measured{c.osyncLongest, c.syncLongest}[side]
				const clock = 100 // nanoseconds, for looking at it twice
				each := clock + [2]Sample{costs[i].Osync, costs[i].Sync}[side].Median
				t.n = max(crowd, int(float64(d.effort.waitsFor)/each))
				longest, err := d.run(t)
				costs[i].note(err)
				t.times = append(t.times, float64(longest))
			}
		}
	}
	for i := range costs {
		if osync, sync := trials[i][0], trials[i][1]; costs[i].Error == "" && len(sync.times) > 0 {
			costs[i].LongestWait = &LongestWait{osync.sample().Median, sync.sample().Median}
		}
	}
}

// note keeps the first error.
func (c *Cost) note(err error) {
	if err != nil && c.Error == "" {
		c.Error = err.Error()
	}
}

func (c *Cost) finish(trials [2]trial) {
	if c.Error != "" {
		return
	}
	c.Osync, c.Sync = trials[0].sample(), trials[1].sample()
	if c.Osync.Median <= 0 || c.Sync.Median <= 0 {
		c.Error = "the clock is too coarse"
		return
	}
	c.Ratio = c.Osync.Median / c.Sync.Median
}

// calibrate finds out how many operations fill a round.
func (d *doctor) calibrate(t *trial) error {
	for t.n = 1; ; t.n *= 2 {
		took := time.Duration(math.MaxInt64)
		for range 2 { // so that one disturbance does not count
			again, err := d.run(t)
			if err != nil {
				return err
			}
			took = min(took, again)
		}
		if took > d.effort.round/4 {
			t.n = max(1, int(float64(t.n)*float64(d.effort.round)/float64(took)))
			return nil
		}
	}
}

// once measures t in one round.
func (d *doctor) once(t *trial) error {
	took, err := d.run(t)
	t.times = append(t.times, float64(took)/float64(t.n))
	return err
}

func (d *doctor) run(t *trial) (took time.Duration, err error) {
	n := t.n
	result := make(chan time.Duration, 1)
	err = guard(d.limit, func() error {
		took, err := t.run(n)
		result <- took
		return err
	})
	if err == nil {
		took = <-result
	}
	return took, err
}

func (t *trial) sample() Sample {
	sorted := slices.Sorted(slices.Values(t.times))
	half := len(sorted) / 2
	return Sample{
		Median:     (sorted[half] + sorted[len(sorted)-1-half]) / 2,
		Min:        sorted[0],
		Max:        sorted[len(sorted)-1],
		Rounds:     len(sorted),
		Operations: t.n,
	}
}
