// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/osync-go/osync/examples/internal/clock"
	"github.com/osync-go/osync/locks/thread"
)

// A sleeper is a row of the fourth table: a way to sleep.
type sleeper struct {
	name string
	// run calls sleeps where the sleeper sleeps, once, with its sleep.
	run func(sleeps func(sleep func(time.Duration))) error
}

// sleepLength is how long each sleep is to be.
const sleepLength = time.Millisecond

// sleepers are the rows. The first is what the others are compared with.
func sleepers() []sleeper {
	pinned := func(prepare func() error) func(func(func(time.Duration))) error {
		return func(sleeps func(func(time.Duration))) error {
			return thread.Spawn(func() error {
				if err := prepare(); err != nil {
					return err
				}
				sleeps(thread.Sleep)
				return nil
			}).Join()
		}
	}
	return []sleeper{
		{"time.Sleep, goroutines", func(sleeps func(func(time.Duration))) error { sleeps(time.Sleep); return nil }},
		{"thread.Sleep, threads", pinned(func() error { return nil })},
		{"the same, SetRealtime", pinned(func() error { return thread.SetRealtime(sleepLength, sleepLength/5) })},
	}
}

// measureSleeps lets all sleepers sleep, in turns: a few sleeps each, so that a disturbance of the machine hits all.
func (d *doctor) measureSleeps() []Sleep {
	const each = 10
	rows := make([]Sleep, len(d.sleepers))
	late := make([][]float64, len(d.sleepers))
	for i, s := range d.sleepers {
		rows[i] = Sleep{Name: s.name, Milliseconds: float64(sleepLength) / 1e6}
	}
	for round := range d.effort.sleeps {
		d.progress(fmt.Sprintf("measuring sleeps, round %d of %d", 1+round, d.effort.sleeps))
		for turn := range d.sleepers {
			i := (round + turn) % len(d.sleepers)
			if rows[i].Absent != "" || rows[i].Error != "" {
				continue
			}
			times := make([]float64, 0, each)
			err := guard(d.limit, func() error {
				return d.sleepers[i].run(func(sleep func(time.Duration)) {
					for range each {
						began := clock.Now()
						sleep(sleepLength)
						times = append(times, max(0, float64(began.Elapsed()-sleepLength)))
					}
				})
			})
			switch {
			case err == nil:
				late[i] = append(late[i], times...)
			case errors.Is(err, os.ErrPermission), errors.Is(err, errors.ErrUnsupported):
				rows[i].Absent = err.Error()
			default:
				rows[i].Error = err.Error()
			}
		}
	}
	for i := range rows {
		rows[i].finish(late[i], rows[0].Median)
	}
	return rows
}

// finish sums up how late the sleeps of s were, in nanoseconds. Those of the first row were so at the median.
func (s *Sleep) finish(late []float64, first float64) {
	if s.Absent != "" || s.Error != "" || len(late) == 0 {
		return
	}
	slices.Sort(late)
	s.Sleeps = len(late)
	s.Median, s.Worst = late[len(late)/2], late[len(late)-1]
	s.Late99 = late[(len(late)-1)*99/100]
	if first == 0 {
		first = s.Median
	}
	if first > 0 {
		s.Ratio = s.Median / first
	}
}

// sleepersHere are those of a system with threads.
func sleepersHere() []sleeper {
	if runtime.GOARCH == "wasm" {
		return nil
	}
	return sleepers()
}
