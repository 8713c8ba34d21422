// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command seqcst shows an algorithm that release and acquire order are not enough for: both
// raise a flag, and go in if the other's flag is down.
//
// Each stores and then loads another word: the shape of storebuffer. Were the loads done
// before the stores are seen, both would find the flags down and go in. Go's atomics are in one
// order for all, so at least one of the two sees the other. Watch for the zero, and for
// the runs in which each saw the other and none went in: that is safe, and not yet a lock.
package main

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/litmus"
	"github.com/osync-go/osync/examples/internal/program"
)

const (
	about = "Shows an algorithm that needs sequential consistency: both raise a flag, and look."
	most  = 1_000_000
	limit = 700 * time.Millisecond
)

func main() { program.Main(about, run) }

// A side is one of the two, in one run.
type side struct {
	flag atomic.Bool
	_    [124]byte // the other side's flag is on another cache line
}

func run(out io.Writer) error {
	var a, b [litmus.Batch]side
	var text [litmus.Batch]int // of each run: whoever is in may add to it, without a lock
	var inA, inB [litmus.Batch]bool
	var entered [3]int // the number of runs in which none, one, both went in
	runs := litmus.Run(most, limit, func(i int) {
		n := 0
		for _, in := range []bool{inA[i], inB[i]} {
			if in {
				n++
			}
		}
		entered[n]++
	}, enter(&a, &b, &text, &inA), enter(&b, &a, &text, &inB))
	fmt.Fprintf(out, "%d runs: in %d one went in, in %d none, in %d both\n", runs, entered[1], entered[0], entered[2])
	if entered[2] > 0 {
		if err := litmus.CheckCPU(); err != nil {
			return err // the claim is right, and this is no place to prove it
		}
		return fmt.Errorf("both went in, in %d of %d runs", entered[2], runs)
	}
	return nil
}

// enter returns a thread that goes in if the other's flag is down.
func enter(mine, others *[litmus.Batch]side, text *[litmus.Batch]int, in *[litmus.Batch]bool) litmus.Thread {
	return litmus.Thread{
		Prepare: func(i int) { others[i].flag.Store(false) },
		Run: func(i int) {
			mine[i].flag.Store(true)
			if in[i] = !others[i].flag.Load(); in[i] {
				text[i]++
			}
		},
	}
}
