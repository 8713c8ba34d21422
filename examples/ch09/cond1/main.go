// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command cond1 is the smallest condition variable: a counter. Wait reads it before it unlocks, and
// sleeps for as long as it has not changed; so a Signal between unlock and sleep is not missed.
//
// Watch for: Wait may return for no reason, or for a Signal that was another's: always wait in a
// loop. And each Signal calls Wake, even without waiters. Go's own sync.Cond does neither.
package main

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/examples/internal/rounds"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

const about = `cond1 is a condition variable made of a counter.`

func main() { program.Main(about, run) }

// The word of a cond is the number of signals so far. It may wrap around: a waiter would miss a
// signal only if 2³² of them came between its look and its sleep.
type cond struct {
	l       sync.Locker
	signals atomic.Uint32
}

// Wait unlocks c.l, sleeps until a signal, and locks it again. The caller holds it.
func (c *cond) Wait() {
	seen := c.signals.Load() // under the lock: signals that matter come later
	c.l.Unlock()
	park.Wait(&c.signals, seen)
	c.l.Lock()
}

func (c *cond) Signal() {
	c.signals.Add(1)
	park.Wake(&c.signals)
}

func (c *cond) Broadcast() {
	c.signals.Add(1)
	park.WakeAll(&c.signals)
}

func run(out io.Writer) error {
	// A queue of one place: a producer waits until it is empty, a consumer until it is full.
	const items, pairs = 2000, 2
	var m sync.Mutex
	empty, full := cond{l: &m}, cond{l: &m}
	var wg sync.WaitGroup
	place, sum, waits := 0, 0, 0
	for range pairs {
		wg.Go(func() {
			for i := range items {
				m.Lock()
				for place != 0 { // always in a loop: a wait may end for no reason
					empty.Wait()
					waits++
				}
				place = i + 1
				m.Unlock()
				full.Signal()
			}
		})
		wg.Go(func() {
			for range items {
				m.Lock()
				for place == 0 {
					full.Wait()
					waits++
				}
				sum += place
				place = 0
				m.Unlock()
				empty.Signal()
			}
		})
	}
	wg.Wait()
	fmt.Fprintf(out, "%d items through a queue of one place: sum %d, %d waits\n", pairs*items, sum, waits)
	if want := pairs * items * (items + 1) / 2; sum != want {
		return fmt.Errorf("want %d", want)
	}
	c := cond{l: &m}
	const signals = 5000
	many := func(signal func()) func() time.Duration {
		return func() time.Duration {
			start := time.Now()
			for range signals {
				signal()
			}
			return time.Since(start)
		}
	}
	ns := rounds.Medians(9, many(c.Signal), many(locks.NewCond(&m).Signal), many(sync.NewCond(&m).Signal))
	fmt.Fprintf(out, "a Signal without waiters: this step %.1f ns, locks.Cond %.1f ns, sync.Cond %.1f ns\n",
		ns[0]/signals, ns[1]/signals, ns[2]/signals)
	return nil
}
