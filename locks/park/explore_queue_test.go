// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/park"
)

// A sleeper is how a goroutine makes its Waiter.
type sleeper struct {
	kind    park.Kind
	limit   func(x *explore.Run) park.Limit // nil is none
	pinned  bool
	byMutex bool
}

var (
	condition  = sleeper{kind: park.Condition}
	exclusion  = sleeper{kind: park.Exclusion}
	byMutex    = sleeper{kind: park.Exclusion, byMutex: true}
	limited    = sleeper{kind: park.Exclusion, limit: shortly}
	cancelled  = sleeper{kind: park.Condition, limit: func(x *explore.Run) park.Limit { return park.Context(soon(x)) }}
	onKernel   = sleeper{kind: park.Exclusion, pinned: true}
	limitedOnK = sleeper{kind: park.Exclusion, limit: shortly, pinned: true}
	endedOnK   = sleeper{kind: park.Condition, limit: cancelled.limit, pinned: true}
)

func shortly(x *explore.Run) park.Limit {
	if x.Exploring() {
		return park.For(time.Second) // it ends at any moment
	}
	return park.For(20 * time.Microsecond)
}

// do calls f with a Waiter.
func (s sleeper) do(x *explore.Run, f func(w *park.Waiter)) {
	call := func() {
		var limit park.Limit
		if s.limit != nil {
			limit = s.limit(x)
		}
		w := park.NewWaiter(s.kind, limit)
		if s.byMutex {
			w.ByMutex()
		}
		f(w)
		w.Free()
	}
	if s.pinned {
		onThread(call)
	} else {
		call()
	}
}

// gaveUp asserts that err is that of a limit, if s has one, and reports whether the wait has ended by it.
func (s sleeper) gaveUp(x *explore.Run, err error) bool {
	x.Assert(err == nil || s.limit != nil, "a wait without a limit has ended: %v", err)
	return err != nil
}

// A crew is the goroutines of a test of the name.
type crew struct {
	name   string
	bounds explore.Options
	who    []sleeper
}

func eachCrew(t *testing.T, crews []crew, f func(x *explore.Run, who []sleeper)) {
	for _, c := range crews {
		t.Run(c.name, func(t *testing.T) {
			c.bounds.Check(t, func(x *explore.Run) { f(x, c.who) })
		})
	}
}

// A baton goes from hand to hand in the order in which the goroutines arrived. It is a lock without barging.
// What its queue guards the race detector cannot see.
type baton struct {
	free         atomic.Uint32 // 1 if no goroutine holds it
	came, passed uint64        // the tags of the last that arrived, and that got it from another
	unordered    bool
	x            *explore.Run
}

func newBaton(x *explore.Run) *baton {
	b := &baton{x: x}
	b.free.Store(1)
	return b
}

// hasIt is the token of a wake-up with which the baton comes.
const hasIt = 7

type batonQueue baton

//go:norace
func (b *batonQueue) Enqueue(q park.Queue, w *park.Waiter) uint32 {
	if b.free.Load() == 1 {
		b.x.Assert(q.Empty(), "goroutines wait for what is free")
		b.free.Store(0)
		return hasIt
	}
	b.came++
	w.SetTag(b.came)
	if b.came%2 == 0 {
		w.SleepAtOnce()
	}
	q.Push(w)
	return 0
}

func (b *batonQueue) GiveUp(q park.Queue, w *park.Waiter) {
	b.x.Assert(b.free.Load() == 0, "a goroutine has given up what is free")
}

func (b *baton) take(w *park.Waiter, s sleeper) bool {
	token, err := w.Sleep(&b.free, (*batonQueue)(b), nil)
	if s.gaveUp(b.x, err) {
		return false
	}
	b.x.Assert(token == hasIt, "Sleep has returned the token %d", token)
	return true
}

func (b *baton) pass() {
	var w *park.Waiter
	park.WithQueue(&b.free, func(q park.Queue) { w = b.next(q) })
	if w != nil {
		w.Wake(hasIt)
	}
}

// next takes the next one out of the queue.
//
//go:norace
func (b *baton) next(q park.Queue) *park.Waiter {
	w := q.Pop()
	if w == nil {
		b.free.Store(1)
		return nil
	}
	b.x.Assert(b.unordered || w.Tag() > b.passed, "number %d gets the baton after number %d", w.Tag(), b.passed)
	b.passed = w.Tag()
	return w
}

