// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command iriw shows whether two readers can see two independent writes in different orders. It
// is the litmus test IRIW, on plain machine instructions.
//
//	writer 1      writer 2      reader A             reader B
//	store x, 1    store y, 1    load x 1, load y 0   load y 1, load x 0
//
// A saw x first, B saw y first. amd64 and arm64 CPUs have one memory that a store reaches for all
// at once, so it takes loads out of order to see this: never on amd64, possibly on arm64 with
// plain loads, and never with acquire loads or Go's atomics. POWER CPUs can show it even
// then. Watch for the runs in which it could have been seen, those in which each reader saw
// one of the two: with fewer than four CPUs these are few.
package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/litmus"
	"github.com/osync-go/osync/examples/internal/program"
)

const (
	about = "Shows whether two readers can see two writes in different orders (litmus test IRIW)."
	most  = 1_000_000
	limit = 700 * time.Millisecond
)

func main() { program.Main(about, run) }

// A variant is one way to write the six steps.
type variant struct {
	name    string
	store   func(word *uint32)
	load2   func(first, second *uint32) (f, s uint32)
	ordered bool // all agree on the order of the stores
}

var withAtomics = variant{
	name:  "Go's atomics",
	store: func(word *uint32) { atomic.StoreUint32(word, 1) },
	load2: func(first, second *uint32) (f, s uint32) {
		f = atomic.LoadUint32(first)
		return f, atomic.LoadUint32(second)
	},
	ordered: true,
}

func run(out io.Writer) error {
	if len(variants) == 0 {
		return fmt.Errorf("there is no assembly for %s: %w", runtime.GOARCH, errors.ErrUnsupported)
	}
	fmt.Fprintf(out, "x = 1, y = 1, load x; load y, load y; load x on %s, 4 threads on %d CPUs\n", runtime.GOARCH, runtime.NumCPU())
	for _, v := range append(variants, withAtomics) {
		differ, both, runs := count(v)
		fmt.Fprintf(out, "%-24s %d runs, each reader saw one write in %d, and they differ in %d\n", v.name, runs, both, differ)
		if v.ordered && differ > 0 {
			return fmt.Errorf("%s: the readers differ in %d of %d runs", v.name, differ, runs)
		}
		if !v.ordered && differ == 0 {
			fmt.Fprintf(out, "%-24s (allowed, but not seen this time)\n", "")
		}
	}
	return nil
}

// count returns in how many runs the readers saw the writes in different orders, in how many each
// saw only one of them, and how many runs there were.
func count(v variant) (differ, both, runs int) {
	var x, y [litmus.Batch]litmus.Word
	var a, b [litmus.Batch]struct{ first, second litmus.Word } // what the readers loaded
	runs = litmus.Run(most, limit, func(i int) {
		aOne := a[i].first.V+a[i].second.V == 1
		bOne := b[i].first.V+b[i].second.V == 1
		if aOne && bOne {
			both++
			if a[i].first.V == 1 && b[i].first.V == 1 {
				differ++
			}
		}
	}, litmus.Thread{
		Prepare: func(i int) { y[i].V = 0 }, // its second load is the quick one
		Run:     func(i int) { a[i].first.V, a[i].second.V = v.load2(&x[i].V, &y[i].V) },
	}, litmus.Thread{
		Prepare: func(i int) { x[i].V = 0 },
		Run:     func(i int) { b[i].first.V, b[i].second.V = v.load2(&y[i].V, &x[i].V) },
	}, litmus.Thread{
		Prepare: func(int) {},
		Run:     func(i int) { v.store(&x[i].V) },
	}, litmus.Thread{
		Prepare: func(int) {},
		Run:     func(i int) { v.store(&y[i].V) },
	})
	return differ, both, runs
}
