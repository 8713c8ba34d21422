// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/guard"
)

// The tests TestExplore… run every interleaving of a few goroutines, under the command explore. Under plain go
// test they are stress tests. The value is an explore.Var in them, so that a second holder, and an order that the
// lock should make and does not, is a data race. A waiter that misses a change is a deadlock.

// A shelf is the value: units that goroutines put and take. A copy of the value, which Read passes, is the same shelf.
type shelf = *explore.Var[int]

// A shelfRun is an execution with a monitor of a shelf.
type shelfRun struct {
	*explore.Run
	g monitor[shelf]
}

// complete explores every interleaving.
var complete = explore.Options{Complete: true}

// atMost explores every interleaving with at most n preemptions.
func atMost(n int) explore.Options { return explore.Options{Complete: true, Preemptions: n} }

// passing lets a second pass whenever a goroutine looks at the clock, once for each, so that more than the first
// change hands the lock off.
func passing(o explore.Options) explore.Options { o.TimeJumps = 1; return o }

func some(s *shelf) bool    { return (*s).Load() > 0 }
func none(s *shelf) bool    { return (*s).Load() == 0 }
func several(s *shelf) bool { return (*s).Load() > 1 }
func put(s *shelf)          { (*s).Store((*s).Load() + 1) }
func take(s *shelf)         { (*s).Store((*s).Load() - 1) }
func nothing(*shelf)        {}

// soon returns a context that ends at a moment that the exploration chooses.
func soon(x *explore.Run) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	x.Go(cancel)
	return ctx
}

// uses are what a goroutine does with a monitor. One that puts does it without a limit, so that the waiters for a unit
// get one. Those that borrow put back what they have taken.
var uses = map[string]func(x *shelfRun) (added int){
	"put":        func(x *shelfRun) int { x.g.With(put); return 1 },
	"putTwice":   func(x *shelfRun) int { x.g.With(put); x.g.With(put); return 2 },
	"putWhen":    func(x *shelfRun) int { x.g.When(none, put); return 1 },
	"tryPut":     func(x *shelfRun) int { return count(x.g.TryWith(put)) },
	"putFor":     func(x *shelfRun) int { return count(x.g.TryWithFor(time.Second, put)) },
	"putContext": func(x *shelfRun) int { return count(x.g.WithContext(soon(x.Run), put) == nil) },
	"putPanic": func(x *shelfRun) int {
		defer func() { recover() }()
		x.g.With(func(s *shelf) { put(s); panic("after the change") })
		return 0
	},

	"take":        func(x *shelfRun) int { x.g.When(some, take); return -1 },
	"takeTwo":     func(x *shelfRun) int { x.g.When(several, func(s *shelf) { take(s); take(s) }); return -2 },
	"takeFor":     func(x *shelfRun) int { return -count(x.g.WhenFor(time.Second, some, take)) },
	"takeContext": func(x *shelfRun) int { return -count(x.g.WhenContext(soon(x.Run), some, take) == nil) },
	"tryTake":     func(x *shelfRun) int { return -count(x.g.WhenFor(0, some, take)) },

	"putAtTwo": func(x *shelfRun) int { x.g.When(several, put); return 1 },
	"seeThree": func(x *shelfRun) int { x.g.When(func(s *shelf) bool { return (*s).Load() > 2 }, nothing); return 0 },

	"see":        func(x *shelfRun) int { x.g.When(some, nothing); return 0 },
	"seeFor":     func(x *shelfRun) int { x.g.WhenFor(time.Second, several, nothing); return 0 },
	"seeContext": func(x *shelfRun) int { x.g.WhenContext(soon(x.Run), several, nothing); return 0 },
	"seePanic": func(x *shelfRun) int {
		defer func() { recover() }()
		x.g.When(func(s *shelf) bool {
			if some(s) {
				panic("at a look")
			}
			return false
		}, nothing)
		return 0
	},

	"borrow": func(x *shelfRun) int { x.g.When(some, take); x.g.With(put); return 0 },
	"borrowFor": func(x *shelfRun) int {
		if x.g.WhenFor(time.Second, some, take) {
			x.g.With(put)
		}
		return 0
	},
	"borrowContext": func(x *shelfRun) int {
		if x.g.WhenContext(soon(x.Run), some, take) == nil {
			x.g.With(put)
		}
		return 0
	},

	"read":    func(x *shelfRun) int { rw(x).Read(func(s shelf) { s.Load() }); return 0 },
	"tryRead": func(x *shelfRun) int { rw(x).TryRead(func(s shelf) { s.Load() }); return 0 },
	"readFor": func(x *shelfRun) int { rw(x).TryReadFor(time.Second, func(s shelf) { s.Load() }); return 0 },
	"readContext": func(x *shelfRun) int {
		rw(x).ReadContext(soon(x.Run), func(s shelf) { s.Load() })
		return 0
	},
}

