// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"io"
	"slices"
	"sort"
	"time"
)

// A summary is a recording in numbers.
type summary struct {
	*recording
	workers     []workerSummary
	longest     span            // the longest wait
	handOffs    int             // how often the lock went to another one than before
	overtakers  int             // holds that began before those of earlier callers
	overtaken   int             // how often the wait was overtaken that was overtaken most
	idle        []time.Duration // from a release until the next of the waiters had it, sorted
	heldAtAll   time.Duration
	heldLongest time.Duration
}

type workerSummary struct {
	holds, writes int
	held          time.Duration
	waits         []time.Duration // sorted
}

func summarize(r *recording) summary {
	s := summary{recording: r, workers: make([]workerSummary, r.config.workers)}
	overtook := make([]bool, len(r.spans))
	var until time.Duration
	for i, a := range r.spans {
		w := &s.workers[a.worker]
		w.holds++
		if !a.shared {
			w.writes++
		}
		w.held += a.done - a.got
		w.waits = append(w.waits, a.got-a.want)
		s.heldAtAll += max(0, a.done-max(a.got, until))
		until = max(until, a.done)
		s.heldLongest = max(s.heldLongest, a.done-a.got)
		if a.got-a.want >= s.longest.got-s.longest.want {
			s.longest = a
		}
		if i > 0 {
			if before := r.spans[i-1]; before.worker != a.worker {
				s.handOffs++
				if a.want < before.done && before.done <= a.got {
					s.idle = append(s.idle, a.got-before.done)
				}
			}
		}
		s.overtaken = max(s.overtaken, r.overtakers(i, overtook))
	}
	for _, o := range overtook {
		if o {
			s.overtakers++
		}
	}
	for _, w := range s.workers {
		slices.Sort(w.waits)
	}
	slices.Sort(s.idle)
	return s
}

// overtakers returns how many got the lock while span i waited for it, though they had come
// later. It marks them.
func (r *recording) overtakers(i int, mark []bool) int {
	waiter := r.spans[i]
	first := sort.Search(i, func(j int) bool { return r.spans[j].got > waiter.want })
	n := 0
	for j := first; j < i; j++ {
		if r.spans[j].want > waiter.want && r.spans[j].got < waiter.got {
			mark[j] = true
			n++
		}
	}
	return n
}

// print writes the summary.
func (s summary) print(out io.Writer) {
	c := s.config
	fmt.Fprintf(out, "%s: %s for %v, %v inside, %v outside\n\n", s.title, s.recording.workers(), c.duration, c.work, c.rest)
	fmt.Fprintf(out, "%-13s %7s %7s %12s %12s\n", "", "holds", "share", "median wait", "longest")
	for i, w := range s.workers {
		share := 100 * float64(w.holds) / float64(max(1, len(s.spans)))
		fmt.Fprintf(out, "%-13s %7d %5.0f %% %12s %12s\n", s.worker(i), w.holds, share, short(median(w.waits)), short(last(w.waits)))
	}
	fmt.Fprintf(out, "\n%s\n", s.words())
	if len(s.idle) > 0 {
		fmt.Fprintf(out, "From a release until the next waiter had it: median %s, longest %s.\n", short(median(s.idle)), short(last(s.idle)))
	}
	fmt.Fprintf(out, "It was held for %.0f %% of the time, and by one for at most %s.\n",
		100*float64(s.heldAtAll)/float64(s.end()), short(s.heldLongest))
	if s.heldLongest > c.work+time.Millisecond {
		fmt.Fprintln(out, "That one had lost its processor meanwhile: the machine, or GOMAXPROCS, has too few.")
	}
	if s.overfull {
		fmt.Fprintf(out, "It ended early: one worker had it %d times, and no more are recorded.\n", maxSpans)
	}
}

// words says what the picture shows.
func (s summary) words() string {
	if len(s.spans) == 0 {
		return "No worker had it."
	}
	return fmt.Sprintf("Longest wait %s (%s). Of %d holds %d followed another's, and %d overtook; one wait was overtaken %d times.",
		short(s.longest.got-s.longest.want), s.worker(s.longest.worker), len(s.spans), s.handOffs, s.overtakers, s.overtaken)
}

// median returns the middle of what is sorted, or 0.
func median(sorted []time.Duration) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[len(sorted)/2]
}

func last(sorted []time.Duration) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[len(sorted)-1]
}

// short writes a time with a unit that suits it.
func short(d time.Duration) string {
	if d < time.Millisecond {
		return fmt.Sprintf("%.1f µs", float64(d)/float64(time.Microsecond))
	}
	return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond))
}