// TestExploreHandOff shows that Push, Pop, Sleep and Wake hand something over in the order of arrival, whatever the waiters
// sleep on, and when some give up. What comes before a Wake synchronizes before the return of Sleep.
func TestExploreHandOff(t *testing.T) {
	eachCrew(t, []crew{
		{"conditions", complete, []sleeper{condition, condition, condition}},
		{"four", complete, []sleeper{condition, condition, condition, condition}},
		{"five", complete, []sleeper{condition, condition, condition, condition, condition}},
		{"exclusions", complete, []sleeper{exclusion, exclusion, exclusion}},
		{"on a mutex", complete, []sleeper{byMutex, byMutex, byMutex}},
		{"limits", complete, []sleeper{limited, limited}},
		{"limits of three", complete, []sleeper{limited, exclusion, limited}},
		{"contexts", complete, []sleeper{cancelled, cancelled}},
		{"a context of three", atMost(2), []sleeper{cancelled, condition, limited}},
		{"threads", complete, []sleeper{onKernel, onKernel, condition}},
		{"limits of threads", complete, []sleeper{limitedOnK, limitedOnK}},
		{"spinning", spinAwake(complete), []sleeper{exclusion, exclusion}},
		{"spinning, three", spinAwake(atMost(1)), []sleeper{exclusion, exclusion, exclusion}},
		{"all", atMost(1), []sleeper{exclusion, byMutex, limited, onKernel}},
	}, func(x *explore.Run, who []sleeper) {
		b := newBaton(x)
		var n explore.Var[int]
		got := make([]bool, len(who))
		for i, s := range who {
			x.Go(func() {
				s.do(x, func(w *park.Waiter) {
					for range 2 { // a Waiter may sleep again
						if b.take(w, s) {
							got[i] = true
							n.Store(n.Load() + 1)
							b.pass()
						}
						if len(who) > 2 {
							break
						}
					}
				})
			})
		}
		x.Wait()
		x.Assert(b.free.Load() == 1, "the baton is lost")
		mustBeIdle(x, &b.free)
	})
}

// spinAwake lets goroutines spin before they sleep.
func spinAwake(o explore.Options) explore.Options { o.Procs, o.Spins = 2, 5; return o }

// A gathering ends the waits of n goroutines when the last of them comes, which wakes the others later.
type gathering struct {
	here atomic.Uint32
	n    uint32
}

func (m *gathering) Enqueue(q park.Queue, w *park.Waiter) uint32 {
	if m.here.Load()+1 == m.n {
		m.here.Store(0)
		w.WakeLater(q.PopAll(), hasIt)
		return hasIt
	}
	m.here.Add(1)
	q.Push(w)
	return 0
}

func (m *gathering) GiveUp(park.Queue, *park.Waiter) { m.here.Add(^uint32(0)) }

// TestExploreWakeLater shows that an Enqueuer may take others out and wake them when its queue is unlocked.
func TestExploreWakeLater(t *testing.T) {
	eachCrew(t, []crew{
		{"two", complete, []sleeper{condition, condition}},
		{"three", complete, []sleeper{condition, exclusion, byMutex}},
		{"four", complete, []sleeper{condition, condition, condition, condition}},
		{"limits", complete, []sleeper{limited, limited}},
		{"limits of three", atMost(2), []sleeper{limited, limited, limited}},
		{"threads", complete, []sleeper{onKernel, onKernel, onKernel}},
	}, func(x *explore.Run, who []sleeper) {
		m := &gathering{n: uint32(len(who))}
		met := make([]bool, len(who))
		for i, s := range who {
			x.Go(func() {
				s.do(x, func(w *park.Waiter) {
					token, err := w.Sleep(&m.here, m, nil)
					if !s.gaveUp(x, err) {
						met[i] = true
						x.Assert(token == hasIt, "Sleep has returned the token %d", token)
					}
				})
			})
		}
		x.Wait()
		x.Assert(m.here.Load() == 0, "%d are still here", m.here.Load())
		x.Assert(!slices.Contains(met, !met[0]), "only some have met: %v", met)
		mustBeIdle(x, &m.here)
	})
}

// TestExploreMeetAgain lets goroutines that were woken together sleep again at once, with the same Waiters, while others are
// still to be woken.
func TestExploreMeetAgain(t *testing.T) {
	eachCrew(t, []crew{
		{"three", complete, []sleeper{condition, condition, condition}},
		{"threads", atMost(2), []sleeper{onKernel, onKernel, onKernel}},
	}, func(x *explore.Run, who []sleeper) {
		m := &gathering{n: uint32(len(who))}
		for _, s := range who {
			x.Go(func() {
				s.do(x, func(w *park.Waiter) {
					for range 2 {
						token, _ := w.Sleep(&m.here, m, nil)
						x.Assert(token == hasIt, "Sleep has returned the token %d", token)
					}
				})
			})
		}
		x.Wait()
		mustBeIdle(x, &m.here)
	})
}

