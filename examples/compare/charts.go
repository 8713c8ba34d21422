// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"time"

	"github.com/osync-go/osync/examples/compare/foreign"
)

// draw writes all charts into a folder, and returns their names.
func draw(r *Report, dir string) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	var names []string
	var errs []error
	write := func(name string, p *picture) {
		if p != nil {
			names = append(names, name)
			errs = append(errs, p.write(dir, name))
		}
	}
	for _, part := range []struct {
		name, title string
		belongs     func(work) bool
	}{
		{"mutex", "Mutex", func(w work) bool { return w.kind == foreign.Uncontended || w.kind == foreign.Mutex }},
		{"rwlock", "Readers-writer lock", func(w work) bool { return w.kind == foreign.RWLock || w.kind == behind }},
		{"handover", "Hand-over, broadcast, many waiters", func(w work) bool {
			return !slices.Contains([]string{foreign.Uncontended, foreign.Mutex, foreign.RWLock, behind}, w.kind)
		}},
	} {
		write(part.name+"-goroutines.svg", board(r, part.title+": goroutines", false, part.belongs))
		write(part.name+"-threads.svg", board(r, part.title+": threads", true, part.belongs))
	}
	write("waits.svg", waitsChart(r))
	return names, errors.Join(errs...)
}

// contenders returns the peers of a chart, osync first: it has the first color.
func (r *Report) contenders(threads bool) []string {
	first, base := ours, baseline
	if threads {
		first, base = ourThreads, lockedSync
	}
	names := []string{first}
	for _, p := range r.Peers {
		if p.Threads == threads && p.Name != first && p.Name != base && p.Name != baseline2 {
			names = append(names, p.Name)
		}
	}
	if !threads {
		names = append(names, baseline2)
	}
	return names
}

// A panel is one figure of a board.
type panel struct {
	title  string
	scale  scale
	values func(row *Row) (Sample, bool)
}

// board draws a row for each cell, with a mark for each peer: where its time is, and beside that
// its longest wait and Jain's index. It returns nil if there is nothing to draw.
func board(r *Report, title string, threads bool, belongs func(work) bool) *picture {
	peers := r.contenders(threads)
	var cells []*Cell
	for i := range r.Cells {
		c := &r.Cells[i]
		if belongs(c.work) && slices.ContainsFunc(peers, func(p string) bool { return c.row(p) != nil }) {
			cells = append(cells, c)
		}
	}
	if len(cells) == 0 {
		return nil
	}
	peers = slices.DeleteFunc(peers, func(p string) bool {
		return p != peers[0] && !slices.ContainsFunc(cells, func(c *Cell) bool { return c.row(p) != nil })
	})
	to := "package sync"
	if threads {
		to = "package sync on locked goroutines"
	}
	ratio := func(figure string) func(row *Row) (Sample, bool) {
		return func(row *Row) (Sample, bool) {
			ratios := row.Ratios
			if threads {
				ratios = row.Locked
			}
			s, ok := ratios[figure]
			return s, ok && s.Median > 0
		}
	}
	panels := []panel{
		{title: "time", values: ratio(perOp)},
		{title: "p99.9 of the waits", values: ratio(p999)},
		{title: "longest wait", values: ratio(longest)},
		{title: "Jain's index", values: func(row *Row) (Sample, bool) { s, ok := row.Figures[index]; return s, ok }},
	}
	panels = slices.DeleteFunc(panels, func(p panel) bool { return len(p.all(cells, peers)) == 0 })
	const names, gap, height = 220.0, 26.0, 20.0
	const width = 1180.0
	each := (width - names - 30) / float64(len(panels))
	for i := range panels {
		left := names + float64(i)*each + gap/2
		right := left + each - gap
		if panels[i].title == "Jain's index" {
			panels[i].scale = scale{left: left, right: right, low: 0, high: 1, ticks: []float64{0, 0.25, 0.5, 0.75, 1}, label: func(x float64) string { return fmt.Sprint(x) }}
			continue
		}
		values := panels[i].all(cells, peers)
		for j := range values { // what is far off stands at the edge
			values[j] = min(50, max(0.02, values[j]))
		}
		panels[i].scale = logScale(left, right, append(values, 1), func(x float64) string { return fmt.Sprintf("%g×", x) })
	}

	p := newPicture(width, title, "Ratios to "+to+" in the same round, median of the rounds; left of 1× is better. Jain's index: 1 is an even share for all.")
	p.legend(peers, 20)
	top := p.y + 46
	bottom := top + height*float64(len(cells))
	for i := range cells {
		if i%2 == 0 {
			p.Rect(10, top+height*float64(i), width-20, height, `class="band"`)
		}
	}
	for _, panel := range panels {
		p.axis(panel.scale, panel.title, top, bottom)
	}
	for i, c := range cells {
		y := top + height*(float64(i)+0.5)
		p.text(20, y+4, "", c.Name)
		for _, panel := range panels {
			for j := len(peers) - 1; j >= 0; j-- { // osync's on top of the others
				p.value(panel, c.row(peers[j]), y, j)
			}
		}
	}
	p.y = bottom + 20
	return p
}

