// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"errors"
	"os"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/park"
)

// A bell is a condition variable for a baton: the waiters give the baton back, and get it again.
type bell struct {
	word *atomic.Uint32
	b    *baton
	x    *explore.Run
}

func (c *bell) Enqueue(q park.Queue, w *park.Waiter) uint32 {
	q.Push(w)
	return 0
}

// GiveUp is called with either queue.
func (c *bell) GiveUp(q park.Queue, w *park.Waiter) {
	c.x.Assert(q.Addr() == c.word || q.Addr() == &c.b.free, "GiveUp with the queue of another word")
}

// A holder is a baton that Unlock passes.
type holder struct{ *baton }

func (h holder) Lock()   {}
func (h holder) Unlock() { h.pass() }

// TestExploreMove lets goroutines wait for a bell, whose waiters are moved to the queue of the baton that they
// need then. Those that count as woken keep their places, whatever their limits.
func TestExploreMove(t *testing.T) {
	moves := map[string]func(from, to park.Queue){
		"MoveTo":    func(from, to park.Queue) { from.MoveTo(to, 9) },
		"MoveWoken": func(from, to park.Queue) { from.MoveWoken(to, 9) },
	}
	for name, move := range moves {
		eachCrew(t, []crew{
			{name + "/two", complete, []sleeper{condition, condition}},
			{name + "/a limit", complete, []sleeper{condition, limited}},
			{name + "/two limits", complete, []sleeper{limited, limited}},
			{name + "/a context", complete, []sleeper{cancelled}},
			{name + "/threads", complete, []sleeper{onKernel, limitedOnK}},
			{name + "/three", atMost(1), []sleeper{condition, limited, condition}},
		}, func(x *explore.Run, who []sleeper) {
			b := newBaton(x)
			b.unordered = true
			c := &bell{word: new(atomic.Uint32), b: b, x: x}
			var rung explore.Var[bool]
			for _, s := range who {
				x.Go(func() {
					s.do(x, func(w *park.Waiter) {
						if !b.take(w, s) {
							return
						}
						for !rung.Load() {
							token, err := w.Sleep(c.word, c, holder{b})
							if s.gaveUp(x, err) {
								return
							}
							x.Assert(token == hasIt, "Sleep has returned the token %d", token)
						}
						b.pass()
					})
				})
			}
			condition.do(x, func(w *park.Waiter) {
				b.take(w, condition)
				rung.Store(true)
				park.WithQueues(c.word, &b.free, move)
				b.pass()
			})
			x.Wait()
			x.Assert(b.free.Load() == 1, "the baton is lost")
			mustBeIdle(x, &b.free, c.word)
		})
	}
}

// TestExploreMovedAway lets a waiter give up while it is moved back and forth: it leaves the queue in which it
// is.
func TestExploreMovedAway(t *testing.T) {
	for name, words := range twoWords {
		eachCrew(t, []crew{
			{name + "/a limit", complete, []sleeper{limited}},
			{name + "/two limits", complete, []sleeper{limited, limited}},
			{name + "/a context", complete, []sleeper{cancelled}},
			{name + "/a thread", complete, []sleeper{limitedOnK}},
			{name + "/a context of a thread", atMost(1), []sleeper{endedOnK}},
		}, func(x *explore.Run, who []sleeper) {
			a, b := words()
			for _, s := range who {
				x.Go(func() {
					s.do(x, func(w *park.Waiter) {
						_, err := w.Sleep(a, park.Always{}, nil)
						want := os.ErrDeadlineExceeded
						x.Assert(s.gaveUp(x, err) && (s.kind == park.Condition || errors.Is(err, want)), "Sleep has returned %v", err)
					})
				})
			}
			park.WithQueues(a, b, func(a, b park.Queue) { a.MoveTo(b, 1) })
			park.WithQueues(b, a, func(b, a park.Queue) { b.MoveTo(a, 1) })
			x.Wait()
			mustBeIdle(x, a, b)
		})
	}
}

// TestExploreTwoQueues shows that calls that lock two queues in opposite orders exclude each other, and do not deadlock.
func TestExploreTwoQueues(t *testing.T) {
	for name, words := range twoWords {
		t.Run(name, func(t *testing.T) {
			complete.Check(t, func(x *explore.Run) {
				a, b := words()
				var inside atomic.Int32
				both := func(park.Queue, park.Queue) {
					x.Assert(inside.Add(1) == 1, "two goroutines have the queues")
					inside.Add(-1)
				}
				x.Go(func() { park.WithQueues(a, b, both) })
				x.Go(func() { park.WithQueues(b, a, both) })
				x.Go(func() { park.WithQueue(b, func(q park.Queue) { both(q, q) }) })
				x.Wait()
			})
		})
	}
}

// TestExploreLend lets goroutines use the very word while a queue is lent, or another word of its bucket.
func TestExploreLend(t *testing.T) {
	for _, c := range []struct {
		name        string
		bounds      explore.Options
		move, other bool
		ways        []way
	}{
		{"WakeAll", complete, false, false, []way{wait, wait}},
		{"WakeAll, another word", complete, false, true, []way{wait, wait}},
		{"WakeAll, another word, a limit", complete, false, true, []way{waitFor, wait}},
		{"WakeAll, limits", complete, false, false, []way{waitFor, waitFor}},
		{"WakeAll, three", complete, false, false, []way{wait, wait, wait}},
		{"Requeue", complete, true, false, []way{wait, wait}},
		{"Requeue, another word", complete, true, true, []way{wait, wait}},
		{"Requeue, another word, a limit", complete, true, true, []way{waitFor, wait}},
		{"Requeue, limits", complete, true, false, []way{waitFor, waitFor}},
		{"Requeue, three", complete, true, false, []way{wait, wait, wait}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.bounds.Check(t, func(x *explore.Run) {
				words := park.SameBucket(3)
				a, b, other := words[0], words[1], words[2]
				undo := park.WhileLent(1, func() {})
				defer undo()
				for _, w := range c.ways {
					x.Go(func() {
						for a.Load() == 0 && w(x, a, 0) {
						}
					})
				}
				if c.other {
					x.Go(func() {
						for other.Load() == 0 {
							park.Wait(other, 0)
						}
					})
					x.Go(func() {
						other.Store(1)
						park.Wake(other)
					})
				}
				a.Store(1)
				if c.move {
					_, moved, _ := park.Requeue(a, 1, 0, b, 9)
					for range moved {
						park.Wake(b)
					}
				} else {
					park.WakeAll(a)
				}
				x.Wait()
				mustBeIdle(x, a, b, other)
			})
		})
	}
}
