// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command spawn shows how concurrent work is started and joined, as goroutines and as threads.
//
// Watch for the numbers of the threads: goroutines share a few threads and may even take turns
// on one, while thread.Spawn gives each function a thread of its own. The order of the lines
// changes from run to run; that each worker's line is there does not, since main waits. A Go
// program ends when main returns, whatever other goroutines are doing.
package main

import (
	"fmt"
	"io"
	"sync"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/thread"
)

const (
	about   = "Shows how concurrent work is started and joined, as goroutines and as threads."
	workers = 4
)

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	var goroutines [workers]uint64
	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() { goroutines[i] = thread.ID() })
	}
	wg.Wait() // the join: all that the workers wrote can be read from here on
	for i, id := range goroutines {
		fmt.Fprintf(out, "goroutine %d ran on thread %d\n", i, id)
	}

	var threads [workers]uint64
	var handles [workers]*thread.Handle
	met := locks.NewBarrier(workers) // all are alive at the same time: no number is used twice
	for i := range workers {
		handles[i] = thread.Spawn(func() error {
			threads[i] = thread.ID()
			met.Wait()
			return nil
		})
	}
	for _, h := range handles {
		if err := h.Join(); err != nil {
			return err
		}
	}
	seen := map[uint64]bool{}
	for i, id := range threads {
		fmt.Fprintf(out, "thread %d is %d\n", i, id)
		seen[id] = true
	}
	if seen[0] {
		fmt.Fprintln(out, "(0: threads have no numbers here)")
	} else if len(seen) != workers {
		return fmt.Errorf("%d spawned threads have %d different numbers", workers, len(seen))
	}
	return nil
}
