// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"context"
	"iter"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/race"
)

// A Crew is the workers of a test outside the suites.
type Crew struct {
	*testing.T
	workers *crew
}

// EachCrew runs a test with goroutines, with threads, and with both in turn.
func EachCrew(t *testing.T, threads Start, test func(c *Crew)) {
	for _, start := range []Start{Goroutines, threads, Mixed(Goroutines, threads)} {
		t.Run(start.Name, func(t *testing.T) { test(NewCrew(t, start)) })
	}
}

// NewCrew returns a Crew whose workers are begun by start.
func NewCrew(t *testing.T, start Start) *Crew {
	return &Crew{t, newEnv(t, start, config{}).crew()}
}

// Start runs f in a new worker.
func (c *Crew) Start(f func()) { c.workers.start(f) }

// A Watched lock says how many wait for it, and what its word is.
type Watched interface {
	Waiting() int
	State() uint64
}

// StartWaiting runs f in a new worker, and returns when this worker waits for l.
func (c *Crew) StartWaiting(l Watched, f func()) {
	c.Helper()
	n := l.Waiting()
	c.Start(f)
	Eventually(c.T, "one more waits", func() bool { return l.Waiting() == n+1 })
}

// Repeat counts up to n, as range n does, for a worker that repeats something. Each round is a sign of life, without which
// Join takes a minute of work for a hang, as a busy machine can make of a second. Only work that ends by itself may use
// it: endless work would hide a starved worker.
func (c *Crew) Repeat(n int) iter.Seq[int] { return c.workers.e.rounds(n) }

// Join waits for all workers. It fails the test if none of them makes a round of Repeat for a minute.
func (c *Crew) Join() {
	c.Helper()
	c.workers.join("the workers")
}

// Random returns the source of random numbers of worker number i.
func (c *Crew) Random(i int) *rand.Rand { return c.workers.e.rand(i) }

// Idle checks that no worker waits for l, and that the word of l is the given one.
func (c *Crew) Idle(l Watched, word uint64) {
	c.Helper()
	if l.Waiting() != 0 || l.State() != word {
		c.Errorf("%d wait, and the word is %#x at the end; want 0 and %#x", l.Waiting(), l.State(), word)
	}
}

// Pinned starts workers by thread.Spawn, which its caller passes, since this package imports none of those
// that it tests.
func Pinned[H interface{ Join() error }](spawn func(f func() error) H) Start {
	return Start{Name: "pinned", Threads: true, Go: func(f func()) func() {
		h := spawn(func() error { f(); return nil })
		return func() {
			if err := h.Join(); err != nil {
				panic(err)
			}
		}
	}}
}

// Rounds returns n, or a fifth of it with -short and under the race detector.
func Rounds(n int) int {
	if testing.Short() || race.Enabled {
		return n / 5
	}
	return n
}

// Briefly returns a context that ends at a random time of up to 100 µs, by its deadline or by a cancel.
func Briefly(random *rand.Rand) (context.Context, context.CancelFunc) {
	d := time.Duration(random.IntN(100_000))
	if random.IntN(2) == 0 {
		return context.WithTimeout(context.Background(), d)
	}
	ctx, cancel := context.WithCancel(context.Background())
	timer := time.AfterFunc(d, cancel)
	return ctx, func() { timer.Stop(); cancel() }
}

var sink atomic.Uint64

// Spend passes about ns nanoseconds without touching shared memory.
func Spend(ns int) {
	x := uint64(ns) | 1
	for range ns {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	if x == 0 {
		sink.Add(x)
	}
}
