// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command holding shows what it costs to hold a lock for longer than the value needs it.
//
// Ten goroutines take a job from a list, which takes nanoseconds, and do it, which takes two
// milliseconds. Watch for the time and for how many jobs run at once. The trap in Go is defer: it
// unlocks when the function returns, not at the end of the block in which the list is used.
package main

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
)

const (
	about  = "Shows what it costs to hold a lock for longer than needed."
	jobs   = 10
	length = 2 * time.Millisecond
	rounds = 3
)

func main() { program.Main(about, run) }

type list struct {
	mu   sync.Mutex
	jobs []func() // guarded by mu
}

// takeAndDo holds the lock until the job is done.
func (l *list) takeAndDo() {
	l.mu.Lock()
	defer l.mu.Unlock()
	job := l.jobs[0]
	l.jobs = l.jobs[1:]
	job()
}

// takeThenDo holds the lock while it takes the job: the lock and its defer have a function.
func (l *list) takeThenDo() { l.take()() }

func (l *list) take() func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	job := l.jobs[0]
	l.jobs = l.jobs[1:]
	return job
}

func run(out io.Writer) error {
	fastest := map[bool]time.Duration{}
	for range rounds { // the fastest of a few rounds: others use the machine, too
		for _, held := range []bool{true, false} {
			took, atOnce := work(held)
			fmt.Fprintf(out, "%d jobs of %v, locked meanwhile %-5v: %5.1f ms, up to %d at once\n",
				jobs, length, held, took.Seconds()*1000, atOnce)
			if held && atOnce != 1 {
				return fmt.Errorf("%d jobs ran at once under one lock", atOnce)
			}
			if f, ok := fastest[held]; !ok || took < f {
				fastest[held] = took
			}
		}
	}
	if fastest[true] < jobs*length {
		return fmt.Errorf("%d jobs in a row took %v, less than %v", jobs, fastest[true], jobs*length)
	}
	if fastest[false] >= fastest[true] {
		return fmt.Errorf("the short hold took %v, the long one %v", fastest[false], fastest[true])
	}
	return nil
}

// work does all jobs in goroutines of their own, and returns how long that took and how many
// jobs were under way at the same time.
func work(held bool) (took time.Duration, atOnce int32) {
	var running, most atomic.Int32
	var l list
	for range jobs {
		l.jobs = append(l.jobs, func() {
			n := running.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			time.Sleep(length) // stands for a request, a disk, a page to draw
			running.Add(-1)
		})
	}
	do := l.takeThenDo
	if held {
		do = l.takeAndDo
	}
	start := time.Now()
	var wg sync.WaitGroup
	for range jobs {
		wg.Go(do)
	}
	wg.Wait()
	return time.Since(start), most.Load()
}
