// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/osync-go/osync/examples/compare/foreign"
	"github.com/osync-go/osync/examples/internal/terminal"
)

// A Target is what osync wants to reach, and what it has reached: a ratio, or with Least a difference.
type Target struct {
	Name   string  `json:"name"`
	Got    float64 `json:"got"`
	Wanted float64 `json:"wanted"`          // at most, or with Least at least
	Cells  int     `json:"cells"`           // how many were measured for it
	Of     int     `json:"of"`              // how many belong to it
	Worst  string  `json:"worst,omitempty"` // the cell that is furthest from it
	Met    bool    `json:"met"`
	Least  bool    `json:"at_least,omitempty"`
}

// A goal says how a Target is computed: from a figure of each cell that belongs to it.
type goal struct {
	name    string
	wanted  float64
	least   bool // the figure is a difference, and wanted is its least
	mean    bool // the geometric mean instead of the worst
	belongs func(w work) bool
	figure  func(c *Cell) float64
}

func goals() []goal {
	is := func(kind string) func(work) bool {
		return func(w work) bool { return w.kind == kind && w.procs == 0 }
	}
	sized := func(kind string, n int) func(work) bool {
		return func(w work) bool { return w.kind == kind && w.procs == 0 && w.workers == n }
	}
	contended := func(w work) bool { return w.exclusive() && w.workers > 1 }
	reads := func(inside time.Duration, reads int) func(work) bool {
		return func(w work) bool { return w.shared() && w.workers > 1 && w.inside == inside && w.reads == reads }
	}
	const ns = time.Nanosecond
	return []goal{
		{"mutex, time, geometric mean", 0.82, false, true, work.exclusive, toSync(ours, perOp)},
		{"mutex, time, worst cell", 1.10, false, false, work.exclusive, toSync(ours, perOp)},
		{"mutex, p99.9, worst cell", 1.00, false, false, contended, toSync(ours, p999)},
		{"mutex, longest wait, worst cell", 1.00, false, false, contended, toSync(ours, longest)},
		{"mutex, longest wait, geometric mean", 1.00, false, true, contended, toSync(ours, longest)},
		{"mutex, p99.9 to the better of sync and parking_lot", 1.00, false, false, contended, toBest(ours, p999, baseline, parkingLot)},
		{"mutex, longest wait to the better of sync and parking_lot", 1.00, false, false, contended, toBest(ours, longest, baseline, parkingLot)},
		{"mutex, Jain's index less sync's, worst cell", 0, true, false, contended, toSync(ours, index)},
		{"RWMutex, time, geometric mean", 1.00, false, true, work.shared, toSync(ours, perOp)},
		{"RWMutex, time, worst cell", 1.50, false, false, work.shared, toSync(ours, perOp)},
		{"RWMutex, 99 % reads with 100 ns inside", 0.65, false, false, reads(100*ns, 99), toSync(ours, perOp)},
		{"RWMutex, 90 % reads with 100 ns inside", 0.90, false, false, reads(100*ns, 90), toSync(ours, perOp)},
		{"RWMutex, a reader behind a busy writer", 3.00, false, false, is(behind), toSync(ours, perOp)},
		{"Cond, hand-over", 1.10, false, false, is(foreign.PingPong), toSync(ours, perOp)},
		{"Cond, broadcast to 64", 1.30, false, false, sized(foreign.Broadcast, 64), toSync(ours, perOp)},
		{"Cond, hand-over with GOMAXPROCS=1", 1.10, false, false, func(w work) bool { return w.kind == foreign.PingPong && w.procs == 1 }, toSync(ours, perOp)},
		{
			"threads, mutex, worst cell, to the best of all", 1.10, false, false, work.exclusive,
			toBest(ourThreads, perOp, "glibc", "Rust std", parkingLot, lockedSync),
		},
		{"threads, condvar hand-over, to glibc", 1.00, false, false, is(foreign.PingPong), toBest(ourThreads, perOp, "glibc")},
		{"threads, broadcast to 64, to sync on threads", 1.00, false, false, sized(foreign.Broadcast, 64), toBest(ourThreads, perOp, lockedSync)},
		{"100,000 waiters, drain", 1.10, false, false, is(crowd), toSync(ours, perOp)},
	}
}

// toSync returns the ratio of a peer's figure to that of package sync, as the tables have it.
func toSync(peer, figure string) func(*Cell) float64 {
	return func(c *Cell) float64 { return c.row(peer).ratio(figure) }
}

// toBest returns the ratio of a peer's median to the lowest of others; NaN if none of them is there.
func toBest(peer, figure string, others ...string) func(*Cell) float64 {
	return func(c *Cell) float64 {
		best := math.NaN()
		for _, other := range others {
			if x := c.row(other).value(figure); !(x >= best) {
				best = x
			}
		}
		return c.row(peer).value(figure) / best
	}
}

// targets returns what r says of each goal that it has a cell for.
func targets(r *Report) []Target {
	var all []Target
	for _, g := range goals() {
		t := Target{Name: g.name, Wanted: g.wanted, Least: g.least}
		for _, w := range full() {
			if g.belongs(w) {
				t.Of++
			}
		}
		var figures []float64
		var names []string
		for i := range r.Cells {
			c := &r.Cells[i]
			if x := g.figure(c); g.belongs(c.work) && !math.IsNaN(x) && !math.IsInf(x, 0) {
				figures, names = append(figures, x), append(names, c.Name)
			}
		}
		if t.Cells = len(figures); t.Cells == 0 {
			continue
		}
		worst := slices.Index(figures, slices.Max(figures))
		if g.least {
			worst = slices.Index(figures, slices.Min(figures))
		}
		t.Got, t.Worst = figures[worst], names[worst]
		if g.mean {
			t.Got = geometric(figures)
		}
		if t.Met = t.Got <= t.Wanted; g.least {
			t.Met = t.Got >= t.Wanted
		}
		all = append(all, t)
	}
	return all
}

// targets prints them.
func (s *screen) targets(r *Report) {
	if len(r.Targets) == 0 {
		return
	}
	head := fmt.Sprintf("%-58s %8s  %-8s %-8s %s", "what osync wants to reach", "measured", "wanted", "cells", "worst of them")
	fmt.Fprintf(s.w, "\n%s\n", s.paint(terminal.Bold, head))
	for _, t := range r.Targets {
		sign, color := "≤ ", terminal.Green
		if t.Least {
			sign = "≥ "
		}
		if !t.Met {
			color = terminal.Red
		}
		worst := t.Worst
		if t.Cells == 1 {
			worst = ""
		}
		line := fmt.Sprintf("%-58s %s  %-8s %-8s %s", t.Name, s.paint(color, fmt.Sprintf("%8s", digits(t.Got))),
			sign+digits(t.Wanted), fmt.Sprintf("%d of %d", t.Cells, t.Of), worst)
		fmt.Fprintln(s.w, strings.TrimRight(line, " "))
	}
	fmt.Fprintf(s.w, "\nmeasured in %.0f s\n", r.Seconds)
}
