// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command ids1 shows IDs from one atomic counter, and what is wrong with that.
//
// Add gives each caller a number of its own, from any number of goroutines. Watch for the end
// of the numbers: the counter wraps around, and the counter hands out the first IDs again
// while their owners still use them. Here it starts just below the end. From zero, at a hundred
// million a second, 32 bits last 43 seconds and 64 bits five thousand years.
package main

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
)

const (
	about   = "Shows IDs from one atomic counter, and its overflow."
	workers = 4
	each    = 1000
)

func main() { program.Main(about, run) }

// IDs gives out each number only once. The zero value starts at 0.
type IDs struct{ next atomic.Uint32 }

// New returns the next ID.
func (ids *IDs) New() uint32 { return ids.next.Add(1) - 1 }

func run(out io.Writer) error {
	var ids IDs
	var got [workers][]uint32
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for range each {
				got[w] = append(got[w], ids.New())
			}
		})
	}
	wg.Wait()
	owners := map[uint32]int{}
	for _, list := range got {
		for _, id := range list {
			owners[id]++
		}
	}
	fmt.Fprintf(out, "%d goroutines got %d IDs, %d of them different\n", workers, workers*each, len(owners))
	if len(owners) != workers*each {
		return fmt.Errorf("%d IDs were given out, %d of them different", workers*each, len(owners))
	}

	ids.next.Store(1<<32 - 2) // as after four billion calls
	for range 4 {
		id := ids.New()
		owners[id]++
		fmt.Fprintf(out, "near the end: %10d, has %d owner(s)\n", id, owners[id])
	}
	if owners[0] != 2 {
		return fmt.Errorf("after the overflow ID 0 has %d owners, want 2", owners[0])
	}
	return nil
}