// all returns the values of a panel in all cells.
func (panel panel) all(cells []*Cell, peers []string) (values []float64) {
	for _, c := range cells {
		for _, name := range peers {
			if row := c.row(name); row != nil {
				if s, ok := panel.values(row); ok {
					values = append(values, s.Median)
				}
			}
		}
	}
	return values
}

// value draws the mark of a peer in a panel, and for osync the quartiles.
func (p *picture) value(panel panel, row *Row, y float64, i int) {
	if row == nil {
		return
	}
	s, ok := panel.values(row)
	if !ok {
		return
	}
	x, within := panel.scale.at(s.Median)
	if i == 0 {
		from, _ := panel.scale.at(s.Q1)
		to, _ := panel.scale.at(s.Q3)
		p.Line(from, y, to, y, `class="c0" stroke-width="2.5"`)
	}
	p.Group()
	p.mark(x, y, i, i == 0)
	p.Title(fmt.Sprintf("%s: %s", row.Peer, digits(s.Median)))
	p.Gend()
	if i == 0 && !within { // it is further off than the scale goes
		p.text(x, y-7, "faint mid", digits(s.Median))
	}
}

// typical are the cells of the chart of waits.
var typical = []work{
	{kind: foreign.Mutex, workers: 8, inside: time.Microsecond, outside: time.Microsecond},
	{kind: foreign.Mutex, workers: 32, inside: time.Microsecond, outside: time.Microsecond},
	{kind: foreign.Mutex, workers: 32, inside: 10 * time.Microsecond},
	{kind: foreign.RWLock, workers: 8, reads: 90, inside: 100 * time.Nanosecond},
}

// waitsChart draws for the typical cells how long the waits of each peer are: from half of them to the longest.
func waitsChart(r *Report) *picture {
	var cells []*Cell
	for i := range r.Cells {
		c := &r.Cells[i]
		if slices.Contains(typical, c.work) {
			cells = append(cells, c)
		}
	}
	var values []float64
	for _, c := range cells {
		for _, row := range c.Rows {
			for _, figure := range []string{p50, longest} {
				if x := row.Figures[figure].Median; x > 0 {
					values = append(values, x)
				}
			}
		}
	}
	if len(values) == 0 {
		return nil
	}
	const width, height = 980.0, 17.0
	s := logScale(170, width-30, values, func(x float64) string {
		return map[float64]string{1e1: "10 ns", 1e2: "100 ns", 1e3: "1 µs", 1e4: "10 µs", 1e5: "100 µs", 1e6: "1 ms", 1e7: "10 ms", 1e8: "100 ms", 1e9: "1 s"}[math.Round(x)]
	})
	p := newPicture(width, "How long Lock waits", "From left to right: half of the calls waited no longer, 99 %, 99.9 %, and the longest of all. The further left a line ends, the better.")
	for _, c := range cells {
		p.y += 52
		p.text(20, p.y-26, "head", c.Name)
		top := p.y
		p.y += 4
		bottom := top + height*float64(len(c.Rows)) + 6
		p.axis(s, "", top, bottom)
		for i := range c.Rows {
			row := &c.Rows[i]
			y := p.y + height*(float64(i)+0.5)
			class, text := "c7", "faint"
			switch row.Peer {
			case ours, ourThreads:
				class, text = "c0", "head"
			case baseline, lockedSync:
				class, text = "c1", ""
			}
			p.text(160, y+4, text+" end", row.Peer)
			p.spread(s, row, y, class)
		}
		p.y = bottom
	}
	p.y += 20
	return p
}

// spread draws the waits of one peer.
func (p *picture) spread(s scale, row *Row, y float64, class string) {
	at := func(figure string) float64 { x, _ := s.at(max(1, row.Figures[figure].Median)); return x }
	if len(row.Figures) == 0 {
		return
	}
	class = `class="` + class + `"`
	p.Line(at(p50), y, at(longest), y, class+` stroke-width="2"`)
	p.Circle(at(p50), y, 2.5, class)
	p.Circle(at(p99), y, 3.5, class)
	p.Circle(at(p999), y, 4.5, class)
	p.Rect(at(longest)-1.5, y-6, 3, 12, class)
}
