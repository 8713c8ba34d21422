// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command biased shows a readers-writer lock that favors readers: they mark themselves in one of
// many slots, each on a cache line of its own, where a sync.RWMutex has one counter that all
// processors contend for. The writer pays: it has to check every slot.
//
// The slot comes from a sync.Pool, which Go keeps by processor; so a processor finds the slot
// that is in its cache already. Watch for the time of a read as more goroutines read: on a machine
// with many processors the counter's grows with them, that of the slots does not. On two
// there is little to see, and the program claims nothing. locks.BiasedRWMutex is the finished form.
package main

import (
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
	"github.com/osync-go/osync/locks"
)

const about = "Shows a readers-writer lock whose readers do not meet, beside sync.RWMutex."

var svg = flag.String("svg", "", "write a chart to this `file`")

func main() { program.Main(about, run) }

// A RWMutex is a readers-writer lock. The zero value is unlocked.
type RWMutex struct {
	writer  sync.Mutex  // held by the writer
	writing atomic.Bool // a writer holds writer: readers are to wait for it
	slots   [16]Slot
	next    atomic.Uint32 // slots that were given out
	pool    sync.Pool     // of *Slot, by processor
}

// A Slot is where some readers mark themselves.
type Slot struct {
	readers atomic.Int32
	_       [128 - 4]byte // two lines: processors fetch lines in pairs
}

// RLock locks rw for reading. The slot is for RUnlock.
func (rw *RWMutex) RLock() *Slot {
	s, _ := rw.pool.Get().(*Slot)
	if s == nil {
		s = &rw.slots[rw.next.Add(1)%uint32(len(rw.slots))] // readers may share one
	}
	s.readers.Add(1)        // the mark first, then the look: the writer does both the other way round,
	if !rw.writing.Load() { // so one of the two sees the other. acquire
		return s
	}
	s.readers.Add(-1)
	rw.writer.Lock() // wait for the writer. No goroutine writes now
	s.readers.Add(1)
	rw.writer.Unlock()
	return s
}

// RUnlock undoes RLock.
func (rw *RWMutex) RUnlock(s *Slot) {
	s.readers.Add(-1) // release
	rw.pool.Put(s)
}

// Lock locks rw for writing.
func (rw *RWMutex) Lock() {
	rw.writer.Lock()
	rw.writing.Store(true)
	for i := range rw.slots {
		for rw.slots[i].readers.Load() != 0 { // acquire
			runtime.Gosched()
		}
	}
}

// Unlock undoes Lock.
func (rw *RWMutex) Unlock() {
	rw.writing.Store(false)
	rw.writer.Unlock()
}

// contenders read and write under their locks.
var contenders = []struct {
	name string
	make func() (read, write func(func()))
}{
	{"ours", func() (read, write func(func())) {
		rw := new(RWMutex)
		return func(f func()) { s := rw.RLock(); f(); rw.RUnlock(s) }, func(f func()) { rw.Lock(); f(); rw.Unlock() }
	}},
	{"locks.BiasedRWMutex", func() (read, write func(func())) {
		rw := new(locks.BiasedRWMutex)
		return func(f func()) { t := rw.RLock(); f(); rw.RUnlock(t) }, func(f func()) { rw.Lock(); f(); rw.Unlock() }
	}},
	{"sync.RWMutex", func() (read, write func(func())) {
		rw := new(sync.RWMutex)
		return func(f func()) { rw.RLock(); f(); rw.RUnlock() }, func(f func()) { rw.Lock(); f(); rw.Unlock() }
	}},
}

const (
	reads = 20_000 // of each goroutine
	every = 1000   // one of so many is a write
)

func run(out io.Writer) error {
	const rounds = 5
	series := make([]chart.Series, len(contenders))
	fmt.Fprintf(out, "ns for each read, one of %d is a write, GOMAXPROCS=%d (median of %d)\n\n%-8s", every, runtime.GOMAXPROCS(0), rounds, "readers")
	for i, c := range contenders {
		series[i].Name = c.name
		fmt.Fprintf(out, " %20s", c.name)
	}
	fmt.Fprintln(out)
	for _, readers := range slices.Compact([]int{1, runtime.GOMAXPROCS(0), 4 * runtime.GOMAXPROCS(0)}) {
		took := make([][]float64, len(contenders))
		for range rounds { // in turn, so that a busy moment of the machine meets all
			for i, c := range contenders {
				read, write := c.make()
				ns, err := race(readers, read, write)
				if err != nil {
					return fmt.Errorf("%s: %w", c.name, err)
				}
				took[i] = append(took[i], ns)
			}
		}
		fmt.Fprintf(out, "%-8d", readers)
		for i := range took {
			slices.Sort(took[i])
			series[i].X, series[i].Y = append(series[i].X, float64(readers)), append(series[i].Y, took[i][rounds/2])
			fmt.Fprintf(out, " %17.1f ns", took[i][rounds/2])
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintln(out, "\nno reader has seen a write half done")
	if *svg == "" {
		return nil
	}
	return chart.Lines(*svg, chart.Labels{Title: "Reading under a lock", X: "readers", Y: "ns for each read"}, series...)
}

// race lets the readers read, and write at times, and returns the time of a read in nanoseconds.
func race(readers int, read, write func(func())) (float64, error) {
	var (
		a, b int // guarded by the lock; equal but during a write
		torn atomic.Int32
		wg   sync.WaitGroup
	)
	start := time.Now()
	for range readers {
		wg.Go(func() {
			for i := range reads {
				if i%every == 0 {
					write(func() { a++; runtime.Gosched(); b++ })
				}
				read(func() {
					if a != b {
						torn.Add(1)
					}
				})
			}
		})
	}
	wg.Wait()
	took := time.Since(start)
	if writes := readers * reads / every; torn.Load() != 0 || a != writes || b != writes {
		return 0, fmt.Errorf("%d torn reads, and %d, %d after %d writes", torn.Load(), a, b, writes)
	}
	return float64(took.Nanoseconds()) / float64(readers*reads), nil
}
