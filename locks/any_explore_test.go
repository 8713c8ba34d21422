// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// A source is something that WaitAny waits for, taken at first. Some waits take something, which one goroutine has at a
// time, and gives back.
type source struct {
	locks.Waitable
	takes  bool
	ready  func()                          // lets one wait end, or all; gives back what a wait has taken
	wait   func(limit park.Limit) error    // alone
	idle   func(x *explore.Run, free bool) // asserts that no goroutine waits, and that it is ready
	holder explore.Var[int]
}

// sources makes a source of each kind.
var sources = map[string]func() *source{
	"Event": func() *source {
		e := new(locks.Event)
		return &source{Waitable: e, ready: e.Set, wait: e.WaitLimit, idle: atRest(e, 0, 1)}
	},
	"AutoEvent": func() *source {
		e := new(locks.AutoEvent)
		return &source{Waitable: e, takes: true, ready: e.Set, wait: e.WaitLimit, idle: atRest(e, 0, 1)}
	},
	"Latch": func() *source {
		l := locks.NewLatch(1)
		return &source{Waitable: l, ready: func() { l.Arrive(1) }, wait: l.WaitLimit, idle: atRest(l, 1, 0)}
	},
	"WaitGroup": func() *source {
		wg := new(locks.WaitGroup)
		wg.Add(1)
		return &source{Waitable: wg, ready: wg.Done, wait: wg.WaitLimit, idle: atRest(wg, 1<<32, 0)}
	},
	"Mutex": func() *source {
		m := new(locks.Mutex)
		m.Lock()
		return &source{Waitable: m, takes: true, ready: m.Unlock, wait: m.LockLimit, idle: atRest(m, 1, 0)}
	},
	"FairMutex": func() *source {
		m := new(locks.FairMutex)
		m.Lock()
		return &source{Waitable: m, takes: true, ready: m.Unlock, wait: m.LockLimit, idle: atRest(m, 1, 0)}
	},
	"Semaphore": func() *source {
		s := locks.NewSemaphore(2)
		s.TryAcquire(2)
		return &source{
			Waitable: s.Acquiring(2), takes: true, ready: func() { s.Release(2) },
			wait: func(limit park.Limit) error { return s.AcquireLimit(limit, 2) }, idle: atRest(s, 0, 2),
		}
	},
}

func atRest(l interface {
	Waiting() int
	State() uint64
}, taken, free uint64,
) func(*explore.Run, bool) {
	return func(x *explore.Run, isFree bool) {
		if isFree {
			mustBeIdle(x, l, free)
		} else {
			mustBeIdle(x, l, taken)
		}
	}
}

// use has s, and gives it back.
func (s *source) use(by int) {
	if s.takes {
		s.holder.Store(by)
		s.ready()
	}
}

