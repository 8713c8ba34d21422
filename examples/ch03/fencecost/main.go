// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command fencecost shows what it costs to order a store with what follows it, when no other
// CPU wants the cache line.
//
// Each row is one store and one way to order it, again and again on one CPU. Watch for the step
// from the weak fences to the full one: only a full fence, or an exchange, waits until the
// store can be seen. The exchange is what an atomic store of Go is on amd64; on arm64 it is STLR.
// The figures are this machine's, and nothing is claimed of them. -svg draws them.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"github.com/osync-go/osync/examples/internal/chart"
	"github.com/osync-go/osync/examples/internal/litmus"
	"github.com/osync-go/osync/examples/internal/program"
)

const (
	about  = "Shows what it costs to order a store with what follows it."
	rounds = 15
	stores = 50_000 // in one measurement
)

var svg = flag.String("svg", "", "also draw the figures, to this `file`")

func main() { program.Main(about, run) }

// A way is one way to order a store.
type way struct {
	name string
	loop func(word *uint32, n int) // stores n times
}

func run(out io.Writer) error {
	if len(ways) == 0 {
		return fmt.Errorf("there is no assembly for %s: %w", runtime.GOARCH, errors.ErrUnsupported)
	}
	var word litmus.Word
	ns := make([][]float64, len(ways))
	for range rounds { // interleaved: what disturbs the machine disturbs all rows
		for i, w := range ways {
			start := time.Now()
			w.loop(&word.V, stores)
			ns[i] = append(ns[i], float64(time.Since(start).Nanoseconds())/stores)
			if word.V != 1 {
				return fmt.Errorf("%s: the word is %d, want 1", w.name, word.V)
			}
			word.V = 0
		}
	}
	names, medians := make([]string, len(ways)), make([]float64, len(ways))
	for i, w := range ways {
		slices.Sort(ns[i])
		names[i], medians[i] = w.name, ns[i][rounds/2]
		fmt.Fprintf(out, "%-18s %6.2f ns, from %.2f to %.2f\n", w.name, medians[i], ns[i][0], ns[i][rounds-1])
	}
	if *svg == "" {
		return nil
	}
	return chart.Bars(*svg, chart.Labels{Title: "A store and its order, " + runtime.GOARCH, Y: "ns, median"},
		names, chart.Series{Name: "one thread", Y: medians})
}
