// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/osync-go/osync/examples/internal/terminal"
)

// A screen is the text form of a Report as it grows.
type screen struct {
	bytes.Buffer
	paint terminal.Paint
}

func printText(w io.Writer, r *Report, color bool) error {
	s := &screen{paint: terminal.Colors(color)}
	s.system(r.System)
	s.primitives(r)
	s.locks(r.Locks)
	s.costs(r.Costs)
	s.sleeps(r.Sleeps)
	s.verdict(r)
	_, err := w.Write(s.Bytes())
	return err
}

// title begins a table.
func (s *screen) title(format string, columns ...any) {
	fmt.Fprintf(s, "\n%s\n", s.paint(terminal.Bold, fmt.Sprintf(format, columns...)))
}

// mark returns the first column of a row.
func (s *screen) mark(absent string, checks []Check) string {
	switch {
	case absent != "":
		return s.paint(terminal.Faint, "  --  ")
	case slices.ContainsFunc(checks, func(c Check) bool { return !c.OK }):
		return s.paint(terminal.Red, "FAIL  ")
	default:
		return s.paint(terminal.Green, "  ok  ")
	}
}

// failures tells under a row what went wrong.
func (s *screen) failures(checks []Check) {
	for _, c := range checks {
		if !c.OK {
			fmt.Fprintf(s, "      %s: %s\n", c.Name, s.paint(terminal.Red, c.Error))
		}
	}
}

func (s *screen) system(sys System) {
	version := sys.Version
	if version == "" {
		version = sys.OS
	}
	fmt.Fprintln(s, s.paint(terminal.Bold, fmt.Sprintf("osync %s on %s %s, CPUs %d, GOMAXPROCS %d, %s",
		sys.Osync, version, sys.Arch, sys.CPUs, sys.GOMAXPROCS, sys.Go)))
}

func (s *screen) primitives(r *Report) {
	const head = "the system has"
	width := max(21, len(head))
	for _, p := range r.Primitives {
		width = max(width, len(p.Name))
	}
	row := fmt.Sprintf("%%-%ds %%-8s%%s", width)
	s.title("      "+row, head, "since", "in order to")
	if len(r.Primitives) == 0 {
		fmt.Fprintf(s, "%sdoctor knows no primitives of this system yet\n", s.mark("absent", nil))
	}
	for _, p := range r.Primitives {
		var checks []Check
		if p.Check != nil {
			checks = []Check{*p.Check}
		}
		text := p.Purpose
		if p.Absent != "" {
			text = s.paint(terminal.Faint, p.Absent)
		}
		fmt.Fprintf(s, s.mark(p.Absent, checks)+row+"\n", p.Name, p.Since, text)
		s.failures(checks)
	}
}

func (s *screen) locks(locks []Lock) {
	widths := [2]int{21, 23}
	for _, l := range locks {
		widths[0], widths[1] = max(widths[0], len(l.Goroutines)), max(widths[1], len(l.Threads))
	}
	row := fmt.Sprintf("%%-21s %%-%ds %%-%ds %%s", widths[0], widths[1])
	s.title("      "+row, "waiting for", "goroutines sleep in", "pinned threads sleep in", "why")
	var reasons []string
	for _, l := range locks {
		if l.Absent != "" {
			fmt.Fprintf(s, "%s%-21s %s\n", s.mark(l.Absent, nil), l.Name, s.paint(terminal.Faint, l.Absent))
			continue
		}
		if !slices.Contains(reasons, l.Why) {
			reasons = append(reasons, l.Why)
		}
		number := s.paint(terminal.Faint, fmt.Sprintf("(%d)", 1+slices.Index(reasons, l.Why)))
		fmt.Fprintf(s, s.mark("", l.Checks)+row+"\n", l.Name, l.Goroutines, l.Threads, number)
		s.failures(l.Checks)
	}
	for i, text := range reasons {
		s.note(fmt.Sprintf("(%d) %s", i+1, text))
	}
}

// note writes text in a faint color, broken into lines.
func (s *screen) note(text string) {
	const indent = "      "
	for _, line := range terminal.Wrap(text, terminal.Width-len(indent)) {
		fmt.Fprintln(s, indent+s.paint(terminal.Faint, line))
	}
}