// A gateway is held, and then free. The first waiter blocks those that arrive later until it has gone through,
// or gives up.
type gateway struct{ held atomic.Uint32 }

func (g *gateway) Enqueue(q park.Queue, w *park.Waiter) uint32 {
	if g.held.Load() == 0 || w.Tag() == 0 && q.Empty() {
		return hasIt
	}
	q.Push(w)
	return 0
}

func (g *gateway) GiveUp(q park.Queue, w *park.Waiter) {
	if w.Tag() == 1 {
		w.WakeLater(q.PopAll(), hasIt)
	}
}

// TestExploreGiveUpWakesLater shows that GiveUp may take others out and wake them. A goroutine whose limit meets its
// wake-up does either.
func TestExploreGiveUpWakesLater(t *testing.T) {
	eachCrew(t, []crew{
		{"one behind", complete, []sleeper{limited, condition}},
		{"two behind", complete, []sleeper{limited, condition, exclusion}},
		{"a context", complete, []sleeper{cancelled, condition}},
		{"a thread", complete, []sleeper{limitedOnK, onKernel}},
		{"all limited", complete, []sleeper{limited, limited}},
	}, func(x *explore.Run, who []sleeper) {
		g := new(gateway)
		g.held.Store(1)
		for i, s := range who {
			x.Go(func() {
				s.do(x, func(w *park.Waiter) {
					if i == 0 {
						w.SetTag(1)
					}
					token, err := w.Sleep(&g.held, g, nil)
					x.Assert(s.gaveUp(x, err) || token == hasIt, "Sleep has returned the token %d", token)
				})
			})
		}
		x.Go(func() {
			var ws park.Waiters
			park.WithQueue(&g.held, func(q park.Queue) {
				g.held.Store(0)
				ws = q.PopAll()
			})
			ws.Wake(hasIt)
		})
		x.Wait()
		mustBeIdle(x, &g.held)
	})
}

// A sorted queue is kept in the order of tags, until the word is 1.
type sorted struct{ word atomic.Uint32 }

func (s *sorted) Enqueue(q park.Queue, w *park.Waiter) uint32 {
	if s.word.Load() == 0 {
		q.PushBefore(w, func(other *park.Waiter) bool { return other.Tag() > w.Tag() })
	}
	return 0
}

func (s *sorted) GiveUp(park.Queue, *park.Waiter) {}

// TestExplorePushBefore shows that the queue is in order whenever it is looked at.
func TestExplorePushBefore(t *testing.T) {
	eachCrew(t, []crew{
		{"three", complete, []sleeper{condition, condition, condition}},
		{"four", complete, []sleeper{condition, condition, condition, condition}},
		{"limits", complete, []sleeper{condition, limited, condition}},
		{"limits of three", complete, []sleeper{limited, limited, condition}},
	}, func(x *explore.Run, who []sleeper) {
		s := new(sorted)
		for i, how := range who {
			x.Go(func() {
				how.do(x, func(w *park.Waiter) {
					w.SetTag(uint64(i + 1))
					_, err := w.Sleep(&s.word, s, nil)
					how.gaveUp(x, err)
				})
			})
		}
		look := func(q park.Queue) {
			last := uint64(0)
			for w := range q.All() {
				x.Assert(w.Tag() > last, "tag %d comes after %d", w.Tag(), last)
				last = w.Tag()
			}
		}
		var first *park.Waiter
		park.WithQueue(&s.word, func(q park.Queue) {
			look(q)
			first = q.Pop()
		})
		if first != nil {
			first.Wake(0)
		}
		var others park.Waiters
		park.WithQueue(&s.word, func(q park.Queue) {
			look(q)
			s.word.Store(1)
			others = q.PopAll()
		})
		others.Wake(0)
		x.Wait()
		mustBeIdle(x, &s.word)
	})
}

// A barging lock lets a goroutine that comes overtake one that was woken, which goes back to the front.
type barging struct{ held atomic.Uint32 }

func (b *barging) Enqueue(q park.Queue, w *park.Waiter) uint32 {
	if b.held.CompareAndSwap(0, 1) {
		return hasIt
	}
	if w.Pushed() {
		q.PushFront(w)
	} else {
		q.Push(w)
	}
	return 0
}

func (b *barging) GiveUp(park.Queue, *park.Waiter) {}

// lock lets w, which is of s, sleep until it has the lock. It reports false if s gives up.
func (b *barging) lock(x *explore.Run, s sleeper, w *park.Waiter) bool {
	for {
		token, err := w.Sleep(&b.held, b, nil)
		if s.gaveUp(x, err) {
			return false
		}
		if token == hasIt {
			return true
		}
	}
}

