// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package litmus runs the threads of a litmus test at the same time, millions of times. What
// the threads do, and which outcome is looked for, is the example's.
package litmus

import (
	"runtime"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/thread"
)

// A Word is a place in memory that shares its cache line with no other, nor the line that is
// fetched along with it.
type Word struct {
	V uint32
	_ [124]byte
}

// Batch is the number of runs between two meetings of the threads. Each run has words of its own.
const Batch = 500

// A Thread is what one thread does.
type Thread struct {
	// Prepare is called before run i, and sets words back. Those that it touches are in the
	// cache of the thread's CPU afterwards: loads of them are quick, and stores of others
	// to them slow, which is when reordering shows.
	Prepare func(i int)
	// Run is the thread's part of run i. All threads are at about the same run.
	Run func(i int)
}

// Run runs the threads for the given time, or runs if that is less, each pinned to a CPU of its
// own if there are as many. After each batch it calls look, once for every run. It returns the
// number of runs.
func Run(most int, limit time.Duration, look func(i int), threads ...Thread) (runs int) {
	meet := barrier{parties: uint32(len(threads)), pause: thread.Yield}
	if runtime.GOMAXPROCS(0) < len(threads) {
		meet.pause = runtime.Gosched // the others need our processor of Go's, not only the CPU
	}
	over := false // written by the first thread while the others wait for it
	start := time.Now()
	err := thread.Scope(func(g *thread.Group) error {
		for n, t := range threads {
			g.Spawn(func() error {
				defer pinTo(n)()
				for {
					for i := range Batch {
						t.Prepare(i)
					}
					meet.wait()
					if over {
						return nil
					}
					for i := range Batch {
						t.Run(i)
					}
					meet.wait()
					if n > 0 {
						continue
					}
					for i := range Batch {
						look(i)
					}
					runs += Batch
					over = runs >= most || time.Since(start) > limit
				}
			})
		}
		return nil
	})
	if err != nil {
		panic(err)
	}
	return runs
}

// pinTo binds the calling thread to the n'th of its CPUs, where the system can do that, and returns
// what undoes it.
func pinTo(n int) (undo func()) {
	cpus, err := thread.Affinity()
	if err != nil || thread.SetAffinity(cpus[n%len(cpus)]) != nil {
		return func() {}
	}
	return func() { thread.SetAffinity(cpus...) }
}

// A barrier lets its parties go on together. They spin, to start within nanoseconds of each other.
type barrier struct {
	parties        uint32
	pause          func()
	arrived, round atomic.Uint32
}

func (b *barrier) wait() {
	round := b.round.Load()
	if b.arrived.Add(1) == b.parties {
		b.arrived.Store(0)
		b.round.Add(1)
		return
	}
	for spins := 1; b.round.Load() == round; spins++ {
		if spins%2000 == 0 { // a goroutine may need our CPU to get here
			b.pause()
		}
	}
}
