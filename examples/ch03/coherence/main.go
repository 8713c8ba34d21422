// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command coherence shows what even plain loads and stores promise, as long as there is only
// one word: all threads see its values in one order. It is the litmus test CoRR.
//
//	writer        reader A           reader B
//	store x, 1    load x, load x     load x, load x
//	store x, 2    load x, load x     load x, load x
//	...
//
// No reader ever sees an older value after a newer one. This is all that Rust and C promise of
// relaxed atomics; Go has none, and these are machine instructions. Watch for how often a
// reader saw x change from one load to the next: only there something could go wrong.
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
	about = "Shows that all threads see the values of one word in one order (litmus test CoRR)."
	most  = 1_000_000
	limit = 500 * time.Millisecond
)

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	if load2 == nil {
		return fmt.Errorf("there is no assembly for %s: %w", runtime.GOARCH, errors.ErrUnsupported)
	}
	var x litmus.Word
	var readers [2]struct {
		last          uint32
		forward, back int
		_             [64]byte // a reader's numbers are on a cache line of their own
	}
	read := func(n int) litmus.Thread {
		r := &readers[n]
		return litmus.Thread{Prepare: func(int) {}, Run: func(int) {
			first, second := load2(&x.V, &x.V)
			for _, now := range [2]uint32{first, second} {
				switch {
				case now > r.last:
					r.forward++
				case now < r.last:
					r.back++
				}
				r.last = now
			}
		}}
	}
	written := uint32(0)
	write := litmus.Thread{Prepare: func(int) {}, Run: func(int) {
		written++
		store(&x.V, written)
	}}
	runs := litmus.Run(most, limit, func(int) {}, write, read(0), read(1))
	forward, back := readers[0].forward+readers[1].forward, readers[0].back+readers[1].back
	fmt.Fprintf(out, "plain loads on %s: %d runs, x went forward for a reader %d times, and back %d times\n",
		runtime.GOARCH, runs, forward, back)
	if back > 0 {
		return fmt.Errorf("x went back for a reader %d times", back)
	}
	return nil
}
