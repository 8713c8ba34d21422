// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/internal/pin"
	"github.com/osync-go/osync/locks/park"
)

// The tests TestExplore… run every interleaving of a few goroutines, under the command explore. Under plain go
// test they are stress tests. A wake-up that is lost is a deadlock in them.

// complete explores every interleaving.
var complete = explore.Options{Complete: true}

// atMost explores every interleaving with at most n preemptions.
func atMost(n int) explore.Options { return explore.Options{Complete: true, Preemptions: n} }

// spurious lets a sleep of each pinned thread end spuriously.
func spurious(o explore.Options) explore.Options { o.Spurious = 1; return o }

// spinning lets pinned threads spin before they sleep, and keep their processor while they sleep.
func spinning(o explore.Options) explore.Options { o.Procs, o.Spins = 2, 41; return o }

// mustBeIdle asserts that nothing is left behind on the words, and that their buckets are in order. A Wake in vain
// takes the announcement back.
func mustBeIdle(x *explore.Run, words ...*atomic.Uint32) {
	for _, w := range words {
		n := park.Waiting(w)
		x.Assert(n == 0, "%d waiters are left behind", n)
		park.CheckAt(w)
		x.Assert(!park.Wake(w), "Wake has found a waiter")
		x.Assert(!park.Announced(w), "a waiter is announced after all have gone")
	}
}

// onThread pins the calling goroutine to its thread while f runs.
func onThread(f func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	pin.Add(true)
	defer pin.Remove()
	f()
}

// A way waits like Wait, and reports whether it has not given up.
type way func(x *explore.Run, addr *atomic.Uint32, old uint32) bool

func wait(_ *explore.Run, addr *atomic.Uint32, old uint32) bool {
	park.Wait(addr, old)
	return true
}

func waitFor(_ *explore.Run, addr *atomic.Uint32, old uint32) bool {
	return park.WaitFor(addr, old, time.Second)
}

// waitLock waits as a lock does.
func waitLock(_ *explore.Run, addr *atomic.Uint32, old uint32) bool {
	return park.WaitLimit(addr, old, park.Exclusion, park.Limit{}) == nil
}

func waitContext(x *explore.Run, addr *atomic.Uint32, old uint32) bool {
	return park.WaitContext(soon(x), addr, old) == nil
}

// soon returns a context that ends at a moment that the exploration chooses.
func soon(x *explore.Run) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	x.Go(cancel)
	return ctx
}

// asThread makes a way that of a pinned thread.
func asThread(w way) way {
	return func(x *explore.Run, addr *atomic.Uint32, old uint32) (ok bool) {
		onThread(func() { ok = w(x, addr, old) })
		return ok
	}
}

// A party is what goroutines do, in a test of the name.
type party struct {
	name   string
	bounds explore.Options
	ways   [][]way // of each goroutine, one after the other
}

func each(t *testing.T, parties []party, f func(x *explore.Run, ways [][]way)) {
	for _, p := range parties {
		t.Run(p.name, func(t *testing.T) {
			p.bounds.Check(t, func(x *explore.Run) { f(x, p.ways) })
		})
	}
}

// TestExploreGate shows that the lock of the package comment excludes, and that no wake-up is lost.
func TestExploreGate(t *testing.T) {
	each(t, []party{
		{"two", complete, [][]way{{wait, wait, wait}, {wait, wait, wait}}},
		{"three", complete, [][]way{{wait}, {wait}, {wait}}},
		{"three, twice", atMost(3), [][]way{{wait, wait}, {wait, wait}, {wait}}},
		{"four", atMost(3), [][]way{{wait}, {wait}, {wait}, {wait}}},
		{"locks", complete, [][]way{{waitLock, waitLock}, {waitLock, waitLock}}},
		{"locks, three", complete, [][]way{{waitLock}, {waitLock}, {waitLock}}},
		{"a limit", complete, [][]way{{wait, wait}, {waitFor, waitFor}}},
		{"a limit, three", complete, [][]way{{wait}, {wait}, {waitFor}}},
		{"two limits, three", atMost(3), [][]way{{wait}, {waitFor}, {waitFor}}},
		{"a context", complete, [][]way{{wait, wait}, {waitContext}}},
		{"a context, three", atMost(2), [][]way{{wait}, {wait}, {waitContext}}},
		{"two contexts", complete, [][]way{{waitContext}, {waitContext}}},
	}, func(x *explore.Run, ways [][]way) {
		var closed atomic.Uint32
		var inside explore.Var[int]
		entered := make([]int, len(ways))
		for i, ways := range ways {
			x.Go(func() {
			next:
				for _, w := range ways {
					for !closed.CompareAndSwap(0, 1) {
						if !w(x, &closed, 1) {
							continue next
						}
					}
					entered[i]++
					inside.Store(inside.Load() + 1)
					closed.Store(0)
					park.Wake(&closed)
				}
			})
		}
		x.Wait()
		sum := 0
		for _, n := range entered {
			sum += n
		}
		x.Assert(inside.Load() == sum, "%d have counted, and %d have entered", inside.Load(), sum)
		mustBeIdle(x, &closed)
	})
}