func (s *screen) costs(costs []Cost) {
	if len(costs) == 0 {
		return
	}
	s.title("  %-28s%8s%13s%8s%13s  ratio%10s%9s", "an operation costs", "osync", "min..max", "sync", "min..max", "longest", "sync")
	for _, c := range costs {
		if c.Error != "" {
			fmt.Fprintf(s, "%s%s: %s\n", s.paint(terminal.Red, "FAIL  "), c.Name, s.paint(terminal.Red, c.Error))
			continue
		}
		unit, scale := "ns", 1.0
		if max(c.Osync.Median, c.Sync.Median) >= 10_000 || min(c.Osync.Min, c.Sync.Min) >= 1000 && max(c.Osync.Max, c.Sync.Max) >= 100_000 {
			unit, scale = "µs", 1e-3
		}
		fmt.Fprintf(s, "  %-26s%s", c.Name, unit)
		for _, side := range []Sample{c.Osync, c.Sync} {
			spread := digits(side.Min*scale) + ".." + digits(side.Max*scale)
			fmt.Fprintf(s, "%8s%s", digits(side.Median*scale), s.paint(terminal.Faint, fmt.Sprintf(" %12s", spread)))
		}
		fmt.Fprint(s, s.ratio(c))
		if w := c.LongestWait; w != nil {
			fmt.Fprintf(s, "%10s%s", span(w.Osync), s.paint(terminal.Faint, fmt.Sprintf("%9s", span(w.Sync))))
		}
		fmt.Fprintln(s)
	}
	s.note("sync: the type of that name; beside park and futex sync.Cond")
}

func (s *screen) sleeps(sleeps []Sleep) {
	if len(sleeps) == 0 {
		return
	}
	s.title("  %-28s%10s%12s%12s  ratio", fmt.Sprintf("a sleep of %v ms ends late by", sleeps[0].Milliseconds), "median", "99 %", "worst")
	for _, row := range sleeps {
		switch {
		case row.Error != "":
			fmt.Fprintf(s, "%s%s: %s\n", s.paint(terminal.Red, "FAIL  "), row.Name, s.paint(terminal.Red, row.Error))
		case row.Absent != "":
			why := strings.TrimPrefix(row.Absent, "thread: SetRealtime: ")
			name := row.Name
			for _, line := range terminal.Wrap(why, terminal.Width-29) {
				fmt.Fprintf(s, "  %-26s %s\n", name, s.paint(terminal.Faint, line))
				name = ""
			}
		default:
			fmt.Fprintf(s, "  %-28s%10s%12s%12s%7s\n", row.Name, span(row.Median), span(row.Late99), span(row.Worst), digits(row.Ratio))
		}
	}
}

// ratio is green where osync was faster in all rounds than package sync in any, yellow
// where it was slower.
func (s *screen) ratio(c Cost) string {
	text := fmt.Sprintf("%7s", digits(c.Ratio))
	switch {
	case c.Osync.Max < c.Sync.Min:
		return s.paint(terminal.Green, text)
	case c.Osync.Min > c.Sync.Max:
		return s.paint(terminal.Yellow, text)
	}
	return text
}

// span returns a time with its unit.
func span(ns float64) string {
	if ns < 1e6 {
		return digits(ns/1e3) + " µs"
	}
	return digits(ns/1e6) + " ms"
}

// digits returns x with about three digits.
func digits(x float64) string {
	switch {
	case x < 10:
		return fmt.Sprintf("%.2f", x)
	case x < 100:
		return fmt.Sprintf("%.1f", x)
	default:
		return fmt.Sprintf("%.0f", x)
	}
}

func (s *screen) verdict(r *Report) {
	ok, all := r.passed()
	switch {
	case r.OK:
		fmt.Fprintf(s, "\n%s %d self-tests passed in %.1f s: what is ok was tried just now,\n"+
			"by putting threads to sleep and waking them. The option -h explains the lines.\n",
			s.paint(terminal.Green, "osync works here."), all, r.Seconds)
	case ok < all:
		fmt.Fprintf(s, "\n%s %d of %d self-tests failed, see FAIL above.\n",
			s.paint(terminal.Red, "osync does not work here."), all-ok, all)
	default:
		fmt.Fprintf(s, "\n%s All %d self-tests passed, but the measuring failed, see FAIL above.\n",
			s.paint(terminal.Red, "osync does not work here."), all)
	}
}
