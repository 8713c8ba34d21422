// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command spin2 shows what makes a spin lock bearable for the other processors: its waiter
// only reads while the lock is held, and executes PAUSE (on arm64 YIELD) between two reads.
//
// A swap takes the flag's cache line away from all other cores, also from the holder, whose data
// may lie next to the flag. A read shares it. Watch for the two counts: the waiter of spin1
// writes at each try, this one writes once for each time that it finds the lock free.
package main

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/internal/spin"
)

const about = "Shows a spin lock whose waiters read until the lock is free, with PAUSE in between."

func main() { program.Main(about, run) }

// A SpinLock is a mutual exclusion lock. The zero value is unlocked.
type SpinLock struct {
	locked atomic.Bool
	count  func(looks, swaps int) // if not nil, told at the end of each Lock, with the lock held
}

// Lock locks l. It looks until it can.
func (l *SpinLock) Lock() {
	looks, swaps := 0, 1
	for l.locked.Swap(true) { // acquire
		swaps++
		for l.locked.Load() { // New: look without writing. No order needed: the swap has it
			looks++
			spin.Pause(1) // New: the loop is in no hurry
		}
	}
	if l.count != nil {
		l.count(looks, swaps)
	}
}

// Unlock unlocks l.
func (l *SpinLock) Unlock() {
	l.locked.Store(false) // release
}

func run(out io.Writer) error {
	const rounds = 8
	var (
		looks, swaps, sum int // guarded by l
		waiting           atomic.Bool
		wg                sync.WaitGroup
	)
	l := SpinLock{count: func(n, m int) { looks, swaps = looks+n, swaps+m }}
	for range rounds {
		l.Lock()
		wg.Go(func() { // it finds the lock held, and looks at it
			waiting.Store(true)
			l.Lock()
			sum++
			l.Unlock()
		})
		for !waiting.Swap(false) {
			runtime.Gosched()
		}
		for range 10_000 { // some microseconds of work with the lock held
			spin.Pause(1)
			sum++
		}
		l.Unlock()
		wg.Wait()
	}
	fmt.Fprintf(out, "%d locks, every second one found the lock held\n", 2*rounds)
	fmt.Fprintf(out, "the waiters read the flag %d times\n", looks)
	fmt.Fprintf(out, "and wrote to it %d times, all together\n", swaps)
	if want := rounds * 10_001; sum != want {
		return fmt.Errorf("counted %d, want %d: two were inside at once", sum, want)
	}
	if swaps > 3*rounds {
		return fmt.Errorf("%d swaps for %d locks: waiters write while the lock is held", swaps, 2*rounds)
	}
	return nil
}
