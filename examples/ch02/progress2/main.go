// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command progress2 shows a worker's progress as it comes: after each store the worker wakes
// the waiting reader.
//
// Watch for the end, which is known at once. There may still be fewer lines than items: a
// reader that was busy writing a line finds the newest number afterwards. The wait names the word
// and the number already seen, so it does not miss a wake between the load and the sleep.
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
	about = "Shows a worker's progress, with a wake-up for each step."
	items = 15
)

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	var done atomic.Uint32 // New: a word that park can wait for
	go func() {
		for i := range items {
			process(i)
			done.Store(uint32(i + 1))
			park.WakeAll(&done) // New: tell of the step
		}
	}()

	lines, seen := 0, uint32(0)
	for seen < items {
		park.Wait(&done, seen) // New: instead of a sleep; returns when done is not seen
		n := done.Load()
		if n < seen {
			return fmt.Errorf("the progress went back from %d to %d", seen, n)
		}
		if n > seen { // a wait may also end for no reason
			seen = n
			lines++
			fmt.Fprintf(out, "%3d of %d done\n", n, items)
		}
	}
	fmt.Fprintf(out, "%d steps, reported in %d lines\n", items, lines)
	if lines > items {
		return fmt.Errorf("%d lines for %d steps", lines, items)
	}
	return nil
}

// process takes about a quarter of a millisecond.
func process(int) {
	time.Sleep(250 * time.Microsecond)
}