func rw(x *shelfRun) *guard.RWMutex[shelf] { return x.g.(*guard.RWMutex[shelf]) }

func count(ok bool) int {
	if ok {
		return 1
	}
	return 0
}

// exploreMonitor explores f. At the end of each execution the monitor must be as one that was never used.
func exploreMonitor(t *testing.T, o explore.Options, make func(shelf) monitor[shelf], f func(x *shelfRun)) {
	t.Helper()
	o.Check(t, func(run *explore.Run) {
		x := &shelfRun{run, make(new(explore.Var[int]))}
		f(x)
		x.Wait()
		waiting, word := x.g.Waiting(), x.g.State()
		x.Assert(waiting == 0, "%d waiters are left behind", waiting)
		x.Assert(word == 0, "the words are %#x at the end", word)
	})
}

// exploreUses explores goroutines that do what the words of a scenario say: see uses.
func exploreUses(t *testing.T, o explore.Options, make func(shelf) monitor[shelf], scenarios ...string) {
	for _, scenario := range scenarios {
		t.Run(scenario, func(t *testing.T) {
			words := strings.Fields(scenario)
			exploreMonitor(t, o, make, func(x *shelfRun) {
				added := [8]int{}
				for i, word := range words {
					x.Go(func() { added[i] = uses[word](x) })
				}
				x.Wait()
				sum := strings.Count(scenario, "putPanic")
				for _, n := range added {
					sum += n
				}
				x.g.With(func(s *shelf) { x.Assert((*s).Load() == sum, "%d units are left of %d", (*s).Load(), sum) })
			})
		})
	}
}

func newMutex(s shelf) monitor[shelf]   { return guard.NewMutex(s) }
func newRWMutex(s shelf) monitor[shelf] { return guard.NewRWMutex(s) }

// TestExploreMutex shows mutual exclusion, and that no waiter misses the change it waits for.
func TestExploreMutex(t *testing.T) {
	exploreUses(t, complete, newMutex,
		"put put tryPut",
		"putFor put",
		"putContext put",
		"putTwice take",
		"putPanic take",
		"put tryTake",
		"put take putWhen",
		"put see see",
		"putTwice takeTwo",
		"put seePanic see")
	exploreUses(t, atMost(2), newMutex,
		"put borrow borrow",
		"putTwice take take",
		"put see see see")
	exploreUses(t, atMost(1), newMutex,
		"putTwice put takeTwo take",
		"seeThree seeThree putAtTwo putTwice")
}

// TestExploreMutexLimits shows that a waiter that gives up, at any moment, passes on the change that it was to look at.
func TestExploreMutexLimits(t *testing.T) {
	exploreUses(t, complete, newMutex,
		"put takeFor",
		"put takeContext")
	exploreUses(t, atMost(2), newMutex,
		"put putFor take",
		"put see seeFor",
		"put see seeContext",
		"put borrow borrowFor")
	exploreUses(t, atMost(1), newMutex,
		"put borrow borrowContext",
		"put borrowFor borrowContext")
}

