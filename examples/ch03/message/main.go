// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command message shows whether a message can arrive before what it tells of. It is the litmus
// test MP, on plain machine instructions.
//
//	writer          reader            can it load flag 1, and then data 0?
//	store data, 1   load flag         On amd64 never: stores are seen in their order, and
//	store flag, 1   load data         loads are done in theirs. On arm64 it can, both ways.
//
// Watch for the zeros. Where the CPU promises nothing a count is shown (and may be zero); with a
// release store and an acquire load of the flag, or with Go's atomics, zero is a claim, and on
// amd64 it is for plain instructions, too. That the CPU keeps the order is no licence for
// plain variables in Go: the compiler may change it.
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
	about = "Shows whether a message can arrive before what it tells of (litmus test MP)."
	most  = 2_000_000
	limit = 500 * time.Millisecond
)

func main() { program.Main(about, run) }

// A variant is one way to write the four steps.
type variant struct {
	name    string
	store2  func(first, second *uint32)
	load2   func(first, second *uint32) (f, s uint32)
	ordered bool // the message never comes first
}

// withAtomics has the flag, which comes second here and first there, in Go's atomics. The data
// is plain: that is what the flag is for.
var withAtomics = variant{
	name: "flag in Go's atomics",
	store2: func(data, flag *uint32) {
		*data = 1
		atomic.StoreUint32(flag, 1)
	},
	load2: func(flag, data *uint32) (f, d uint32) {
		if f = atomic.LoadUint32(flag); f == 1 {
			d = *data // only then: before, the writer may be at it
		}
		return f, d
	},
	ordered: true,
}

func run(out io.Writer) error {
	if len(variants) == 0 {
		return fmt.Errorf("there is no assembly for %s: %w", runtime.GOARCH, errors.ErrUnsupported)
	}
	fmt.Fprintf(out, "data = 1; flag = 1  beside  load flag; load data, on %s\n", runtime.GOARCH)
	for _, v := range append(variants, withAtomics) {
		late, arrived, runs := count(v)
		fmt.Fprintf(out, "%-28s %d runs, flag seen in %d, without the data in %d\n", v.name, runs, arrived, late)
		if v.ordered && late > 0 {
			return fmt.Errorf("%s: the flag was seen without the data in %d of %d runs", v.name, late, runs)
		}
		if !v.ordered && late == 0 {
			fmt.Fprintf(out, "%-28s (allowed, but not seen this time)\n", "")
		}
	}
	return nil
}

// count returns in how many runs the flag was seen without the data, in how many it was seen,
// and how many there were.
func count(v variant) (late, arrived, runs int) {
	var data, flag, f, d [litmus.Batch]litmus.Word // f and d are what the reader loaded
	runs = litmus.Run(most, limit, func(i int) {
		if f[i].V == 1 {
			arrived++
			if d[i].V == 0 {
				late++
			}
		}
	}, litmus.Thread{
		Prepare: func(i int) { flag[i].V = 0 },
		Run:     func(i int) { v.store2(&data[i].V, &flag[i].V) },
	}, litmus.Thread{
		Prepare: func(i int) { data[i].V = 0 },
		Run:     func(i int) { f[i].V, d[i].V = v.load2(&flag[i].V, &data[i].V) },
	})
	return late, arrived, runs
}
