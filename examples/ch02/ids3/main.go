// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command ids3 shows the second way to handle the end of the IDs: a call that got too large a
// number undoes its increment.
//
// Watch for the counter: after any number of failures it stands at the limit again. In between it
// is beyond it by at most one for each goroutine that is in New at that moment, so the limit
// only has to be that far from the overflow.
package main

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
)

const (
	about   = "Shows IDs whose counter is set back by calls that fail."
	workers = 4
	each    = 1000
)

func main() { program.Main(about, run) }

const limit = 1<<32 - 1_000_000 // more goroutines than will ever be in New at once

var errExhausted = errors.New("all IDs are given out")

// IDs gives out each number only once. The zero value starts at 0.
type IDs struct{ next atomic.Uint32 }

// New returns the next ID, or an error when there is none.
func (ids *IDs) New() (uint32, error) {
	id := ids.next.Add(1) - 1
	if id >= limit {
		ids.next.Add(^uint32(0)) // New: minus one
		return 0, errExhausted
	}
	return id, nil
}

func run(out io.Writer) error {
	var ids IDs
	ids.next.Store(limit - 100)
	var wg sync.WaitGroup
	var given, failed atomic.Int64
	var furthest [workers]uint32
	for w := range workers {
		wg.Go(func() {
			for range each {
				if _, err := ids.New(); err != nil {
					failed.Add(1)
				} else {
					given.Add(1)
				}
				furthest[w] = max(furthest[w], ids.next.Load())
			}
		})
	}
	wg.Wait()
	most := int64(0)
	for _, f := range furthest {
		most = max(most, int64(f)-limit)
	}
	after := int64(ids.next.Load()) - limit
	fmt.Fprintf(out, "100 IDs were left: %d given out, %d calls failed\n", given.Load(), failed.Load())
	fmt.Fprintf(out, "the counter was seen up to %d beyond the limit, and is %d beyond it now\n", most, after)
	if given.Load() != 100 || most > workers || after != 0 {
		return fmt.Errorf("%d IDs given out, counter up to %d and at last %d beyond; want 100, at most %d, and 0",
			given.Load(), most, after, workers)
	}
	return nil
}