// TestExploreMutexHandsOff shows the same while the lock is handed off again and again.
func TestExploreMutexHandsOff(t *testing.T) {
	exploreUses(t, passing(complete), newMutex, "putTwice take")
	exploreUses(t, passing(atMost(2)), newMutex, "put borrow borrow")
	exploreUses(t, passing(atMost(1)), newMutex,
		"putTwice take see",
		"put borrow borrowFor",
		"put see seeContext")
}

// TestExploreRWMutex shows the same for an RWMutex, whose readers exclude no reader.
func TestExploreRWMutex(t *testing.T) {
	exploreUses(t, complete, newRWMutex,
		"put tryPut read",
		"put tryRead",
		"put take",
		"put tryTake")
	exploreUses(t, atMost(2), newRWMutex,
		"put see see",
		"put take read",
		"put take tryRead",
		"putFor read",
		"putContext read",
		"put readFor readContext",
		"put borrow borrow")
	exploreUses(t, atMost(1), newRWMutex,
		"put see seeFor",
		"put see seeContext",
		"put seeFor readFor")
}

// A watch hears how many units each look at a condition finds. One who has heard of a look, and locks the lock then, finds the
// waiter in the queue.
type watch chan int

func (w watch) at(cond func(*shelf) bool) func(*shelf) bool {
	return func(s *shelf) bool {
		w <- (*s).Load()
		return cond(s)
	}
}

// looks waits for n looks that find so many units.
func (w watch) looks(n, units int) {
	for n > 0 {
		if <-w == units {
			n--
		}
	}
}

// TestExploreMutexOrder shows that waiters are served in the order of their first looks, also if one comes while the others
// look in vain.
func TestExploreMutexOrder(t *testing.T) {
	for name, o := range map[string]explore.Options{"": atMost(2), "passing": passing(atMost(1))} {
		t.Run(name, func(t *testing.T) {
			exploreMonitor(t, o, newMutex, func(x *shelfRun) {
				w := make(watch, 16)
				var order []int
				wait := func(i int) {
					x.Go(func() { x.g.When(w.at(several), func(*shelf) { order = append(order, i) }) })
				}
				for i := range 2 {
					wait(i)
					w.looks(1, 0)
				}
				wait(2)
				x.g.With(put)
				w.looks(3, 1) // each waits again
				x.g.With(put)
				x.Wait()
				x.Assert(slices.Equal(order, []int{0, 1, 2}), "served in the order %v", order)
			})
		})
	}
}

// TestExploreMutexHandsOffOnce shows that the second change of a millisecond does not hand the lock off: the waiter may miss it.
func TestExploreMutexHandsOffOnce(t *testing.T) {
	found := atMost(2).Find(t, func(run *explore.Run) {
		x := &shelfRun{run, newMutex(new(explore.Var[int]))}
		w := make(watch, 16)
		x.Go(func() { x.g.When(w.at(some), take) })
		w.looks(1, 0)
		x.g.With(put)
		x.g.With(func(s *shelf) { x.Assert(none(s), "the first change") })
		served := false
		x.Go(func() { x.g.When(w.at(some), func(*shelf) { served = true }) })
		w.looks(1, 0)
		x.g.With(put)
		x.g.With(func(*shelf) { x.Assert(served, "the second change") })
	})
	if found == nil || found.Kind != "assertion" || found.Message != "the second change" {
		t.Errorf("found %v, want the second change to be missed", found)
	}
}

// TestExploreMutexSeesEach shows that a waiter sees a change that is undone at once, if it is the first of a
// millisecond, and that no goroutine gets in between the change and its look.
func TestExploreMutexSeesEach(t *testing.T) {
	exploreMonitor(t, atMost(2), newMutex, func(x *shelfRun) {
		w := make(watch, 16)
		served := false
		x.Go(func() { x.g.When(w.at(some), func(s *shelf) { take(s); served = true }) })
		w.looks(1, 0)
		x.Go(func() {
			x.g.WhenFor(0, func(s *shelf) bool {
				x.Assert(none(s), "another goroutine came between")
				return false
			}, nothing)
		})
		x.g.With(put)
		x.g.With(func(*shelf) { x.Assert(served, "the waiter has not seen the change") })
	})
}
