// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"runtime"
	"time"

	"github.com/osync-go/osync/examples/compare/foreign"
)

// The kinds of work that only the peers in Go do, beside those of package foreign.
const (
	behind = "behind" // one worker reads, all others write without a pause
	park   = "park"   // two workers pass a turn through a word that they wait on
	crowd  = "crowd"  // many wait for a mutex, which then goes through all of them
)

// A work is what each peer of a cell does.
type work struct {
	kind    string
	workers int
	reads   int           // of 100 operations, how many only read
	inside  time.Duration // how long each keeps the lock
	outside time.Duration // how long each stays away from it
	procs   int           // GOMAXPROCS; 0 leaves it as it was at the start
}

// String returns the name of w, which -only looks at.
func (w work) String() string {
	s := w.kind
	if w.workers > 2 || w.kind == foreign.Mutex || w.kind == foreign.RWLock {
		s += fmt.Sprintf(" n=%d", w.workers)
	}
	if w.kind == foreign.RWLock {
		s += fmt.Sprintf(" reads=%d", w.reads)
	}
	if w.kind == foreign.Mutex || w.kind == foreign.RWLock || w.kind == behind {
		s += " in=" + brief(w.inside)
	}
	if w.kind == foreign.Mutex {
		s += " out=" + brief(w.outside)
	}
	if w.procs > 0 {
		s += fmt.Sprintf(" procs=%d", w.procs)
	}
	return s
}

func brief(d time.Duration) string {
	if d == 0 {
		return "0"
	}
	return d.String()
}

// exclusive reports whether w is one of the 33 cells of the mutex's geometric mean: one worker is
// alone, or 2 to 32 workers share the mutex.
func (w work) exclusive() bool {
	return w.procs == 0 && (w.kind == foreign.Uncontended || w.kind == foreign.Mutex && w.workers <= 32)
}

// shared reports whether w is one of the 13 cells of the readers-writer lock's geometric mean:
// one reader alone, or 2 and 8 workers that read 100, 99 or 90 times of 100.
func (w work) shared() bool { return w.kind == foreign.RWLock && w.procs == 0 }

var insides = []time.Duration{0, 100 * time.Nanosecond, time.Microsecond, 10 * time.Microsecond}

// full returns all cells.
func full() []work {
	cells := []work{{kind: foreign.Uncontended, workers: 1}}
	for _, n := range []int{2, 4, 8, 32, 512} {
		for _, inside := range insides {
			for _, outside := range []time.Duration{0, time.Microsecond} {
				cells = append(cells, work{kind: foreign.Mutex, workers: n, inside: inside, outside: outside})
			}
		}
	}
	cells = append(cells, work{kind: foreign.RWLock, workers: 1, reads: 100})
	for _, n := range []int{2, 8} {
		for _, reads := range []int{100, 99, 90} {
			for _, inside := range []time.Duration{0, 100 * time.Nanosecond} {
				cells = append(cells, work{kind: foreign.RWLock, workers: n, reads: reads, inside: inside})
			}
		}
	}
	for _, inside := range []time.Duration{0, 10 * time.Microsecond} {
		cells = append(cells, work{kind: behind, workers: 2, inside: inside})
	}
	cells = append(cells, work{kind: foreign.PingPong, workers: 2})
	for _, n := range []int{8, 64, 512} {
		cells = append(cells, work{kind: foreign.Broadcast, workers: n})
	}
	cells = append(cells, work{kind: park, workers: 2}, work{kind: foreign.Semaphore, workers: 2})
	for _, inside := range []time.Duration{0, time.Microsecond} {
		cells = append(cells, work{kind: foreign.Mutex, workers: 8, inside: inside, outside: inside, procs: 1})
	}
	return append(cells,
		work{kind: foreign.PingPong, workers: 2, procs: 1},
		work{kind: foreign.Semaphore, workers: 2, procs: 1},
		work{kind: crowd, workers: 100_000},
	)
}

// quick returns those cells that differ most from each other.
func quick() []work {
	const µs = time.Microsecond
	return []work{
		{kind: foreign.Uncontended, workers: 1},
		{kind: foreign.Mutex, workers: 2},
		{kind: foreign.Mutex, workers: 8, inside: µs, outside: µs},
		{kind: foreign.Mutex, workers: 32, inside: µs, outside: µs},
		{kind: foreign.Mutex, workers: 32, inside: 10 * µs},
		{kind: foreign.RWLock, workers: 8, reads: 99},
		{kind: foreign.RWLock, workers: 8, reads: 90, inside: 100 * time.Nanosecond},
		{kind: behind, workers: 2},
		{kind: foreign.PingPong, workers: 2},
		{kind: foreign.PingPong, workers: 2, procs: 1},
		{kind: foreign.Broadcast, workers: 64},
		{kind: park, workers: 2},
		{kind: foreign.Semaphore, workers: 2},
		{kind: crowd, workers: 100_000},
	}
}

// spec returns what a peer is asked for in a round.
func (w work) spec(perIteration float64, round time.Duration, latency bool) foreign.Spec {
	iterations := func(d time.Duration) uint64 { return uint64(float64(d)/perIteration + 0.5) }
	return foreign.Spec{
		Kind: w.kind, Workers: w.workers, Reads: w.reads,
		InsideIters: iterations(w.inside), OutsideIters: iterations(w.outside),
		Latency: latency, Nanos: int64(round),
	}
}

// procs is GOMAXPROCS of the cells that do not say otherwise.
var procs = runtime.GOMAXPROCS(0)

// setProcs sets GOMAXPROCS for w.
func (w work) setProcs() {
	n := w.procs
	if n == 0 {
		n = procs
	}
	if runtime.GOMAXPROCS(0) != n {
		runtime.GOMAXPROCS(n)
	}
}
