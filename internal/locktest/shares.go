// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// shareAttempts is how often a contest is repeated, if need be, before its shares count as uneven:
// on a busy machine a worker may get no processor for most of one.
const shareAttempts = 6

// A contest counts how often each of several workers had its turn.
type contest struct {
	e       *env
	turns   []atomic.Int64 // of each worker
	total   atomic.Int64   // turns of all of them
	begun   atomic.Int64   // workers that run
	present atomic.Int64   // workers that wait for a turn or have it
	goal    int64
	long    bool // a turn is longer than a wake-up
	over    atomic.Bool
}

// shares holds contests among workers until each of them had at least half of its fair share of the
// turns of its class, with one processor and with two. classes says how many workers are in each.
func (e *env) shares(what string, goal int, hold func(c *contest), classes ...int) {
	e.Helper()
	workers := 0
	for _, n := range classes {
		workers += n
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, procs := range []int{1, 2} {
		runtime.GOMAXPROCS(procs)
		var seen [][]int64
		for even := false; !even; {
			c := &contest{e: e, turns: make([]atomic.Int64, workers), goal: int64(goal), long: e.start.Threads}
			hold(c)
			counts := c.counts()
			e.Logf("%s, GOMAXPROCS=%d: %v", what, procs, counts)
			if even = fairShares(counts, classes); !even {
				seen = append(seen, counts)
				time.Sleep(time.Duration(len(seen)) * 50 * time.Millisecond) // a busy moment of the machine is to spoil one contest
			}
			if len(seen) == shareAttempts {
				e.Errorf("%s, GOMAXPROCS=%d: turns of each worker in %d contests: %v; want at least half of a fair share for each",
					what, procs, len(seen), seen)
				return
			}
		}
	}
}

// counts returns how many turns each worker had.
func (c *contest) counts() []int64 {
	counts := make([]int64, len(c.turns))
	for i := range c.turns {
		counts[i] = c.turns[i].Load()
	}
	return counts
}

// fairShares reports whether each worker had at least half of the average of its class, and each class had
// something.
func fairShares(counts []int64, classes []int) bool {
	for _, n := range classes {
		class, sum := counts[:n], int64(0)
		for _, turns := range class {
			sum += turns
		}
		if sum == 0 || 2*int64(n)*slices.Min(class) < sum {
			return false
		}
		counts = counts[n:]
	}
	return true
}

// contend is what worker number i does. In its turn it lets the others queue. After that it mostly stays away
// until another worker had a turn, so that the queue decides; but now and then it tries to overtake.
func (c *contest) contend(i int, lock, unlock func()) {
	c.begun.Add(1)
	for n := 0; c.begun.Load() < int64(len(c.turns)) && !c.over.Load(); n++ {
		c.idle(n)
	}
	for {
		c.present.Add(1)
		lock()
		turn := c.total.Add(1)
		if turn <= c.goal {
			c.turns[i].Add(1)
			c.e.step()
			for n := 0; n < 50 && c.present.Load() < int64(len(c.turns)); n++ {
				runtime.Gosched()
			}
			for range 3 { // they are about to wait; let them
				runtime.Gosched()
			}
			if c.long {
				time.Sleep(20 * time.Microsecond)
			}
		}
		c.present.Add(-1)
		unlock()
		if turn >= c.goal {
			return
		}
		for n := 0; turn%7 != 0 && c.total.Load() == turn && !c.over.Load(); n++ {
			c.idle(n)
		}
	}
}

// idle passes a moment, without the processor if the n moments before have not helped.
func (c *contest) idle(n int) {
	if n < 1000 {
		runtime.Gosched()
	} else {
		time.Sleep(20 * time.Microsecond)
	}
}

// shareTurns returns how many turns a contest has.
func (e *env) shareTurns() int { return max(e.times(500), 80) }

func checkMutexShares(e *env, make func() sync.Locker) {
	const workers = 4
	if e.uneven {
		return
	}
	e.shares("Lock", e.shareTurns(), func(c *contest) {
		defer c.over.Store(true)
		l, crew := make(), e.crew()
		for i := range workers {
			crew.start(func() { c.contend(i, l.Lock, l.Unlock) })
		}
		crew.join("workers that take turns with a lock")
	}, workers)
}

func checkRWShares(e *env, make func() RWLocker) {
	const writers, readers = 2, 3
	if e.uneven {
		return
	}
	e.shares("2 writers and 3 readers", e.shareTurns(), func(c *contest) {
		defer c.over.Store(true)
		c.long = true
		l, crew := make(), e.crew()
		for i := range writers + readers {
			crew.start(func() {
				if i < writers {
					c.contend(i, l.Lock, l.Unlock)
				} else {
					c.contend(i, l.RLock, l.RUnlock)
				}
			})
		}
		crew.join("workers that take turns with a lock")
	}, writers, readers)
}

func checkSignalShares(e *env, make func() *condition) {
	consume(e, "Signal", make, func(c *condition) {
		c.waiting--
		c.Signal()
	})
}

func checkBroadcastShares(e *env, make func() *condition) {
	if e.scrambles {
		return
	}
	consume(e, "Broadcast", make, func(c *condition) {
		c.waiting = 0
		c.Broadcast()
	})
}

// consume lets consumers wait for items that come one by one, each announced with the lock held.
// All of them wait when an item comes. A consumer that has got an item comes back when all others wait for the
// next, and so is the last in the queue. (If it waited at once, it would be the first again.)
func consume(e *env, what string, make func() *condition, announce func(c *condition)) {
	const consumers = 4
	if e.uneven || e.spurious {
		return
	}
	goal := e.shareTurns() / 2
	for _, hold := range []int{0, 20} { // so long the lock is held after the announcement
		e.shares(what, goal, func(t *contest) {
			c, crew := make(), e.crew()
			waiting := func(n int) func() bool {
				return func() bool {
					c.Lock()
					defer c.Unlock()
					return c.waiting >= n
				}
			}
			items, closed := 0, false
			for i := range consumers {
				crew.start(func() {
					c.Lock()
					defer c.Unlock()
					for {
						for items == 0 && !closed {
							c.waiting++
							c.Wait()
						}
						if items == 0 {
							return
						}
						items--
						t.turns[i].Add(1)
						e.step()
						c.Unlock()
						for n, all := 0, waiting(consumers-1); !all(); n++ {
							t.idle(n)
						}
						c.Lock()
					}
				})
			}
			for item := range goal + 1 {
				e.eventually("consumers that wait", waiting(consumers))
				c.Lock()
				if item == goal {
					closed = true
					c.Broadcast()
				} else {
					items++
					announce(c)
				}
				for range hold {
					runtime.Gosched()
				}
				c.Unlock()
			}
			crew.join("consumers after the last item")
		}, consumers)
	}
}
