// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"flag"
	"math/rand/v2"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// A waitable is a type under test that says how many wait, and what its word is.
type waitable interface {
	Waiting() int
	State() uint64
}

// A crew is the workers of one test.
type crew struct {
	*testing.T
	how   locktest.Start
	seed  uint64
	joins []func()
}

// eachCrew runs a test with goroutines, with pinned threads, and with both in turn.
func eachCrew(t *testing.T, test func(c *crew)) {
	for _, how := range []locktest.Start{locktest.Goroutines, pinned, locktest.Mixed(locktest.Goroutines, pinned)} {
		t.Run(how.Name, func(t *testing.T) {
			c := &crew{T: t, how: how}
			c.seed, _ = strconv.ParseUint(flag.Lookup("locktest.seed").Value.String(), 10, 64)
			if c.seed == 0 {
				c.seed = rand.Uint64()
			}
			test(c)
		})
	}
}

// start runs f in a new worker.
func (c *crew) start(f func()) { c.joins = append(c.joins, c.how.Go(f)) }

// startWaiting runs f in a new worker, and returns when it waits for l, behind those who do
// already.
func (c *crew) startWaiting(l waitable, f func()) {
	c.Helper()
	n := l.Waiting()
	c.start(f)
	eventually(c.T, "one more waits", func() bool { return l.Waiting() == n+1 })
}

// join waits for all workers.
func (c *crew) join() {
	c.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, join := range c.joins {
			join()
		}
	}()
	select {
	case <-done:
		c.joins = nil
	case <-time.After(time.Minute):
		locktest.Hung()
		c.Fatalf("workers hang")
	}
}

// random returns the source of random numbers for worker number i, and logs the seed.
func (c *crew) random(i int) *rand.Rand {
	if i == 0 {
		c.Logf("-locktest.seed=%d", c.seed)
	}
	return rand.New(rand.NewPCG(c.seed, uint64(i)))
}

// rounds returns n, or less with -short and under the race detector.
func rounds(n int) int {
	if testing.Short() || raceEnabled {
		return n / 5
	}
	return n
}

// briefly returns a context that ends at a random time of up to 100 µs, or by cancel.
func briefly(random *rand.Rand) (context.Context, context.CancelFunc) {
	if random.IntN(2) == 0 {
		return context.WithTimeout(context.Background(), time.Duration(random.IntN(100_000)))
	}
	ctx, cancel := context.WithCancel(context.Background())
	timer := time.AfterFunc(time.Duration(random.IntN(100_000)), cancel)
	return ctx, func() { timer.Stop(); cancel() }
}

// idle checks that nobody waits, and that the word is as it was at first.
func (c *crew) idle(l waitable, word uint64) {
	c.Helper()
	if l.Waiting() != 0 || l.State() != word {
		c.Errorf("%d wait, and the word is %#x at the end; want 0 and %#x", l.Waiting(), l.State(), word)
	}
}

// collide runs leave and then enter in workers, each of which comes as far as the queue of l,
// and lets them go on together. Which is first is open, but leave has the better chance.
func (c *crew) collide(l waitable, leave, enter func()) {
	release := locks.Hold(l)
	var begun atomic.Int32
	for i, f := range []func(){leave, enter} {
		c.start(func() { begun.Add(1); f() })
		for int(begun.Load()) <= i {
			runtime.Gosched()
		}
		spend(20_000)
	}
	release()
}