// TestExploreBarging shows that a waiter that was woken in vain sleeps again, and is woken again.
func TestExploreBarging(t *testing.T) {
	eachCrew(t, []crew{
		{"two", complete, []sleeper{exclusion, exclusion}},
		{"three", complete, []sleeper{exclusion, exclusion, exclusion}},
		{"a limit", complete, []sleeper{limited, exclusion}},
		{"limits", complete, []sleeper{limited, limited}},
		{"threads", complete, []sleeper{onKernel, onKernel}},
		{"a limit of a thread", complete, []sleeper{limitedOnK, exclusion}},
		{"on a mutex", complete, []sleeper{byMutex, byMutex, byMutex}},
	}, func(x *explore.Run, who []sleeper) {
		b := new(barging)
		var n explore.Var[int]
		for _, s := range who {
			x.Go(func() {
				s.do(x, func(w *park.Waiter) {
					if !b.lock(x, s, w) {
						return
					}
					n.Store(n.Load() + 1)
					b.held.Store(0)
					var next *park.Waiter
					park.WithQueue(&b.held, func(q park.Queue) { next = q.Pop() })
					if next != nil {
						next.Wake(0)
					}
				})
			})
		}
		x.Wait()
		x.Assert(b.held.Load() == 0, "the lock is held at the end")
		mustBeIdle(x, &b.held)
	})
}

// TestExploreUseAgain lets a goroutine sleep in two ways, one after the other, with the same Waiter from the pool. A wake that
// has let the first sleep return does not touch the second.
func TestExploreUseAgain(t *testing.T) {
	eachCrew(t, []crew{
		{"a lock, a thread", complete, []sleeper{exclusion, onKernel}},
		{"a thread, a lock", complete, []sleeper{onKernel, exclusion}},
		{"a lock, a condition", spinAwake(complete), []sleeper{exclusion, condition}},
		{"a thread, a condition", complete, []sleeper{onKernel, condition}},
	}, func(x *explore.Run, who []sleeper) {
		var word atomic.Uint32
		x.Go(func() {
			for i, s := range who {
				s.do(x, func(w *park.Waiter) {
					wake := func() {
						var w *park.Waiter
						park.WithQueue(&word, func(q park.Queue) { w = q.Pop() })
						if w != nil {
							w.Wake(uint32(i + 1))
						}
					}
					token, err := w.Sleep(&word, park.Always{}, unlocker(func() { x.Go(wake) }))
					x.Assert(s.gaveUp(x, err) || token == uint32(i+1), "sleep %d has returned the token %d", i+1, token)
				})
			}
		})
		x.Wait()
		mustBeIdle(x, &word)
	})
}

// A faulty Enqueuer, or Locker, panics when its waiter is in the queue.
type faulty struct{ enqueue bool }

const fault = "a fault"

func (f faulty) Enqueue(q park.Queue, w *park.Waiter) uint32 {
	q.Push(w)
	if f.enqueue {
		panic(fault)
	}
	return 0
}
func (faulty) GiveUp(park.Queue, *park.Waiter) {}
func (faulty) Lock()                           {}
func (faulty) Unlock()                         { panic(fault) }

// TestExploreAbandon lets an Enqueuer or a Locker panic while others take its waiter out, or move it.
func TestExploreAbandon(t *testing.T) {
	for name, f := range map[string]faulty{"Enqueue": {true}, "Unlock": {false}} {
		for _, other := range []string{"wakes", "moves"} {
			eachCrew(t, []crew{
				{name + " " + other + "/a condition", complete, []sleeper{condition}},
				{name + " " + other + "/an exclusion", complete, []sleeper{exclusion}},
				{name + " " + other + "/limits", complete, []sleeper{limited, limited}},
				{name + " " + other + "/threads", complete, []sleeper{onKernel, onKernel}},
			}, func(x *explore.Run, who []sleeper) {
				a, b := new(atomic.Uint32), new(atomic.Uint32)
				for _, s := range who {
					x.Go(func() {
						defer func() {
							p := recover()
							if p != fault {
								panic(p)
							}
						}()
						s.do(x, func(w *park.Waiter) {
							defer w.Free()
							w.Sleep(a, f, f)
						})
					})
				}
				if other == "moves" {
					park.WithQueues(a, b, func(a, b park.Queue) { a.MoveTo(b, 1) })
				} else {
					var w *park.Waiter
					park.WithQueue(a, func(q park.Queue) { w = q.Pop() })
					if w != nil {
						w.Wake(0)
					}
				}
				x.Wait()
				mustBeIdle(x, a, b)
			})
		}
	}
}