// TestExplorePermit shows that a wait that gives up consumes no wake: one permit goes through all waiters for
// it, and those without a limit all get it.
func TestExplorePermit(t *testing.T) {
	each(t, []party{
		{"two", complete, [][]way{{wait}, {wait}}},
		{"three", atMost(2), [][]way{{wait}, {wait}, {wait}}},
		{"a limit", complete, [][]way{{wait}, {waitFor}}},
		{"a limit among two", atMost(1), [][]way{{wait}, {waitFor}, {wait}}},
		{"two limits", atMost(1), [][]way{{wait}, {waitFor}, {waitFor}}},
		{"a context", complete, [][]way{{wait}, {waitContext}}},
		{"a context and a limit", atMost(1), [][]way{{wait}, {waitContext}, {waitFor}}},
	}, func(x *explore.Run, ways [][]way) {
		var permits atomic.Uint32
		post := func() {
			permits.Add(1)
			park.Wake(&permits)
		}
		for _, ways := range ways {
			x.Go(func() {
				for n := permits.Load(); n == 0 || !permits.CompareAndSwap(n, n-1); n = permits.Load() {
					if n == 0 && !ways[0](x, &permits, 0) {
						return
					}
				}
				post()
			})
		}
		x.Go(post)
		x.Wait()
		x.Assert(permits.Load() == 1, "%d permits", permits.Load())
		mustBeIdle(x, &permits)
	})
}

// TestExploreWakeAll shows that WakeAll wakes all that sleep, and says how many they were, and that waiters may come
// and leave meanwhile.
func TestExploreWakeAll(t *testing.T) {
	each(t, []party{
		{"two", complete, [][]way{{wait}, {wait}}},
		{"three", complete, [][]way{{wait}, {wait}, {wait}}},
		{"a limit", complete, [][]way{{waitFor}, {wait}}},
		{"limits", complete, [][]way{{waitFor}, {waitFor}}},
		{"locks", complete, [][]way{{waitLock}, {waitLock}, {wait}}},
		{"a context", complete, [][]way{{waitContext}, {wait}}},
		{"a context and a limit", complete, [][]way{{waitContext}, {waitFor}}},
	}, func(x *explore.Run, ways [][]way) {
		var open atomic.Uint32
		woken, waits := make([]int, 2), make([]int, len(ways))
		for i, ways := range ways {
			x.Go(func() {
				for open.Load() == 0 && ways[0](x, &open, 0) {
					waits[i]++
				}
			})
		}
		for i := range woken {
			x.Go(func() {
				open.Store(1)
				woken[i] = park.WakeAll(&open)
			})
		}
		x.Wait()
		n := 0
		for _, w := range waits {
			n += w
			x.Assert(w < 2, "a waiter was woken %d times by one change", w)
		}
		x.Assert(woken[0]+woken[1] <= n, "%v were woken, and %d waits have ended", woken, n)
		mustBeIdle(x, &open)
	})
}

// twoWords are two words of one bucket and class, of one bucket and two classes, and of two buckets.
var twoWords = map[string]func() (a, b *atomic.Uint32){
	"one class":   func() (a, b *atomic.Uint32) { w := park.SameBucket(2); return w[0], w[1] },
	"one bucket":  func() (a, b *atomic.Uint32) { w := park.SameBucket(3); return w[0], w[2] },
	"two buckets": func() (a, b *atomic.Uint32) { return new(atomic.Uint32), new(atomic.Uint32) },
}

