// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command semaphore shows a counting semaphore of one word: it counts free units, and a goroutine
// that finds none sleeps on the word until it is no longer 0.
//
// Watch for the most that were inside at once: never more than there are units. A buffered
// channel is Go's usual semaphore; locks.Semaphore adds weights, an order and deadlines.
package main

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

const about = "Shows a counting semaphore that is one word, beside a channel and locks.Semaphore."

func main() { program.Main(about, run) }

// A Semaphore has free units, which are acquired and released.
type Semaphore struct{ free atomic.Uint32 }

// Acquire takes a unit. It waits until there is one.
func (s *Semaphore) Acquire() {
	for {
		n := s.free.Load()
		if n == 0 {
			park.Wait(&s.free, 0) // goroutines sleep only on 0
		} else if s.free.CompareAndSwap(n, n-1) { // acquire
			return
		}
	}
}

// Release gives a unit back and wakes one waiter. The waiter takes the unit, or sleeps on if
// another goroutine was faster.
func (s *Semaphore) Release() {
	s.free.Add(1) // release
	park.Wake(&s.free)
}

const (
	units      = 3
	goroutines = 16
	visits     = 500 // of each
)

func run(out io.Writer) error {
	var ours Semaphore
	ours.free.Store(units)
	theirs := locks.NewSemaphore(units)
	channel := make(chan struct{}, units)
	for _, c := range []struct {
		name             string
		acquire, release func()
	}{
		{"ours", ours.Acquire, ours.Release},
		{"a channel", func() { channel <- struct{}{} }, func() { <-channel }},
		{"locks.Semaphore", func() { theirs.Acquire(1) }, func() { theirs.Release(1) }},
	} {
		start := time.Now()
		most, paid := crowd(c.acquire, c.release)
		took := time.Since(start) / (goroutines * visits)
		fmt.Fprintf(out, "%-16s at most %d of %d inside, for %d units; %5d visits, %v each\n", c.name, most, goroutines, units, paid, took)
		if most > units || paid != goroutines*visits {
			return fmt.Errorf("%s: %d inside at once and %d visits, want at most %d and %d", c.name, most, paid, units, goroutines*visits)
		}
	}
	return nil
}

// crowd lets all goroutines in and out, and returns the most that were inside at once, and how
// many visits they paid.
func crowd(acquire, release func()) (most, paid int32) {
	var inside, peak, count atomic.Int32
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			for range visits {
				acquire()
				n := inside.Add(1)
				for m := peak.Load(); n > m && !peak.CompareAndSwap(m, n); m = peak.Load() {
				}
				runtime.Gosched() // let others try
				inside.Add(-1)
				count.Add(1)
				release()
			}
		})
	}
	wg.Wait()
	return peak.Load(), count.Load()
}
