// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command reordering breaks a spin lock by leaving its memory ordering out, where the processor
// lets it break. The lock, the counter that it guards and the addition are in assembly, since Go
// has no atomics without ordering.
//
// Watch for: amd64 has no weaker exchange than XCHG, and its stores are never late: both locks
// are the same code there, and both count right. On arm64 the relaxed one takes the lock with LDXR
// and STXR and leaves it with a plain store, so that the addition may happen outside: additions get
// lost, on real processors, seldom or often. With LDAXR and STLR none is. A program that
// was only ever run on amd64 may have this bug. Chapter 3 has the reorderings one by one.
package main

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = `reordering counts under a spin lock with memory ordering, and under one without.`

func main() { program.Main(about, run) }

// A guarded is a counter and its lock, far apart: in one line they could hardly be reordered.
type guarded struct {
	//lint:ignore U1000 the assembly uses it
	locked uint32 // 1: held
	_      [252]byte
	count  uint64
	_      [256]byte
}

const goroutines, rounds = 4, 100_000

// total lets goroutines count, and returns what the counter says and how long it took.
func total(add func(*guarded) bool) (uint64, time.Duration) {
	g := new(guarded)
	var wg sync.WaitGroup
	start := time.Now()
	for range goroutines {
		wg.Go(func() {
			for range rounds {
				for !add(g) {
					runtime.Gosched() // whoever holds it may need this processor
				}
			}
		})
	}
	wg.Wait()
	return g.count, time.Since(start)
}

func run(out io.Writer) error {
	if err := supported(); err != nil {
		return err
	}
	const want = goroutines * rounds
	ordered, orderedTook := total(addOrdered)
	relaxed, relaxedTook := total(addRelaxed)
	fmt.Fprintf(out, "%d goroutines add 1 under a spin lock, %d times each, on %s:\n", goroutines, rounds, runtime.GOARCH)
	fmt.Fprintf(out, "acquire and release  %d counted, %d lost, %.1f ms\n", ordered, want-ordered, orderedTook.Seconds()*1e3)
	fmt.Fprintf(out, "relaxed              %d counted, %d lost, %.1f ms\n", relaxed, want-relaxed, relaxedTook.Seconds()*1e3)
	switch {
	case ordered != want:
		return fmt.Errorf("with acquire and release %d were counted, want %d", ordered, want)
	case relaxed > want:
		return fmt.Errorf("%d were counted, want at most %d", relaxed, want)
	case runtime.GOARCH == "amd64" && relaxed != want:
		return fmt.Errorf("amd64 has lost %d: it keeps stores in order", want-relaxed)
	case runtime.GOARCH == "amd64":
		fmt.Fprintln(out, "The two are the same code here: XCHG to take it, MOV to leave it.")
	case relaxed == want:
		fmt.Fprintln(out, "Not seen here: it needs several cores, and an emulator on amd64 cannot show it.")
	default:
		fmt.Fprintln(out, "The processor has let additions out of the critical section.")
	}
	return nil
}
