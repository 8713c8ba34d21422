// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command preempted shows why a Go program should not use a spin lock: the scheduler may stop
// the goroutine that holds it, and run the waiters instead.
//
// The holder gives its processor (P) away once, with the lock held. The scheduler does that to
// any goroutine that has run for 10 ms, or at a garbage collection; Gosched stands for it.
// Watch for the last row, with more waiters than Ps: all Ps spin, no other goroutine runs,
// and the holder resumes only after the scheduler has stopped the spinners after 10 ms each, one
// after the other. The waiters of a sync.Mutex sleep, and the holder resumes at once. Those of a
// spin.Lock yield after some microseconds.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/chart"
	"github.com/osync-go/osync/examples/internal/program"
	pause "github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks/spin"
)

const about = "Shows what a spin lock costs in Go when its holder is stopped: ten milliseconds and more."

var svg = flag.String("svg", "", "write a chart to this `file`")

func main() { program.Main(about, run) }

// A SpinLock is that of spin2, without the pause: the scheduler cannot stop a goroutine inside of that, so
// that the holder would be out for a second and more.
type SpinLock struct{ locked atomic.Bool }

// Lock locks l. It looks until it can.
func (l *SpinLock) Lock() {
	for l.locked.Swap(true) {
		for l.locked.Load() {
		}
	}
}

// Unlock unlocks l.
func (l *SpinLock) Unlock() { l.locked.Store(false) }

// contenders are the locks, the plain spin lock first.
var contenders = []struct {
	name string
	make func() sync.Locker
}{
	{"spin lock", func() sync.Locker { return new(SpinLock) }},
	{"spin.Lock", func() sync.Locker { return new(spin.Lock) }},
	{"sync.Mutex", func() sync.Locker { return new(sync.Mutex) }},
}

func run(out io.Writer) error {
	if runtime.GOARCH == "wasm" {
		return fmt.Errorf("nothing stops a goroutine that spins on wasm: %w", errors.ErrUnsupported)
	}
	const rounds = 5
	procs := runtime.GOMAXPROCS(0)
	crowds := []int{0, procs, 2 * procs}
	medians := make([]chart.Series, len(contenders))
	fmt.Fprintf(out, "GOMAXPROCS=%d. The holder gives its processor away, and has it back after (median of %d)\n\n", procs, rounds)
	fmt.Fprintf(out, "%-8s", "waiters")
	for i, c := range contenders {
		medians[i].Name = c.name
		fmt.Fprintf(out, " %16s", c.name)
	}
	fmt.Fprintln(out)
	for _, crowd := range crowds {
		took := make([][]time.Duration, len(contenders))
		for range rounds { // in turn, so that a busy moment of the machine meets all
			for i, c := range contenders {
				took[i] = append(took[i], outOfTurn(c.make(), crowd))
			}
		}
		fmt.Fprintf(out, "%-8d", crowd)
		for i := range took {
			slices.Sort(took[i])
			median := took[i][rounds/2]
			fmt.Fprintf(out, " %13.1f µs", float64(median.Nanoseconds())/1e3)
			medians[i].Y = append(medians[i].Y, median.Seconds()*1e3)
		}
		fmt.Fprintln(out)
	}
	if *svg != "" {
		labels := chart.Labels{Title: "Until the stopped holder runs again", X: "waiters", Y: "ms"}
		if err := chart.Bars(*svg, labels, []string{"none", "one for each P", "two for each P"}, medians...); err != nil {
			return err
		}
	}
	ours, mutex := medians[0].Y[2], medians[2].Y[2]
	fmt.Fprintf(out, "\nwith %d waiters the spin lock keeps its own holder out %.0f times as long as sync.Mutex\n", crowds[2], ours/mutex)
	if ours < 4*mutex {
		return fmt.Errorf("the holder was back after %.3f ms, and %.3f with sync.Mutex: its waiters did not keep it out", ours, mutex)
	}
	return nil
}

// outOfTurn returns how long the holder of l is off its processor, if it gives that away once
// while a crowd wants l.
func outOfTurn(l sync.Locker, crowd int) time.Duration {
	var wg sync.WaitGroup
	var came atomic.Int32
	l.Lock()
	for range crowd {
		wg.Go(func() {
			came.Add(1)
			l.Lock()
			defer l.Unlock()
		})
	}
	// Waiters keep all other Ps busy first: an idle one would take the holder over at once.
	for int(came.Load()) < min(crowd, runtime.GOMAXPROCS(0)-1) {
		pause.Pause(1)
	}
	start := time.Now()
	runtime.Gosched()
	took := time.Since(start)
	l.Unlock()
	wg.Wait()
	return took
}
