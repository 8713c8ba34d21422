// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command progress1 shows a worker's progress: the worker stores a number, and main loads it
// from time to time.
//
// Watch for the lines: some numbers are never shown and others may be shown twice, since
// nothing tells the reader of a change. It also learns of the end late, by up to one period.
// In progress2 the worker wakes it.
package main

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
)

const (
	about  = "Shows a worker's progress, polled from time to time."
	items  = 40
	period = 5 * time.Millisecond
)

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	var done atomic.Int64 // written by the worker alone: Store is enough, no Add
	go func() {
		for i := range items {
			process(i)
			done.Store(int64(i + 1))
		}
	}()

	last := int64(0)
	for last < items {
		n := done.Load()
		fmt.Fprintf(out, "%3d of %d done\n", n, items)
		if n < last {
			return fmt.Errorf("the progress went back from %d to %d", last, n)
		}
		if last = n; n < items {
			time.Sleep(period)
		}
	}
	return nil
}

// process takes about a quarter of a millisecond.
func process(int) {
	time.Sleep(250 * time.Microsecond)
}
