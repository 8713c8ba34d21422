// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/park"
)

// The tests TestExplore… run every interleaving of a few goroutines, under the command explore. Under plain go
// test they are stress tests. What a lock protects is an explore.Var in them, so that a second holder, and an
// order that the lock should make and does not, is a data race. A wake-up that is lost is a deadlock.

// complete explores every interleaving.
var complete = explore.Options{Complete: true}

// atMost explores every interleaving with at most n preemptions.
func atMost(n int) explore.Options { return explore.Options{Complete: true, Preemptions: n} }

// handingOff lets a second pass whenever a goroutine looks at the clock, once for each, so that a waiter has
// waited for too long and is handed the lock.
func handingOff(o explore.Options) explore.Options { o.TimeJumps = 1; return o }

// spinning lets waiters spin before they sleep, as on a machine of more than one processor.
func spinning(o explore.Options) explore.Options { o.Procs, o.Spins = 2, 5; return o }

// mustBeIdle asserts that nothing is left behind: no goroutine waits, and the word is that of a lock at rest.
func mustBeIdle(x *explore.Run, l interface {
	Waiting() int
	State() uint64
}, atRest uint64,
) {
	waiting, word := l.Waiting(), l.State()
	x.Assert(waiting == 0, "%d waiters are left behind", waiting)
	x.Assert(word == atRest, "the word is %#x at the end, want %#x", word, atRest)
}

// mustPanic asserts that f panics with a message of package locks.
func mustPanic(x *explore.Run, f func()) {
	defer func() {
		p, _ := recover().(string)
		x.Assert(strings.HasPrefix(p, "locks: "), "no panic of package locks, but %q", p)
	}()
	f()
}

// A guarded is a number that a lock protects.
type guarded struct{ n explore.Var[int] }

func (g *guarded) add(n int) { g.n.Store(g.n.Load() + n) }

// soon returns a context that ends at a moment that the exploration chooses.
func soon(x *explore.Run) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	x.Go(cancel)
	return ctx
}

// An exclusive is a lock as exploreLock sees it.
type exclusive interface {
	Lock()
	TryLock() bool
	TryLockFor(time.Duration) bool
	LockContext(context.Context) error
	Unlock()
	Waiting() int
	State() uint64
}

// An attempt is a way to lock l. It reports whether it succeeded.
type attempt func(x *explore.Run, l exclusive) bool

func lock(_ *explore.Run, l exclusive) bool        { l.Lock(); return true }
func try(_ *explore.Run, l exclusive) bool         { return l.TryLock() }
func tryFor(_ *explore.Run, l exclusive) bool      { return l.TryLockFor(time.Second) }
func lockContext(x *explore.Run, l exclusive) bool { return l.LockContext(soon(x)) == nil }

// A contest is what each of some goroutines does, one attempt after the other. One that has locked the lock
// counts, and unlocks it.
type contest struct {
	name    string
	bounds  explore.Options
	parties [][]attempt
}

// A line is the queue of a lock without barging, as its holders see it one after the other.
type line []*park.Waiter

// next records the queue as the next holder sees it. The previous waiters must be in the same order,
// without the first one, to which the lock must have gone, and ahead of those that have arrived since.
// No goroutine arrives twice.
func (q *line) next(x *explore.Run, now line) {
	last := 0
	for _, w := range now {
		i := slices.Index(*q, w)
		if i < 0 {
			i = len(*q)
		}
		x.Assert(i > last || i == len(*q), "the queue was %p, and is %p", *q, now)
		last = i
	}
	*q = now
}

// exploreLock explores contests for a lock. A lock that has a method Line must keep to it.
func exploreLock(t *testing.T, newLock func() exclusive, contests []contest) {
	for _, c := range contests {
		t.Run(c.name, func(t *testing.T) {
			c.bounds.Check(t, func(x *explore.Run) { c.hold(x, newLock()) })
		})
	}
}

func (c *contest) hold(x *explore.Run, l exclusive) {
	ordered, _ := l.(interface{ Line() []*park.Waiter })
	var queue line
	var count guarded
	got := make([]int, len(c.parties))
	for i, attempts := range c.parties {
		x.Go(func() {
			for _, a := range attempts {
				if !a(x, l) {
					continue
				}
				got[i]++
				count.add(1)
				if ordered != nil && len(attempts) == 1 {
					queue.next(x, ordered.Line())
				}
				l.Unlock()
			}
		})
	}
	x.Wait()
	locked := 0
	for _, n := range got {
		locked += n
	}
	x.Assert(locked > 0, "no goroutine has locked a free lock")
	x.Assert(count.n.Load() == locked, "%d have counted, and %d have locked", count.n.Load(), locked)
	mustBeIdle(x, l, 0)
}

// An op is an operation that has returned, between two moments of a history. do does it to a copy of the state
// of a model, and returns that, or reports false if the operation could not have had its result there.
type op[S any] struct {
	begin, end int32
	do         func(S) (S, bool)
}

// linearizable reports whether the model, which begins in s, could have done ops one after the other, each at some
// moment between its beginning and its end (Herlihy and Wing, Linearizability, 1990). It tries all orders.
func linearizable[S any](s S, ops []op[S]) bool {
	if len(ops) == 0 {
		return true
	}
	first := slices.MinFunc(ops, func(a, b op[S]) int { return int(a.end - b.end) })
	for i, o := range ops {
		if o.begin > first.end {
			continue
		}
		if after, ok := o.do(s); ok && linearizable(after, slices.Concat(ops[:i], ops[i+1:])) {
			return true
		}
	}
	return false
}

// A step is an operation of a program. run runs it, and returns what it does to a model.
type step[L, S any] struct {
	name string
	run  func(l L) (model func(S) (S, bool))
}

// A program is a list of steps for each of some goroutines.
type program[L, S any] struct {
	bounds explore.Options
	steps  [][]step[L, S]
}

// String returns the names of the steps.
func (p program[L, S]) String() string {
	var all []string
	for _, steps := range p.steps {
		var names []string
		for _, s := range steps {
			names = append(names, s.name)
		}
		all = append(all, strings.Join(names, ", "))
	}
	return strings.Join(all, " | ")
}

// exploreHistories explores programs, and checks that each history is linearizable, and what end checks. s is the
// first state of the model.
func exploreHistories[L, S any](t *testing.T, newLock func() L, s S, programs []program[L, S], end func(x *explore.Run, l L)) {
	for _, p := range programs {
		t.Run(p.String(), func(t *testing.T) {
			p.bounds.Check(t, func(x *explore.Run) {
				l := newLock()
				var now atomic.Int32 // a step, so that the order of begins and ends is explored, too
				histories := make([][]op[S], len(p.steps))
				for i, steps := range p.steps {
					x.Go(func() {
						for _, s := range steps {
							begin := now.Add(1)
							do := s.run(l)
							histories[i] = append(histories[i], op[S]{begin, now.Add(1), do})
						}
					})
				}
				x.Wait()
				x.Assert(linearizable(s, slices.Concat(histories...)), "no order of these calls, one after the other, has these results")
				end(x, l)
			})
		})
	}
}
