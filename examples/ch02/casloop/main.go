// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command casloop shows how any change at all is made in one step: load, compute, and
// compare-and-swap until no other change has come between.
//
// Watch for the tries per change: each failed one means that another goroutine's succeeded, so
// as a whole the program always gets on. Go's CompareAndSwap never fails for no reason, and so
// has no weak form as in Rust or C. It compares values, not histories: a word that was changed
// and changed back is equal (the ABA problem). For a number that is no harm, for a pointer into
// a list it can be; the garbage collector prevents most of that, as chapter 10 shows.
package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
)

const (
	about   = "Shows how any change at all is made in one step, by compare-and-swap."
	workers = 4
	rounds  = 10_000 // of each worker
	modulus = 1_000_003
)

func main() { program.Main(about, run) }

// update replaces the word by f of it, in one step, and returns how many tries that took. f
// is called for each of them, and so should do nothing but compute.
func update(word *atomic.Uint64, f func(uint64) uint64) (tries int) {
	for {
		tries++
		old := word.Load()
		if word.CompareAndSwap(old, f(old)) {
			return tries
		}
	}
}

// next is a step of a walk through the numbers below modulus. No processor has it as an instruction.
func next(x uint64) uint64 { return (x*5 + 3) % modulus }

func run(out io.Writer) error {
	if err := walk(out, "a quick step", next); err != nil {
		return err
	}
	err := walk(out, "a slow step", func(x uint64) uint64 {
		runtime.Gosched() // others get on meanwhile
		return next(x)
	})
	if err != nil {
		return err
	}

	var word atomic.Uint64
	word.Store(1)
	old := word.Load()
	word.Store(2) // others come and
	word.Store(1) // go
	swapped := word.CompareAndSwap(old, 3)
	fmt.Fprintf(out, "ABA: 1 became 2 and 1 again; a swap of the 1 from before succeeds: %v\n", swapped)
	if !swapped {
		return errors.New("CompareAndSwap failed though the value was equal")
	}
	return nil
}

// walk lets all workers step from one word.
func walk(out io.Writer, name string, step func(uint64) uint64) error {
	var word atomic.Uint64
	var tries [workers]int
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for range rounds {
				tries[w] += update(&word, step)
			}
		})
	}
	wg.Wait()

	want, all := uint64(0), 0 // the same number of steps by one alone
	for w := range workers {
		all += tries[w]
		for range rounds {
			want = next(want)
		}
	}
	fmt.Fprintf(out, "%-12s  %d goroutines made %d steps to %d, one alone comes to %d; %.2f tries a step\n",
		name, workers, workers*rounds, word.Load(), want, float64(all)/(workers*rounds))
	if word.Load() != want {
		return fmt.Errorf("the steps led to %d, want %d: some were lost", word.Load(), want)
	}
	return nil
}
