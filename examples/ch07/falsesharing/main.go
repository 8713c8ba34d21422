// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command falsesharing lets two goroutines count, each in a word of its own, and moves the words
// apart. They share nothing, but a processor moves memory between its cores in lines of 64 or 128
// bytes: as long as both words lie in one line, each addition takes the line away from the other core.
//
// Watch for: the distance from which an addition costs no more than alone. That is the length of
// a line (twice as long where the processor fetches pairs of lines). It is why locks keep hot words
// apart. -svg draws it.
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
	"unsafe"

	"github.com/osync-go/osync/examples/ch07/internal/beside"
	"github.com/osync-go/osync/examples/internal/chart"
	"github.com/osync-go/osync/examples/internal/clock"
	"github.com/osync-go/osync/examples/internal/program"
)

const about = `falsesharing shows what it costs when two unshared words lie in one cache line.`

var svg = flag.String("svg", "", "draw the cost by distance into this `file`")

func main() { program.Main(about, run) }

const (
	times    = 10_000 // additions in a sample
	wordSize = 4
	longest  = 256 // bytes, more than any line
)

// memory begins at a multiple of the longest line, so that a distance below the length of a line
// stays in the line.
var memory = func() []atomic.Uint32 {
	m := make([]atomic.Uint32, 2*longest/wordSize+longest/wordSize)
	for uintptr(unsafe.Pointer(&m[0]))%longest != 0 {
		m = m[1:]
	}
	return m
}()

// count adds to the word.
func count(word *atomic.Uint32, times int) {
	for range times {
		word.Add(1)
	}
}

func run(out io.Writer) error {
	if err := beside.TwoProcessors(); err != nil {
		return err
	}
	var distances []float64
	var measures []beside.Measure
	samples := 0
	first := &memory[0]
	for d := wordSize; d <= longest; d *= 2 {
		other := &memory[d/wordSize]
		distances = append(distances, float64(d))
		measures = append(measures, func() (time.Duration, bool) {
			samples++
			return beside.Time(func() { count(first, times) }, func() { count(other, 100) })
		})
	}
	alone := func() (time.Duration, bool) {
		samples++
		start := clock.Now()
		count(first, times)
		return start.Elapsed(), true
	}
	before := first.Load() // what an earlier run has left
	all, err := beside.Measured(3*time.Second, append(measures, alone)...)
	if got, want := first.Load()-before, uint32(samples*times); got != want {
		return fmt.Errorf("the first word counted %d, want %d", got, want)
	}
	if err != nil {
		return err
	}
	last := len(distances) - 1
	fmt.Fprintf(out, "%-10s %6.1f ns an addition\n", "alone", all.Median(last+1)/times)
	apart := make([]float64, len(distances))
	for i, d := range distances {
		apart[i] = all.Median(i) / times
		fmt.Fprintf(out, "%3.0f bytes  %6.1f ns\n", d, apart[i])
	}
	step := all.Step(0, last)
	if err := step.Seen(); err != nil {
		return err
	}
	edge, err := all.Edge(len(distances))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nThe step is at %.0f bytes: in one line an addition costs %.1f times as much as in two\n"+
		"(the median of %d rounds; from %.1f to %.1f in the middle half of them).\n", distances[edge], step.Median, len(all), step.Low, step.High)
	if *svg == "" {
		return nil
	}
	title := fmt.Sprintf("Two unshared words: the step is at %.0f bytes", distances[edge])
	return chart.Lines(*svg, chart.Labels{Title: title, X: "bytes between them", Y: "ns for each addition"},
		chart.Series{Name: "both at once", X: distances, Y: apart})
}
