// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command race shows what a data race does to a counter. It races on purpose: it is not for
// the race detector, which would end it.
//
// Two goroutines add to a plain variable. Each addition reads, adds and writes, and what the
// other wrote in between is lost. Watch for how much that is, and that it differs from run to
// run; on a single processor it may be nothing, and then the bug is still there.
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
	rounds   = 100_000
	slow     = 1000
	patience = 300 * time.Millisecond // for a loss to show itself
)

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	plain := new(int64) // by pointer, so that each addition goes to memory
	want := int64(0)
	for start := time.Now(); *plain == want && time.Since(start) < patience; want += 2 * rounds {
		together(func() {
			for range rounds {
				*plain++
			}
		})
	}
	fmt.Fprintf(out, "plain variable        %8d of %8d additions, %d lost\n", *plain, want, want-*plain)
	if *plain == want {
		fmt.Fprintln(out, "                      (none seen lost: the goroutines hardly ran at the same time)")
	}

	*plain = 0
	together(func() {
		for range slow {
			n := *plain
			runtime.Gosched() // the same gap between reading and writing, only longer
			*plain = n + 1
		}
	})
	fmt.Fprintf(out, "with a pause inside   %8d of %8d additions, %d lost\n", *plain, 2*slow, 2*slow-*plain)

	var word atomic.Int64
	together(func() {
		for range rounds {
			word.Add(1)
		}
	})
	fmt.Fprintf(out, "atomic.Int64          %8d of %8d additions\n", word.Load(), 2*rounds)
	if word.Load() != 2*rounds {
		return fmt.Errorf("the atomic counter is %d, want %d", word.Load(), 2*rounds)
	}
	return nil
}

// together calls f in two goroutines at once, and returns when both have ended.
func together(f func()) {
	var ready atomic.Int32
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			ready.Add(1)
			for spins := 0; ready.Load() < 2; spins++ {
				if spins > 100_000 { // the other one seems to lack a processor: take turns
					runtime.Gosched()
				}
			}
			f()
		})
	}
	wg.Wait()
}
