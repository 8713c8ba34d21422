// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch

import (
	"math"
	"slices"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/internal/cacheline"
	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/locks/internal/names"
	"github.com/osync-go/osync/locks/internal/observe"
)

// bounds are the upper bounds of the buckets, in nanoseconds. There is one more bucket, for longer waits.
var bounds = [...]int64{
	1e3, 2e3, 5e3, 10e3, 20e3, 50e3, 100e3, 200e3, 500e3,
	1e6, 2e6, 5e6, 10e6, 20e6, 50e6, 100e6, 200e6, 500e6,
	1e9, 2e9, 5e9, 10e9, 20e9, 50e9, 100e9,
}

// counters are the Data of a name.
type counters struct {
	_       cacheline.Pad
	total   atomic.Int64
	longest atomic.Int64
	gaveUp  atomic.Uint64
	waits   [len(bounds) + 1]atomic.Uint64 // by their duration
	_       cacheline.Pad
}

func newCounters() any { return new(counters) }

// count counts a wait.
//
//go:norace
func (c *counters) count(lasted int64, gaveUp bool) {
	i, _ := slices.BinarySearch(bounds[:], lasted)
	c.waits[i].Add(1)
	c.total.Add(lasted)
	for old := c.longest.Load(); old < lasted && !c.longest.CompareAndSwap(old, lasted); {
		old = c.longest.Load()
	}
	if gaveUp {
		c.gaveUp.Add(1)
	}
}

// A Figure has the statistics of the waits for the locks of one name and one type.
type Figure struct {
	Name, Type string

	// The waits that have ended since the name was given.
	Waits   uint64
	GaveUp  uint64        // those whose limit was reached
	Total   time.Duration // the sum of all waits
	Longest time.Duration
	Buckets []Bucket // in ascending order; the bounds are always the same

	// The current waits. A lock that is stuck shows only here.
	Waiting int
	Oldest  time.Duration // the age of the oldest
}

// A Bucket counts waits of similar duration.
type Bucket struct {
	UpTo  time.Duration // the longest duration in this bucket; the largest time.Duration in the last bucket
	Waits uint64        // those that took longer than UpTo of the previous bucket
}

// Figures returns a Figure for each name that was given to a lock with [Name], in the order of the names. Waits for
// locks without a name are not counted. A call that does not block does not count as a wait, nor does one that gets the
// lock before it goes to sleep. If [locks.Cond.Broadcast] moves a waiter to the Mutex, this counts as a wait for the
// Cond until then, and as a wait for the Mutex from then on.
//
// Figures costs as much as [Waits], and about 0.2 µs for each name in addition.
func Figures() []Figure {
	waiting := map[*names.Named]Figure{}
	now := mono.Now()
	observe.Visit(func(w *observe.Wait) {
		if n := nameOf(w); n != nil {
			f := waiting[n]
			f.Waiting++
			f.Oldest = max(f.Oldest, lasted(w.Began, now))
			waiting[n] = f
		}
	})
	all := names.All()
	figures := make([]Figure, 0, len(all))
	for _, n := range all {
		f := waiting[n]
		f.Name, f.Type = n.Name, n.Type
		n.Data.(*counters).read(&f)
		figures = append(figures, f)
	}
	return figures
}

// read fills f in.
func (c *counters) read(f *Figure) {
	f.Total, f.Longest, f.GaveUp = time.Duration(c.total.Load()), time.Duration(c.longest.Load()), c.gaveUp.Load()
	f.Buckets = make([]Bucket, len(c.waits))
	for i := range c.waits {
		n := c.waits[i].Load()
		f.Buckets[i] = Bucket{math.MaxInt64, n}
		if i < len(bounds) {
			f.Buckets[i].UpTo = time.Duration(bounds[i])
		}
		f.Waits += n
	}
}

// lasted returns the duration of a wait, or 0 if it is unknown because only one of the times is by the clock of
// a bubble of testing/synctest, which is negative.
//
//go:norace
func lasted(began, now int64) time.Duration {
	if (began < 0) != (now < 0) {
		return 0
	}
	return time.Duration(max(now-began, 0))
}

// ended is [observe.Ended], whose rules it obeys.
//
//go:norace
func ended(e observe.End) {
	if e.Ended == 0 {
		e.Ended = mono.Now()
	}
	took := lasted(e.Began, e.Ended)
	if observe.On()&observe.Names != 0 {
		if n := nameOf(&e.Wait); n != nil {
			n.Data.(*counters).count(int64(took), e.LimitReached)
		}
	}
	noteSlow(&e, took)
}
