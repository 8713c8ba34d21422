// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/osync-go/osync/examples/internal/terminal"
)

// A screen is the text form of a Report. It grows with each cell.
type screen struct {
	w     io.Writer
	paint terminal.Paint
}

// A column is one figure of the rows.
type column struct {
	head, figure string
	width        int
	text         func(r *Row, figure string) string
}

var columns = []column{
	{"time/op", perOp, 8, figureText},
	{"ratio", perOp, 6, ratioText},
	{"quartiles", perOp, 11, quartilesText},
	{"p50", p50, 8, figureText},
	{"p99", p99, 8, figureText},
	{"p99.9", p999, 8, figureText},
	{"longest", longest, 8, figureText},
	{"×p99.9", p999, 7, ratioText},
	{"×longest", longest, 9, ratioText},
	{"Jain", index, 5, jainText},
	{"CPU/op", cpuTime, 8, figureText},
}

var crowdColumns = []column{
	{"drain/op", perOp, 8, figureText},
	{"ratio", perOp, 6, ratioText},
	{"quartiles", perOp, 11, quartilesText},
	{"CPU/op", cpuTime, 8, figureText},
	{"bytes", weight, 8, plainText},
	{"threads", count, 8, plainText},
}

// system says where this is.
func (s *screen) system(r *Report) {
	fmt.Fprintln(s.w, s.paint(terminal.Bold, fmt.Sprintf("%s/%s, %d CPUs%s, %s",
		r.System.OS, r.System.Arch, r.System.CPUs, optional(" (", r.System.CPU, ")"), r.System.Go)))
	for _, p := range r.Peers {
		fmt.Fprintf(s.w, "  %-17s %s\n", p.Name, p.About)
	}
	for _, n := range r.Notes {
		fmt.Fprintln(s.w, "  "+s.paint(terminal.Faint, n))
	}
}

func optional(before, text, after string) string {
	if text == "" {
		return ""
	}
	return before + text + after
}

// cell prints the rows of a cell.
func (s *screen) cell(c *Cell) {
	columns := columns
	if c.work.kind == crowd {
		columns = crowdColumns
	}
	fmt.Fprintf(s.w, "\n%s  %s\n", s.paint(terminal.Bold, c.Name), s.paint(terminal.Faint, c.machine()))
	head := fmt.Sprintf("  %-17s", "")
	for _, col := range columns {
		head += padLeft(col.head, col.width)
	}
	fmt.Fprintln(s.w, s.paint(terminal.Faint, head))
	for i := range c.Rows {
		r := &c.Rows[i]
		name := fmt.Sprintf("  %-17s", r.Peer)
		if r.Peer == ours || r.Peer == ourThreads {
			name = s.paint(terminal.Bold, name)
		}
		fmt.Fprint(s.w, name)
		if r.Error != "" {
			fmt.Fprintln(s.w, s.paint(terminal.Red, "  "+r.Error))
			continue
		}
		for _, col := range columns {
			fmt.Fprint(s.w, s.colored(r, col, padLeft(col.text(r, col.figure), col.width)))
		}
		fmt.Fprintln(s.w)
	}
}

// machine says how much of the machine others took.
func (c *Cell) machine() string {
	if c.Others < 0 {
		return "what others took of the machine is not known"
	}
	text := fmt.Sprintf("others took %.0f %%", 100*c.Others)
	if c.Repeated > 0 {
		text += fmt.Sprintf("; repeated %d", c.Repeated)
	}
	if c.Disturbed > 0 {
		text += fmt.Sprintf("; %d of %d rounds DISTURBED", c.Disturbed, c.Rounds)
	}
	return text
}

// colored shows a ratio in its color.
func (s *screen) colored(r *Row, col column, text string) string {
	ratio, ok := r.Ratios[col.figure]
	isRatio := col.head == "ratio" || strings.HasPrefix(col.head, "×")
	return s.verdict(ratio, ok && isRatio && r.Peer != baseline, text)
}

// verdict colors a ratio that is better or worse than 1 in three of four rounds.
func (s *screen) verdict(ratio Sample, ok bool, text string) string {
	switch {
	case ok && ratio.Q3 < 1:
		return s.paint(terminal.Green, text)
	case ok && ratio.Q1 > 1:
		return s.paint(terminal.Red, text)
	default:
		return text
	}
}

func padLeft(text string, width int) string {
	return strings.Repeat(" ", max(1, width-utf8.RuneCountInString(text))) + text
}

