// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command falsesharing lets two goroutines count, each in a word of its own, and moves the words
// apart. They share nothing, but the processor moves memory between its cores in lines of 64 or 128
// bytes: as long as both words lie in one line, each addition takes the line away from the other.
//
// Watch for: the distance from which an addition costs no more than alone. That is the length of
// a line (twice as long where the processor fetches pairs). It is why locks keep hot words apart.
// -svg draws it. Where two processors are threads of one core, or others are
// busy, there is no step.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/examples/internal/chart"
	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/examples/internal/rounds"
)

const about = `falsesharing shows what it costs when two words that nobody shares lie in one cache line.`

var svg = flag.String("svg", "", "draw the cost by distance into this file")

func main() { program.Main(about, run) }

const (
	times    = 30_000
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

// count lets a goroutine count in each of the words, at the same time, and returns how long it
// took.
func count(words ...*atomic.Uint32) time.Duration {
	var wg sync.WaitGroup
	var ready atomic.Int32
	start := time.Now()
	for _, w := range words {
		wg.Go(func() {
			for ready.Add(1); int(ready.Load()) < len(words); {
				// Begin together, each on a processor of its own.
			}
			for range times {
				w.Add(1)
			}
		})
	}
	wg.Wait()
	return time.Since(start)
}

func run(out io.Writer) error {
	if runtime.GOMAXPROCS(0) == 1 || runtime.NumCPU() == 1 {
		return fmt.Errorf("%w: there is one processor, and its cache is shared with nobody", errors.ErrUnsupported)
	}
	const n = 9
	var distances []float64
	var measures []func() time.Duration
	for d := wordSize; d <= longest; d *= 2 {
		distances = append(distances, float64(d))
		measures = append(measures, func() time.Duration { return count(&memory[0], &memory[d/wordSize]) })
	}
	first := memory[0].Load() // what an earlier run has left
	alone := func() time.Duration { return count(&memory[0]) }
	ns := rounds.Medians(n, append(measures, alone)...)
	for i := range ns {
		ns[i] /= times
	}
	apart := ns[:len(distances)]
	fmt.Fprintf(out, "%-10s %6.1f ns an addition\n", "alone", ns[len(apart)])
	for i, d := range distances {
		fmt.Fprintf(out, "%3.0f bytes  %6.1f ns\n", d, apart[i])
	}
	if ratio := apart[0] / apart[len(apart)-1]; ratio > 1.5 {
		fmt.Fprintf(out, "In one line an addition costs %.1f times as much as in two.\n", ratio)
	} else {
		fmt.Fprintln(out, "No step to be seen here: the two ran on one core, or not at the same time.")
	}
	if got, want := memory[0].Load()-first, uint32(n*times*len(ns)); got != want {
		return fmt.Errorf("the first word counted %d, want %d", got, want)
	}
	if *svg == "" {
		return nil
	}
	return chart.Lines(*svg, chart.Labels{Title: "Two words that nobody shares", X: "bytes between them", Y: "ns an addition"},
		chart.Series{Name: "both at once", X: distances, Y: apart})
}
