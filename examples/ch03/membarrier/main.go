// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command membarrier shows a fence that one side issues for both: the rare side asks the kernel
// to make every running thread of the process execute a fence, so that the frequent side needs
// none.
//
// It is the test of storebuffer, with a plain store and load on one side and a system call
// between them on the other. An ordinary fence on the rare side alone is not enough: in a
// few runs both load 0, since nothing holds the frequent side's load back. Watch for the
// zero, and for what the call costs: it has to interrupt other CPUs. It pays where one side runs
// far more often, as readers do beside a rare writer: RCU, hazard pointers, reader-biased
// locks. Linux has it, and Windows as FlushProcessWriteBuffers.
package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/osync-go/osync/examples/internal/litmus"
	"github.com/osync-go/osync/examples/internal/program"
)

const (
	about = "Shows a fence that one side issues for both, by a system call (litmus test SB)."
	most  = 300_000
	limit = 700 * time.Millisecond
)

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	if plainStore == nil {
		return fmt.Errorf("there is no assembly for %s: %w", runtime.GOARCH, errors.ErrUnsupported)
	}
	barrier, err := newBarrier()
	if err != nil {
		return err
	}
	for _, c := range []struct {
		name    string
		between func()
		ordered bool
	}{
		{"nothing on both sides", func() {}, false},
		{"a fence on one side", fence, false},
		{"membarrier on one side", barrier, true},
	} {
		both, runs, took := count(c.between)
		fmt.Fprintf(out, "%-23s both loaded 0 in %5d of %6d runs; %.0f ns a run\n", c.name, both, runs,
			float64(took.Nanoseconds())/float64(runs))
		if !c.ordered && both == 0 {
			fmt.Fprintf(out, "%-23s (allowed, but not seen this time)\n", "")
		}
		if c.ordered && both > 0 {
			return fmt.Errorf("%s: both loaded 0 in %d of %d runs", c.name, both, runs)
		}
	}
	return nil
}

// count returns in how many runs both loads found 0. between is called between the store and the
// load of one side; the other has nothing there.
func count(between func()) (both, runs int, took time.Duration) {
	var x, y, a, b [litmus.Batch]litmus.Word // a and b are what the threads loaded
	// More stores in the buffers: many ahead of the frequent side's, which leaves late then,
	// and a few ahead of the rare side's, so that it does not run away.
	var ahead [litmus.Batch][8]litmus.Word
	var aheadRare [litmus.Batch][2]litmus.Word
	start := time.Now()
	runs = litmus.Run(most, limit, func(i int) {
		if a[i].V == 0 && b[i].V == 0 {
			both++
		}
	}, litmus.Thread{
		Prepare: func(i int) {
			set(aheadRare[i][:], 0)
			y[i].V = 0
		},
		Run: func(i int) { // the frequent side
			set(ahead[i][:], 1)
			plainStore(&x[i].V, 1)
			a[i].V = plainLoad(&y[i].V)
		},
	}, litmus.Thread{
		Prepare: func(i int) {
			set(ahead[i][:], 0)
			x[i].V = 0
		},
		Run: func(i int) { // the rare side
			set(aheadRare[i][:], 1)
			plainStore(&y[i].V, 1)
			between()
			b[i].V = plainLoad(&x[i].V)
		},
	})
	return both, runs, time.Since(start)
}

// set stores v in all words.
func set(words []litmus.Word, v uint32) {
	for i := range words {
		words[i].V = v
	}
}