const nothing = "–"

func figureText(r *Row, figure string) string { return short(r.value(figure)) }

func ratioText(r *Row, figure string) string { return digits(r.ratio(figure)) }

func quartilesText(r *Row, figure string) string {
	q, ok := r.Ratios[figure]
	if !ok || r.Peer == baseline {
		return ""
	}
	return digits(q.Q1) + ".." + digits(q.Q3)
}

func jainText(r *Row, figure string) string { return digits(r.value(figure)) }

func plainText(r *Row, figure string) string {
	if x := r.value(figure); !math.IsNaN(x) {
		return fmt.Sprintf("%.0f", x)
	}
	return nothing
}

// digits writes x with as many digits as are of use.
func digits(x float64) string {
	switch {
	case math.IsNaN(x):
		return nothing
	case x < 10:
		return fmt.Sprintf("%.2f", x)
	case x < 100:
		return fmt.Sprintf("%.1f", x)
	default:
		return fmt.Sprintf("%.0f", x)
	}
}

// short writes a time in nanoseconds with three digits and a unit.
func short(ns float64) string {
	if math.IsNaN(ns) {
		return nothing
	}
	for _, unit := range []struct {
		size float64
		name string
	}{{1, "ns"}, {float64(time.Microsecond), "µs"}, {float64(time.Millisecond), "ms"}, {float64(time.Second), "s"}} {
		x := ns / unit.size
		switch {
		case x < 9.995:
			return fmt.Sprintf("%.2f%s", x, unit.name)
		case x < 99.95:
			return fmt.Sprintf("%.1f%s", x, unit.name)
		case x < 999.5 || unit.name == "s":
			return fmt.Sprintf("%.0f%s", x, unit.name)
		}
	}
	return nothing
}

// matrices print the ratios of all cells and peers, apart for goroutines and threads.
func (s *screen) matrices(r *Report) {
	var onGoroutines, onThreads []string
	for _, p := range r.Peers {
		switch {
		case p.Threads && p.Name != lockedSync:
			onThreads = append(onThreads, p.Name)
		case !p.Threads && p.Name != baseline:
			onGoroutines = append(onGoroutines, p.Name)
		}
	}
	toSync := func(r *Row) map[string]Sample { return r.Ratios }
	toLocked := func(r *Row) map[string]Sample { return r.Locked }
	s.matrix(r, "goroutines: time, ratios to package sync", onGoroutines, perOp, toSync)
	s.matrix(r, "goroutines: longest wait, ratios to package sync", onGoroutines, longest, toSync)
	s.matrix(r, "threads: time, ratios to package sync on locked goroutines", onThreads, perOp, toLocked)
	s.matrix(r, "threads: longest wait, ratios to package sync on locked goroutines", onThreads, longest, toLocked)
}

// matrix prints a figure's ratios of some peers in all cells.
func (s *screen) matrix(r *Report, title string, peers []string, figure string, ratios func(*Row) map[string]Sample) {
	const width = 9
	first := 31
	for i := range r.Cells {
		first = max(first, 2+utf8.RuneCountInString(r.Cells[i].Name))
	}
	// A name may be longer than a column: it is broken over two lines.
	var lines [2]string
	for _, p := range peers {
		head, tail := "", p
		if i := strings.LastIndexAny(p, "-_: "); i > 0 && len(p) >= width {
			head, tail = strings.TrimRight(p[:i], ":"), strings.TrimLeft(p[i:], ": ")
		}
		lines[0] += padLeft(head, width)
		lines[1] += padLeft(tail, width)
	}
	begun := false
	for i := range r.Cells {
		c := &r.Cells[i]
		line, any := fmt.Sprintf("%-*s", first, "  "+c.Name), false
		for _, p := range peers {
			text, sample, ok := "", Sample{}, false
			if row := c.row(p); row != nil {
				sample, ok = ratios(row)[figure]
			}
			if ok {
				text, any = digits(sample.Median), true
			}
			line += s.verdict(sample, ok, padLeft(text, width))
		}
		if any && !begun {
			begun = true
			fmt.Fprintf(s.w, "\n%s\n", s.paint(terminal.Bold, title))
			for _, line := range lines {
				if line = strings.TrimRight(line, " "); line != "" {
					fmt.Fprintln(s.w, s.paint(terminal.Faint, strings.Repeat(" ", first)+line))
				}
			}
		}
		if any {
			fmt.Fprintln(s.w, strings.TrimRight(line, " "))
		}
	}
}
