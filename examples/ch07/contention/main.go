// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command contention measures an operation on a word while another goroutine is busy with the
// same word, or with its neighbour.
//
// Watch for: loads do not disturb loads, since all cores may hold a copy of the line. A store takes
// all other copies away. So does an exchange, even a CompareAndSwap that fails and has changed
// nothing: it is why a spin lock should look (Load) before it tries (see mesi). -svg draws it.
//
// Only samples in which both goroutines ran all the time count. The program ends with a reason if
// the machine is too busy for that, or if it has a single processor.
package main

import (
	"flag"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/ch07/internal/beside"
	"github.com/osync-go/osync/examples/internal/chart"
	"github.com/osync-go/osync/examples/internal/clock"
	"github.com/osync-go/osync/examples/internal/program"
)

const about = `contention shows what an atomic operation costs while another core uses the same line.`

var svg = flag.String("svg", "", "draw the costs into this `file`")

func main() { program.Main(about, run) }

// Three words: two of one line, and one of another.
var line struct {
	_               [128]byte
	word, neighbour atomic.Uint32
	_               [256]byte
	elsewhere       atomic.Uint32
	_               [256]byte
}

// What the other goroutine does.
var others = []struct {
	name string
	do   func()
}{
	{"nothing", nil},
	{"Load", func() { line.word.Load() }},
	{"Store", func() { line.word.Store(0) }},
	{"Swap", func() { line.word.Swap(0) }},
	{"CompareAndSwap, fails", func() { line.word.CompareAndSwap(1, 2) }},
	{"Store to its neighbour", func() { line.neighbour.Store(1) }},
	{"Store to another line", func() { line.elsewhere.Store(1) }},
}

// Rows of others that a statement is made of.
const store, neighbour, elsewhere = 2, 5, 6

// What is measured, in samples of about the same length.
var measured = []struct {
	name  string
	times int
	loop  func(times int)
}{
	{"Load", 200_000, func(times int) {
		for range times {
			line.word.Load()
		}
	}},
	{"Store", 10_000, func(times int) {
		for range times {
			line.word.Store(0)
		}
	}},
	{"Swap", 10_000, func(times int) {
		for range times {
			line.word.Swap(0)
		}
	}},
}

// The column of measured that a statement is made of.
const stores = 1

// measures returns a measure for each cell of the table, row by row.
func measures() []beside.Measure {
	var all []beside.Measure
	for _, o := range others {
		for _, m := range measured {
			all = append(all, func() (time.Duration, bool) {
				if o.do == nil {
					start := clock.Now()
					m.loop(m.times)
					return start.Elapsed(), true
				}
				return beside.Time(func() { m.loop(m.times) }, func() {
					for range 100 {
						o.do()
					}
				})
			})
		}
	}
	return all
}

func run(out io.Writer) error {
	if err := beside.TwoProcessors(); err != nil {
		return err
	}
	all, err := beside.Measured(3*time.Second, measures()...)
	if got := line.word.Load(); got != 0 {
		return fmt.Errorf("the word is %d: a CompareAndSwap that must fail has changed it", got)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%-24s", "while another does")
	series := make([]chart.Series, len(measured))
	for i, m := range measured {
		series[i].Name = m.name
		fmt.Fprintf(out, "%12s", m.name)
	}
	fmt.Fprintln(out)
	var names []string
	for row, o := range others {
		names = append(names, o.name)
		fmt.Fprintf(out, "%-24s", o.name)
		for i, m := range measured {
			each := all.Median(row*len(measured)+i) / float64(m.times)
			series[i].Y = append(series[i].Y, each)
			fmt.Fprintf(out, "%9.1f ns", each)
		}
		fmt.Fprintln(out)
	}
	cell := func(row int) int { return row*len(measured) + stores }
	same := all.Step(cell(store), cell(elsewhere))
	if err := same.Seen(); err != nil {
		return err
	}
	near := all.Step(cell(neighbour), cell(elsewhere))
	fmt.Fprintf(out, "\nBeside a core that stores to the same word, a Store costs %.1f times as much as beside one that\n"+
		"stores to another line (the median of %d rounds; from %.1f to %.1f in the middle half of them);\n"+
		"beside one that stores to the neighbour, %.1f times.\n", same.Median, len(all), same.Low, same.High, near.Median)
	if *svg == "" {
		return nil
	}
	return chart.Bars(*svg, chart.Labels{Title: "An operation while another core does …", Y: "ns"}, names, series...)
}
