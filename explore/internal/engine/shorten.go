// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import "time"

const (
	shortenTime = 5 * time.Second
	shortenRuns = 3000
)

// shorten looks for a shorter schedule with which the test fails in the same way: one with fewer switches
// between threads, or with as many switches and fewer steps. It is delta debugging over the runs of the schedule (Zeller and
// Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002). Finally it runs the shortest once more to trace it.
// It does not shorten a failure that the test itself recorded: such a test stays failed, whatever later executions do.
func (e *explorer) shorten() {
	x := e.x
	kind := e.result.Failure.Kind
	best := runs(x.schedule)
	if x.options.Mode != Replay && kind != "not deterministic" && !x.options.unshort && !e.result.Failure.noted {
		until := time.Now().Add(shortenTime)
		for tries, improved := 0, true; improved; {
			improved = false
			for _, candidate := range shorter(best) {
				if tries++; tries > shortenRuns || time.Now().After(until) {
					improved = false
					break
				}
				if f := e.follow(candidate); f != nil && f.Kind == kind && runs(x.schedule).simplerThan(best) {
					best, improved = runs(x.schedule), true
					break
				}
			}
		}
	}
	execution := e.result.Executions
	x.tracing = true
	if x.options.Mode != Replay {
		if f := e.follow(best); f != nil && f.Kind == kind {
			e.result.Failure = f
		}
	}
	f := e.result.Failure
	f.Schedule = best.String()
	f.Trace = x.trace
	if x.options.Mode != Replay {
		f.Execution = execution
	}
}

// follow runs the test according to a schedule.
func (e *explorer) follow(s Schedule) *Failure {
	e.x.strategy = &follow{schedule: s, sampling: sampling{rng: newRNG(1)}}
	return e.execute()
}

// shorter returns schedules that are slightly simpler than s.
func shorter(s Schedule) (all []Schedule) {
	without := func(from, to int) Schedule {
		return append(append(Schedule{}, s[:from]...), s[to:]...)
	}
	for n := len(s) / 2; n >= 1; n /= 2 {
		for i := 0; i+n <= len(s); i += n {
			all = append(all, without(i, i+n))
		}
	}
	for i, r := range s {
		if r.Thread < 0 && r.Steps > 0 {
			c := append(Schedule{}, s...)
			c[i].Steps = 0
			all = append(all, c)
			continue
		}
		// Move the steps of a run to an earlier or a later run of the same thread.
		for j := i + 1; j < len(s); j++ {
			if s[j].Thread == r.Thread && r.Thread >= 0 {
				c := append(Schedule{}, s...)
				c[i].Steps += c[j].Steps
				all = append(all, append(c[:j:j], c[j+1:]...))
				c = append(Schedule{}, s...)
				c[j].Steps += c[i].Steps
				all = append(all, append(c[:i:i], c[i+1:]...))
				break
			}
		}
	}
	return all
}

// simplerThan compares by the number of runs, then of steps.
func (s Schedule) simplerThan(other Schedule) bool {
	if len(s) != len(other) {
		return len(s) < len(other)
	}
	return s.steps() < other.steps()
}

func (s Schedule) steps() (n int) {
	for _, r := range s {
		n += r.Steps
	}
	return n
}
