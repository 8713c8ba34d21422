// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command statistics shows numbers that belong together and are kept in several atomics.
//
// Every sample adds 1 to the count and 10 to the total, so the mean is 10 at all times. Watch
// for the reader's view: between the two additions, or between its own two loads, the numbers
// do not fit. Each atomic is right and the pair is not. Where that matters the pair needs a lock,
// or a SeqLock, which lets readers look again instead of making the writer wait.
package main

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks/guard"
)

const (
	about   = "Shows numbers that belong together, in several atomics and under a lock."
	workers = 3
	samples = 10_000 // of each worker
	sample  = 10
)

func main() { program.Main(about, run) }

// A pair is what the reader wants to see: of one moment.
type pair struct{ count, total int64 }

func (p pair) fits() bool { return p.total == sample*p.count }

// A statistics takes samples and can be looked at. Both may be done at the same time.
type statistics interface {
	add(n int64, pause func()) // pauses half way
	look() pair
}

type apart struct{ count, total, most atomic.Int64 }

func (s *apart) add(n int64, pause func()) {
	s.total.Add(n)
	pause()
	s.count.Add(1)
	for m := s.most.Load(); n > m && !s.most.CompareAndSwap(m, n); m = s.most.Load() {
	}
}

func (s *apart) look() pair {
	return pair{total: s.total.Load(), count: s.count.Load()}
}

type guarded struct{ guard.Mutex[pair] }

func (s *guarded) add(n int64, pause func()) {
	s.With(func(p *pair) { p.count++; pause(); p.total += n })
}

func (s *guarded) look() (seen pair) {
	s.With(func(p *pair) { seen = *p })
	return seen
}

type sequenced struct{ guard.SeqLock[pair] }

func (s *sequenced) add(n int64, pause func()) {
	s.Update(func(p *pair) { p.count++; pause(); p.total += n })
}

func (s *sequenced) look() pair { return s.Load() }

func run(out io.Writer) error {
	for _, c := range []struct {
		name    string
		s       statistics
		atOnce  bool // add and look are one step each
		comment string
	}{
		{"two atomics", new(apart), false, "each right, the pair not always"},
		{"guard.Mutex", new(guarded), true, "the writer's step is the lock's"},
		{"guard.SeqLock", new(sequenced), true, "readers look again"},
	} {
		looks, misfits, last := watch(c.s)
		fmt.Fprintf(out, "%-14s %6d reads, %5d did not fit; at the end %d of %d (%s)\n",
			c.name, looks, misfits, last.total, last.count, c.comment)
		if c.atOnce && misfits > 0 {
			return fmt.Errorf("%s: %d of %d looks did not fit", c.name, misfits, looks)
		}
		if last != (pair{workers * samples, workers * samples * sample}) {
			return fmt.Errorf("%s: samples were lost, the end is %+v", c.name, last)
		}
	}
	return nil
}

// watch looks at s while the workers add to it.
func watch(s statistics) (looks, misfits int, last pair) {
	var working atomic.Int32
	working.Store(workers)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			defer working.Add(-1)
			for i := range samples {
				s.add(sample, func() {
					if i%100 == 0 {
						runtime.Gosched() // an invitation to look now
					}
				})
			}
		})
	}
	for working.Load() > 0 {
		looks++
		if !s.look().fits() {
			misfits++
		}
		runtime.Gosched()
	}
	wg.Wait()
	return looks, misfits, s.look()
}