// TestExploreWaitAny shows that WaitAny takes what it waits for from exactly one source, the one that it returns, and that
// nothing is lost for the others that wait there.
func TestExploreWaitAny(t *testing.T) {
	none := func() park.Limit { return park.Limit{} }
	second := func() park.Limit { return park.For(time.Second) }
	for _, test := range []struct {
		name         string
		bounds       explore.Options
		anys, others int // so many WaitAny, the second in the opposite order, and waits for the second source alone
		limit        func() park.Limit
		of           [][2]string
	}{
		{"alone", complete, 1, 0, second, [][2]string{
			{"Event", "AutoEvent"},
			{"Latch", "WaitGroup"},
			{"Mutex", "FairMutex"},
			{"Semaphore", "Mutex"},
			{"AutoEvent", "Semaphore"},
			{"WaitGroup", "Event"},
			{"FairMutex", "Latch"},
		}},
		{"beside one", complete, 1, 1, none, [][2]string{
			{"AutoEvent", "Event"},
			{"AutoEvent", "AutoEvent"},
			{"Event", "Latch"},
			{"Event", "WaitGroup"},
			{"Event", "Mutex"},
			{"Event", "FairMutex"},
			{"AutoEvent", "Semaphore"},
			{"Mutex", "Mutex"},
		}},
		{"beside one, with a limit", complete, 1, 1, second, [][2]string{
			{"Event", "AutoEvent"}, {"Event", "Latch"}, {"Event", "WaitGroup"}, {"Event", "FairMutex"},
		}},
		{"beside one, with a limit", atMost(1), 1, 1, second, [][2]string{{"Event", "Mutex"}, {"Event", "Semaphore"}}},
		{"two", atMost(1), 2, 0, none, [][2]string{{"Mutex", "Mutex"}, {"FairMutex", "Semaphore"}}},
		{"two", complete, 2, 0, none, [][2]string{{"AutoEvent", "AutoEvent"}, {"WaitGroup", "Latch"}}},
	} {
		for _, of := range test.of {
			t.Run(test.name+"/"+of[0]+" "+of[1], func(t *testing.T) {
				test.bounds.Check(t, func(x *explore.Run) {
					both := [2]*source{sources[of[0]](), sources[of[1]]()}
					for _, s := range both {
						s.holder.Store(-1)
						x.Go(func() {
							if s.takes {
								s.holder.Store(-2)
							}
							s.ready()
						})
					}
					for n := range test.anys {
						x.Go(func() {
							limit := test.limit()
							i, err := locks.WaitAny(limit, both[n%2], both[1-n%2])
							x.Assert(err == nil && i >= 0 || i == -1 && !limit.IsZero(), "WaitAny = %d, %v", i, err)
							if err == nil {
								both[(n+i)%2].use(n)
							}
						})
					}
					for n := range test.others {
						x.Go(func() {
							err := both[1].wait(park.Limit{})
							x.Assert(err == nil, "a wait has failed: %v", err)
							both[1].use(10 + n)
						})
					}
					x.Wait()
					for _, s := range both {
						s.idle(x, true)
					}
				})
			})
		}
	}
}

// TestExploreWaitAnyLeaves has a large request that is served elsewhere, or gives up. The small one behind is served.
func TestExploreWaitAnyLeaves(t *testing.T) {
	for name, limit := range map[string]func() park.Limit{
		"elsewhere": func() park.Limit { return park.Limit{} }, "limit": func() park.Limit { return park.For(time.Second) },
	} {
		t.Run(name, func(t *testing.T) {
			complete.Check(t, func(x *explore.Run) {
				s, e := locks.NewSemaphore(2), new(locks.Event)
				s.TryAcquire(1)
				x.Go(func() {
					if i, _ := locks.WaitAny(limit(), s.Acquiring(2), e); i == 0 {
						x.Assert(false, "two units were acquired, and one is held")
					}
				})
				x.Go(func() { s.Acquire(1); s.Release(1) })
				x.Go(e.Set)
				x.Wait()
				mustBeIdle(x, s, 1)
				mustBeIdle(x, e, 1)
			})
		})
	}
}

// TestExploreChan shows that a channel of a source is closed when it is ready, and not if it was stopped before, and that
// nothing is left behind.
func TestExploreChan(t *testing.T) {
	for name, make := range map[string]func() (*source, func() (<-chan struct{}, func())){
		"Event": func() (*source, func() (<-chan struct{}, func())) {
			s := sources["Event"]()
			return s, s.Waitable.(*locks.Event).Chan
		},
		"Latch": func() (*source, func() (<-chan struct{}, func())) {
			s := sources["Latch"]()
			return s, s.Waitable.(*locks.Latch).Chan
		},
		"WaitGroup": func() (*source, func() (<-chan struct{}, func())) {
			s := sources["WaitGroup"]()
			return s, s.Waitable.(*locks.WaitGroup).Chan
		},
	} {
		t.Run(name, func(t *testing.T) {
			complete.Check(t, func(x *explore.Run) {
				s, newChan := make()
				x.Go(func() {
					s.holder.Store(1)
					s.ready()
				})
				x.Go(func() {
					c, stop := newChan()
					defer stop()
					<-c
					x.Assert(s.holder.Load() == 1, "the channel is closed too early")
				})
				x.Go(func() {
					c, stop := newChan()
					stop()
					stop()
					select {
					case <-c:
						x.Assert(s.holder.Load() == 1, "the channel is closed too early")
					default:
					}
				})
				x.Wait()
				s.idle(x, true)
			})
		})
	}
}
