// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex_test

import (
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/internal/keep"
	"github.com/osync-go/osync/sys/futex"
)

// The tests TestExplore… run every interleaving of a few threads over a model of the futex calls, under the command
// explore. Under plain go test they are stress tests of the kernel's calls.

// bounds are those of most tests: one processor, so that sleepers give it up, or several, so that some keep it; and sleeps
// that end spuriously, or by a signal.
var bounds = []struct {
	name string
	explore.Options
}{
	{"one processor", explore.Options{Complete: true}},
	{"two processors", explore.Options{Complete: true, Procs: 2}},
	{"spurious wake-ups", explore.Options{Complete: true, Spurious: 1}},
	{"two processors, spurious wake-ups", explore.Options{Complete: true, Procs: 2, Spurious: 1}},
}

// A mutex is the third of Drepper's "Futexes Are Tricky".
type mutex struct{ state atomic.Uint32 }

func (m *mutex) lock(x *explore.Run, limit time.Time) bool {
	if m.state.CompareAndSwap(0, 1) {
		return true
	}
	for m.state.Swap(2) != 0 {
		err := futex.WaitUntil(&m.state, 2, limit, futex.Private)
		x.Assert(err == nil || err == os.ErrDeadlineExceeded && !limit.IsZero(), "WaitUntil = %v", err)
		if err != nil {
			x.Assert(!time.Now().Before(limit), "the wait has ended before its deadline")
			return m.state.CompareAndSwap(0, 2)
		}
	}
	return true
}

func (m *mutex) unlock(x *explore.Run) {
	if m.state.Swap(0) == 2 {
		err := futex.Wake(&m.state, futex.Private)
		x.Assert(err == nil, "Wake = %v", err)
	}
}

// TestExploreWait shows that no wake-up is lost, that a deadline ends a wait and consumes no wake-up, that signals are not
// reported, and that no sleeper remains in the queue.
func TestExploreWait(t *testing.T) {
	for _, o := range bounds {
		for _, c := range []struct {
			name   string
			rounds int
			limits []time.Duration // of each thread; 0 means no limit
		}{
			{"two", 2, []time.Duration{0, 0}},
			{"three", 1, []time.Duration{0, 0, 0}},
			{"a short limit", 2, []time.Duration{0, keep.ForNs / 2}},
			{"a long limit", 2, []time.Duration{0, time.Second}},
			{"limits", 1, []time.Duration{time.Second, keep.ForNs / 2}},
		} {
			bound := o.Options
			switch {
			case bound.Procs > 1 && len(c.limits) > 2:
				bound.Preemptions = 2 - bound.Spurious
			case bound.Procs > 1 && bound.Spurious > 0, bound.Spurious > 0 && len(c.limits) > 2:
				bound.Preemptions = 3
			}
			t.Run(o.name+"/"+c.name, func(t *testing.T) {
				bound.Check(t, func(x *explore.Run) {
					m := new(mutex)
					var n explore.Var[int]
					for _, d := range c.limits {
						x.Go(func() {
							var limit time.Time
							if d != 0 {
								limit = time.Now().Add(d)
							}
							for range c.rounds {
								if m.lock(x, limit) {
									n.Store(n.Load() + 1)
									m.unlock(x)
								}
							}
						})
					}
					x.Wait()
					x.Assert(m.state.Load() == 0, "the lock is %d at the end", m.state.Load())
					x.Assert(!x.Exploring() || keep.Taken() == 0, "%d places are taken at the end", keep.Taken())
				})
			})
		}
	}
}

// TestExploreWakeAll shows that WakeAll wakes all sleepers, and that a wait whose word differs neither sleeps nor reports
// a deadline that has passed.
func TestExploreWakeAll(t *testing.T) {
	for _, o := range bounds {
		if o.Procs > 1 {
			o.Preemptions = 2 - o.Spurious
		}
		t.Run(o.name, func(t *testing.T) {
			o.Check(t, func(x *explore.Run) {
				word := new(atomic.Uint32)
				for i := range 2 {
					x.Go(func() {
						limit := time.Time{}
						if i == 0 {
							limit = time.Now().Add(time.Second)
						}
						for word.Load() == 0 {
							if futex.WaitUntil(word, 0, limit, futex.Private) != nil {
								break
							}
						}
					})
				}
				past := time.Now()
				word.Store(1)
				err := futex.WakeAll(word, futex.Private)
				x.Assert(err == nil, "WakeAll = %v", err)
				err = futex.WaitUntil(word, 0, past, futex.Private)
				x.Assert(err == nil, "WaitUntil = %v for a word that differs", err)
				err = futex.WaitUntil(word, 1, past, futex.Private)
				x.Assert(err == os.ErrDeadlineExceeded, "WaitUntil = %v for a deadline that has passed", err)
				x.Wait()
				begin := time.Now()
				err = futex.Wait(word, 0, futex.Private)
				x.Assert(err == nil, "Wait = %v for a word that differs", err)
				x.Assert(!x.Exploring() || time.Since(begin) == 0, "Wait has slept for %v though the word differs", time.Since(begin))
			})
		})
	}
}

// TestExploreDeadline shows that a wait that no thread ends reports its deadline, and not before that.
func TestExploreDeadline(t *testing.T) {
	for _, o := range bounds {
		for name, d := range map[string]time.Duration{"short": keep.ForNs / 2, "long": 5 * keep.ForNs} {
			sleepers := 2
			if o.Procs > 1 && o.Spurious > 0 {
				sleepers = 1
			}
			t.Run(o.name+"/"+name, func(t *testing.T) {
				o.Check(t, func(x *explore.Run) {
					if !x.Exploring() {
						d = time.Millisecond
					}
					word := new(atomic.Uint32)
					for range sleepers {
						x.Go(func() {
							limit := time.Now().Add(d)
							var err error
							for err == nil {
								err = futex.WaitUntil(word, 0, limit, futex.Private)
							}
							x.Assert(err == os.ErrDeadlineExceeded, "WaitUntil = %v", err)
							x.Assert(!time.Now().Before(limit), "the wait has ended before its deadline")
						})
					}
					futex.Wake(word, futex.Private)
					x.Wait()
					x.Assert(!x.Exploring() || keep.Taken() == 0, "%d places are taken at the end", keep.Taken())
				})
			})
		}
	}
}
