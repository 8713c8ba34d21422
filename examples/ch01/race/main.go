// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command race shows what a data race does to a counter. It races on purpose: it is not for
// the race detector, which would end it.
//
// Two goroutines add to a plain variable. Each addition reads, adds and writes, and what the
// other wrote in between is lost. Watch for how much that is, and that it differs from run to
// run. On one processor it may be nothing, unless one of them stops at the wrong place: the second line.
package main

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
)

const (
	about    = "Shows what a data race does to a counter."
	patience = 100 * time.Millisecond // for a loss to show itself
	burst    = 10_000                 // additions between two looks at the clock
	slow     = 1000
)

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	plain := new(int64) // by pointer, so that each addition goes to memory
	made := race(func() { *plain++ })
	fmt.Fprintf(out, "plain variable        %10d of %10d additions, %d lost\n", *plain, made, made-*plain)
	if *plain == made {
		fmt.Fprintln(out, "                      (none seen lost: the goroutines hardly ran at the same time)")
	}

	*plain = 0
	twice(func() {
		for range slow {
			n := *plain
			runtime.Gosched() // the same gap between reading and writing, only longer
			*plain = n + 1
		}
	})
	fmt.Fprintf(out, "with a pause inside   %10d of %10d additions, %d lost\n", *plain, 2*slow, 2*slow-*plain)

	var word atomic.Int64
	made = race(func() { word.Add(1) })
	fmt.Fprintf(out, "atomic.Int64          %10d of %10d additions\n", word.Load(), made)
	if word.Load() != made {
		return fmt.Errorf("the atomic counter is %d, want %d", word.Load(), made)
	}
	return nil
}

// race calls add in two goroutines for some time, and returns how often.
func race(add func()) int64 {
	var made atomic.Int64
	start := time.Now()
	twice(func() {
		for time.Since(start) < patience {
			for range burst {
				add()
			}
			made.Add(burst)
		}
	})
	return made.Load()
}

// twice calls f in two goroutines, and returns when both have ended.
func twice(f func()) {
	var wg sync.WaitGroup
	wg.Go(f)
	wg.Go(f)
	wg.Wait()
}
