// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command progress3 shows the progress of several workers that count on one number.
//
// Watch for the last line. Now Store would be wrong: two workers would both read 7 and both
// store 8. Add is one indivisible step, so every item counts. The wait and the
// lines are those of progress2.
package main

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks/park"
)

const (
	about   = "Shows the progress of several workers on one number."
	workers = 4
	items   = 40 // in all
)

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	var done atomic.Uint32
	var each [workers]int // New: each worker counts for itself, too
	for w := range workers {
		go func() {
			for i := w; i < items; i += workers {
				process(i)
				each[w]++
				done.Add(1) // New: Add instead of Store
				park.WakeAll(&done)
			}
		}()
	}

	lines, seen := 0, uint32(0)
	for seen < items {
		park.Wait(&done, seen)
		n := done.Load()
		if n < seen {
			return fmt.Errorf("the progress went back from %d to %d", seen, n)
		}
		if n/10 > seen/10 { // New: a line for every ten
			fmt.Fprintf(out, "%3d of %d done\n", n, items)
		}
		if n > seen {
			lines++
		}
		seen = n
	}

	// The last Add of each worker came before our Load, so what it counted can be read.
	sum := 0
	for _, n := range each {
		sum += n
	}
	fmt.Fprintf(out, "%d items by %d workers %v, news came %d times\n", seen, workers, each, lines)
	if seen != items || sum != items {
		return fmt.Errorf("the workers did %d items and counted %d, want %d", sum, seen, items)
	}
	return nil
}

// process takes about a quarter of a millisecond.
func process(int) {
	time.Sleep(250 * time.Microsecond)
}
