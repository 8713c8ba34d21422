// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command storebuffer shows the one reordering that amd64 has: a load that is done before an
// earlier store of its own thread can be seen. It is the litmus test SB, on plain machine
// instructions.
//
//	thread A      thread B       can both load 0?
//	store x, 1    store y, 1     In no order of these four steps. But a store waits in a
//	load  y       load  x        buffer until its CPU owns the cache line; the load does not.
//
// Watch for the count in the first line, and the zeros in the next: with a fence between the
// two, or with Go's atomics, both cannot load 0. These zeros are a claim, checked in every run.
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
	about = "Shows loads that are done before earlier stores can be seen (litmus test SB)."
	most  = 2_000_000
	limit = 700 * time.Millisecond
)

func main() { program.Main(about, run) }

// withAtomics is the same two steps by Go's atomics, which are sequentially consistent. On amd64 the
// store is an XCHG, which empties the buffer; on arm64 they are STLR and LDAR, which the CPU
// keeps in order.
func withAtomics(store, load *uint32) uint32 {
	atomic.StoreUint32(store, 1)
	return atomic.LoadUint32(load)
}

func run(out io.Writer) error {
	if plain == nil {
		return fmt.Errorf("there is no assembly for %s: %w", runtime.GOARCH, errors.ErrUnsupported)
	}
	fmt.Fprintf(out, "x = 1; load y  beside  y = 1; load x, on %s\n", runtime.GOARCH)
	for _, c := range []struct {
		name    string
		body    func(store, load *uint32) uint32
		ordered bool
	}{
		{"plain store and load", plain, false},
		{fence + " between", fenced, true},
		{"Go's atomics", withAtomics, true},
	} {
		both, runs := count(c.body)
		fmt.Fprintf(out, "%-22s both loaded 0 in %6d of %d runs (%.3f %%)\n", c.name, both, runs, 100*float64(both)/float64(runs))
		if c.ordered && both > 0 {
			if err := litmus.CheckCPU(); err != nil {
				return err // the claim is right, and this is no place to prove it
			}
			return fmt.Errorf("%s: both loaded 0 in %d of %d runs", c.name, both, runs)
		}
		if !c.ordered && both == 0 {
			fmt.Fprintf(out, "%-22s (not seen: it takes two CPUs at the same time; here are %d)\n", "", runtime.NumCPU())
		}
	}
	return nil
}

// count returns in how many runs both loads found 0.
func count(body func(store, load *uint32) uint32) (both, runs int) {
	var x, y, a, b [litmus.Batch]litmus.Word // a and b are what the threads loaded
	runs = litmus.Run(most, limit, func(i int) {
		if a[i].V == 0 && b[i].V == 0 {
			both++
		}
	}, litmus.Thread{
		Prepare: func(i int) { y[i].V = 0 },
		Run:     func(i int) { a[i].V = body(&x[i].V, &y[i].V) },
	}, litmus.Thread{
		Prepare: func(i int) { x[i].V = 0 },
		Run:     func(i int) { b[i].V = body(&y[i].V, &x[i].V) },
	})
	return both, runs
}
