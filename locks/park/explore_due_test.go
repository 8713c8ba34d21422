// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/locks/park"
)

// A fair lock is a barging one that is handed off to the first waiter if that is due.
type fair struct {
	barging
	x           *explore.Run
	lastHandOff int64
}

// handOffAfter is how long a waiter of a fair lock waits for before a hand-off is due.
const handOffAfter = time.Millisecond

func (f *fair) unlock() {
	var w *park.Waiter
	token := uint32(0)
	park.WithQueue(&f.held, func(q park.Queue) {
		if w = q.Front(); w != nil && f.isDue(q, w) {
			token = hasIt
		} else {
			f.held.Store(0)
		}
		q.Pop()
	})
	if w != nil {
		w.Wake(token)
	}
}

// isDue asks HandOffDue, and asserts that it has looked at the clock.
func (f *fair) isDue(q park.Queue, w *park.Waiter) bool {
	came, earliest := w.Since(), mono.Now()
	due := q.HandOffDue(w, handOffAfter)
	latest := mono.Now()
	waited := time.Duration(latest - came)
	f.x.Assert(!due || waited > handOffAfter, "a hand-off is due to a waiter of %v", waited)
	if f.x.Exploring() { // so nothing but the clock counts
		waited, passed := time.Duration(earliest-came), time.Duration(earliest-f.lastHandOff)
		f.x.Assert(due || min(waited, passed) < time.Second, "no hand-off is due to a waiter of %v, %v after the last one", waited, passed)
	}
	if due {
		f.lastHandOff = latest
	}
	return due
}

// TestExploreHandOffDue lets time pass while goroutines wait for a lock that hands off, on condition that it is due. The
// lock excludes, and no wake-up is lost.
func TestExploreHandOffDue(t *testing.T) {
	eachCrew(t, []crew{
		{"two", handingOff(complete), []sleeper{exclusion, exclusion}},
		{"three", handingOff(atMost(1)), []sleeper{exclusion, exclusion, exclusion}},
		{"a limit", handingOff(atMost(2)), []sleeper{limited, exclusion}},
	}, func(x *explore.Run, who []sleeper) {
		f := &fair{x: x}
		var n explore.Var[int]
		for _, s := range who {
			x.Go(func() {
				s.do(x, func(w *park.Waiter) {
					if !f.lock(x, s, w) {
						return
					}
					n.Store(n.Load() + 1)
					f.unlock()
				})
			})
		}
		x.Wait()
		x.Assert(f.held.Load() == 0, "the lock is held at the end")
		mustBeIdle(x, &f.held)
	})
}

// handingOff lets a second pass whenever a goroutine looks at the clock, once for each.
func handingOff(o explore.Options) explore.Options { o.TimeJumps = 1; return o }