// TestExploreTwoWords shows that waits on one word do not hide those on another one of the bucket from their
// wakers, when either is announced and taken back.
func TestExploreTwoWords(t *testing.T) {
	for name, words := range twoWords {
		for _, c := range []struct {
			name   string
			bounds explore.Options
			waits  []way                     // on the one word, and on the other
			idle   func(addr *atomic.Uint32) // a wake in vain
		}{
			{"a wake each", complete, []way{wait, wait}, func(*atomic.Uint32) {}},
			{"wakes in vain", complete, []way{wait, wait}, func(addr *atomic.Uint32) { park.Wake(addr) }},
			{"wakes of all in vain", complete, []way{wait, wait}, func(addr *atomic.Uint32) { park.WakeAll(addr) }},
			{"a limit", complete, []way{wait, waitFor}, func(addr *atomic.Uint32) { park.Wake(addr) }},
			{"three", atMost(1), []way{wait, wait, wait}, func(addr *atomic.Uint32) { park.Wake(addr) }},
		} {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				c.bounds.Check(t, func(x *explore.Run) {
					a, b := words()
					for i, w := range c.waits {
						addr := [2]*atomic.Uint32{a, b}[i%2]
						x.Go(func() {
							for addr.Load() == 0 && w(x, addr, 0) {
							}
						})
					}
					x.Go(func() {
						c.idle(a)
						a.Store(1)
						park.WakeAll(a)
					})
					x.Go(func() {
						b.Store(1)
						park.WakeAll(b)
					})
					x.Wait()
					mustBeIdle(x, a, b)
				})
			})
		}
	}
}

// TestExploreRequeue lets waiters be moved from one word to another while they come, give up, and are woken on
// either. No wake-up is lost, whichever queue they are in.
func TestExploreRequeue(t *testing.T) {
	for name, words := range twoWords {
		for _, c := range []struct {
			name   string
			bounds explore.Options
			waits  []way
			wake   int
		}{
			{"two", complete, []way{wait, wait}, 1},
			{"none is woken", complete, []way{wait, wait}, 0},
			{"a limit", complete, []way{wait, waitFor}, 1},
			{"limits, none is woken", complete, []way{waitFor, waitFor}, 0},
			{"a context", complete, []way{waitContext}, 0},
			{"three", atMost(1), []way{wait, waitFor, wait}, 1},
		} {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				c.bounds.Check(t, func(x *explore.Run) {
					from, to := words()
					for _, w := range c.waits {
						x.Go(func() {
							for from.Load() == 0 && w(x, from, 0) {
							}
						})
					}
					x.Go(func() { // as another user of the word does
						to.Add(1)
						park.Wake(to)
					})
					_, _, ok := park.Requeue(from, 1, 1, to, 9)
					x.Assert(!ok, "Requeue has not looked at the word")
					from.Store(1)
					woken, moved, ok := park.Requeue(from, 1, c.wake, to, 9)
					x.Assert(ok && woken <= c.wake && moved <= len(c.waits), "Requeue = %d, %d, %t", woken, moved, ok)
					for range moved {
						park.Wake(to)
					}
					x.Wait()
					mustBeIdle(x, from, to)
				})
			})
		}
	}
}

// TestExplorePinned lets pinned threads wait beside goroutines.
func TestExplorePinned(t *testing.T) {
	each(t, []party{
		{"one of two", complete, [][]way{{asThread(wait)}, {wait}}},
		{"two", complete, [][]way{{asThread(wait)}, {asThread(wait)}}},
		{"three", atMost(1), [][]way{{asThread(wait)}, {asThread(wait)}, {asThread(wait)}}},
		{"a limit", complete, [][]way{{asThread(waitFor)}, {wait}}},
		{"two limits", atMost(1), [][]way{{asThread(waitFor)}, {asThread(waitFor)}}},
		{"a limit of three", atMost(1), [][]way{{asThread(waitFor)}, {wait}, {asThread(wait)}}},
		{"a context", atMost(2), [][]way{{asThread(waitContext)}, {wait}}},
		{"a context of a pair", atMost(1), [][]way{{asThread(waitContext)}, {asThread(wait)}}},
		{"two contexts", atMost(1), [][]way{{asThread(waitContext)}, {asThread(waitContext)}}},
		{"spurious wake-ups", spurious(complete), [][]way{{asThread(wait)}, {asThread(wait)}}},
		{"spurious wake-ups, a limit", spurious(atMost(2)), [][]way{{asThread(waitFor)}, {wait}}},
		{"spurious wake-ups, a context", spurious(atMost(1)), [][]way{{asThread(waitContext)}, {wait}}},
		{"two processors", spinning(atMost(1)), [][]way{{asThread(wait)}, {wait}}},
		{"two processors, a limit", spinning(complete), [][]way{{asThread(waitFor)}}},
	}, func(x *explore.Run, ways [][]way) {
		var permits atomic.Uint32
		post := func() {
			permits.Add(1)
			park.Wake(&permits)
		}
		for _, ways := range ways {
			x.Go(func() {
				for n := permits.Load(); n == 0 || !permits.CompareAndSwap(n, n-1); n = permits.Load() {
					if n == 0 && !ways[0](x, &permits, 0) {
						return
					}
				}
				post()
			})
		}
		x.Go(post)
		x.Wait()
		x.Assert(permits.Load() == 1, "%d permits", permits.Load())
		mustBeIdle(x, &permits)
	})
}
