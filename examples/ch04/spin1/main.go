// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command spin1 shows the smallest lock there is: one flag, and a Lock that sets it again and
// again until it finds that it was not set before. A waiter does not sleep, it spins.
//
// Watch for the sum: eight goroutines add to a plain int, and not one addition is lost. The
// flag alone orders them. Nothing prevents an Unlock without Lock, or an access to the int
// without either; see spin3.
package main

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows the smallest spin lock: one flag, which waiters set again and again."

func main() { program.Main(about, run) }

// A SpinLock is a mutual exclusion lock. The zero value is unlocked.
type SpinLock struct {
	locked atomic.Bool
}

// Lock locks l. It tries until it can.
func (l *SpinLock) Lock() {
	for l.locked.Swap(true) { // acquire
	}
}

// Unlock unlocks l.
func (l *SpinLock) Unlock() {
	l.locked.Store(false) // release
}

const (
	goroutines = 8
	additions  = 5000 // by each
)

func run(out io.Writer) error {
	var (
		l   SpinLock
		sum int // guarded by l
		wg  sync.WaitGroup
	)
	start := time.Now()
	for range goroutines {
		wg.Go(func() {
			for range additions {
				l.Lock()
				sum++
				l.Unlock()
			}
		})
	}
	wg.Wait()
	took := time.Since(start)

	fmt.Fprintf(out, "%d goroutines made %d additions each: %d, want %d\n", goroutines, additions, sum, goroutines*additions)
	fmt.Fprintf(out, "%d ns for each lock, addition and unlock\n", took.Nanoseconds()/(goroutines*additions))
	if sum != goroutines*additions {
		return fmt.Errorf("lost %d additions: two were inside at once", goroutines*additions-sum)
	}
	return nil
}
