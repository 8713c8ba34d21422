// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command contention measures an operation on a word while another goroutine is busy with the
// same word, or with its neighbour.
//
// Watch for: loads do not disturb loads, since all cores may hold a copy of the line. A store takes
// all other copies away. So does an exchange, even a CompareAndSwap that fails and has changed
// nothing: it is why a spin lock should look (Load) before it tries (see mesi). -svg draws it.
// It wants two cores that are idle: where two processors are threads of one core, or others are
// busy, there is little to be seen.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/chart"
	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/examples/internal/rounds"
)

const about = `contention shows what an atomic operation costs while another core uses the same line.`

var svg = flag.String("svg", "", "draw the costs into this file")

func main() { program.Main(about, run) }

const times = 20_000

// Three words: two of one line, and one of another.
var line struct {
	_                [128]byte
	word, neighbour  atomic.Uint32
	_                [256]byte
	elsewhere, quits atomic.Uint32
	_                [256]byte
	batches          atomic.Uint32 // what the other goroutine has done, in hundreds
}

// What the other goroutine does, a few times until it looks whether it should end.
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

// What is measured.
var measured = []struct {
	name string
	loop func()
}{
	{"Load", func() {
		for range times {
			line.word.Load()
		}
	}},
	{"Store", func() {
		for range times {
			line.word.Store(0)
		}
	}},
	{"Swap", func() {
		for range times {
			line.word.Swap(0)
		}
	}},
}

// during calls f while another goroutine calls do again and again.
func during(do, f func()) {
	if do == nil {
		f()
		return
	}
	line.quits.Store(0)
	begun, ended := line.batches.Load(), make(chan struct{})
	go func() {
		defer close(ended)
		for line.quits.Load() == 0 {
			for range 100 {
				do()
			}
			line.batches.Add(1)
		}
	}()
	for line.batches.Load() == begun {
		runtime.Gosched()
	}
	f()
	line.quits.Store(1)
	<-ended
}

// timed returns how long loop takes. While the other goroutine is there but did not run at the
// same time, as it happens on a busy machine, it tries again, a few times.
func timed(loop func(), alone bool) (took time.Duration) {
	for range 4 {
		before, start := line.batches.Load(), time.Now()
		loop()
		took = time.Since(start)
		if alone || line.batches.Load()-before > 5 {
			break
		}
	}
	return took
}

func run(out io.Writer) error {
	if runtime.GOMAXPROCS(0) == 1 || runtime.NumCPU() == 1 {
		return fmt.Errorf("%w: there is one processor, so nothing happens at the same time", errors.ErrUnsupported)
	}
	fmt.Fprintf(out, "%-24s", "while another does")
	series := make([]chart.Series, len(measured))
	for i, m := range measured {
		series[i].Name = m.name
		fmt.Fprintf(out, "%12s", m.name)
	}
	fmt.Fprintln(out)
	for _, o := range others {
		var measures []func() time.Duration
		for _, m := range measured {
			measures = append(measures, func() time.Duration { return timed(m.loop, o.do == nil) })
		}
		var ns []float64
		during(o.do, func() { ns = rounds.Medians(7, measures...) })
		fmt.Fprintf(out, "%-24s", o.name)
		for i := range measured {
			each := ns[i] / times
			series[i].Y = append(series[i].Y, each)
			fmt.Fprintf(out, "%9.1f ns", each)
		}
		fmt.Fprintln(out)
	}
	if got := line.word.Load(); got != 0 {
		return fmt.Errorf("the word is %d: a CompareAndSwap that must fail has changed it", got)
	}
	if *svg == "" {
		return nil
	}
	return chart.Bars(*svg, chart.Labels{Title: "The cost of an operation while another core does …", Y: "ns"},
		[]string{"nothing", "Load", "Store", "Swap", "failing CAS", "neighbour", "other line"}, series...)
}
