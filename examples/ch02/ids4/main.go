// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command ids4 shows the third way to handle the end of the IDs: compare-and-swap, which never steps
// over the limit in the first place.
//
// Watch for the last ID, the largest number there is but one: nothing has to be kept in
// reserve. The price is a loop: a call that is overtaken between its load and its swap tries again.
package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
)

const (
	about   = "Shows IDs whose counter never steps over the limit."
	workers = 4
	each    = 1000
)

func main() { program.Main(about, run) }

var errExhausted = errors.New("all IDs are given out")

// IDs gives out each number only once. The zero value starts at 0.
type IDs struct {
	next  atomic.Uint32
	again atomic.Int64 // for the example: how often a swap came too late
}

// New returns the next ID, or an error when there is none.
func (ids *IDs) New() (uint32, error) {
	for { // New: a loop instead of Add
		id := ids.next.Load()
		if id == math.MaxUint32 {
			return 0, errExhausted
		}
		if ids.next.CompareAndSwap(id, id+1) {
			return id, nil
		}
		ids.again.Add(1)
	}
}

func run(out io.Writer) error {
	var ids IDs
	const left = workers * each / 2 // half of the calls must fail
	ids.next.Store(math.MaxUint32 - left)
	var given, failed atomic.Int64
	var last [workers]uint32
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for range each {
				if id, err := ids.New(); err != nil {
					failed.Add(1)
				} else {
					given.Add(1)
					last[w] = id
				}
			}
		})
	}
	wg.Wait()
	largest := max(last[0], last[1], last[2], last[3])
	fmt.Fprintf(out, "%d IDs were left: %d given out, %d calls failed, %d swaps came too late\n",
		left, given.Load(), failed.Load(), ids.again.Load())
	fmt.Fprintf(out, "the last ID was %d, and the counter stands at %d\n", largest, ids.next.Load())
	if given.Load() != left || largest != math.MaxUint32-1 || ids.next.Load() != math.MaxUint32 {
		return fmt.Errorf("%d IDs given out of %d, the last was %d, the counter is %d",
			given.Load(), left, largest, ids.next.Load())
	}
	return nil
}
