// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard_test

import (
	"strings"
	"testing"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks/guard"
)

// A pair is a number twice, so that half of a write shows.
type pair [2]uintptr

// A pairRun is an execution with a SeqLock of a pair.
type pairRun struct {
	*explore.Run
	l     guard.SeqLock[pair]
	notes [8]explore.Var[bool] // of each number, written before the number is stored
}

// store writes a number.
func (x *pairRun) store(n uintptr) {
	x.notes[n].Store(true)
	x.l.Store(pair{n, n})
}

// update adds one to the number, and returns the sum.
func (x *pairRun) update() (n uintptr) {
	x.l.Update(func(p *pair) {
		x.seen(*p)
		n = p[0] + 1
		x.notes[n].Store(true)
		*p = pair{n, n}
	})
	return n
}

// seen checks that p is what one write has written, and that what came before that write can be seen. It returns the
// number.
func (x *pairRun) seen(p pair) uintptr {
	x.Assert(p[0] == p[1], "torn: %v", p)
	x.Assert(p[0] == 0 || x.notes[p[0]].Load(), "the note before the write is not seen")
	return p[0]
}

// pairUses are what the goroutine of number i does.
var pairUses = map[string]func(x *pairRun, i int){
	"store":       func(x *pairRun, i int) { x.store(uintptr(i)) },
	"storeTwice":  func(x *pairRun, i int) { x.store(uintptr(i)); x.store(uintptr(i) + 4) },
	"update":      func(x *pairRun, _ int) { x.update() },
	"updateTwice": func(x *pairRun, _ int) { n := x.update(); x.Assert(x.update() > n, "the second number is not larger") },
	"load":        func(x *pairRun, _ int) { x.seen(x.l.Load()) },
	"loadTwice": func(x *pairRun, _ int) { // of numbers that grow
		n := x.seen(x.l.Load())
		m := x.seen(x.l.Load())
		x.Assert(m >= n, "read %d, and then %d", n, m)
	},
	"tryLoad": func(x *pairRun, _ int) {
		if p, ok := x.l.TryLoad(); ok {
			x.seen(p)
		}
	},
	"updateLoad": func(x *pairRun, _ int) {
		n := x.update()
		m := x.seen(x.l.Load())
		x.Assert(m >= n, "read %d after it had written %d", m, n)
	},
}

// TestExploreSeqLock shows that no reader has half of a write, that none sees an old value after a new one, and that no
// update is lost, from the first use on.
func TestExploreSeqLock(t *testing.T) {
	explorePairs(t, complete,
		"store load",
		"store tryLoad",
		"storeTwice tryLoad",
		"update loadTwice",
		"update update",
		"updateLoad update",
		"load load")
	explorePairs(t, atMost(3),
		"storeTwice load",
		"updateTwice loadTwice",
		"store store tryLoad")
	explorePairs(t, atMost(2),
		"store load load",
		"updateTwice update loadTwice",
		"update update update",
		"store store load")
}

func explorePairs(t *testing.T, o explore.Options, scenarios ...string) {
	for _, scenario := range scenarios {
		t.Run(scenario, func(t *testing.T) {
			words := strings.Fields(scenario)
			o.Check(t, func(run *explore.Run) {
				x := &pairRun{Run: run}
				for i, word := range words {
					x.Go(func() { pairUses[word](x, i+1) })
				}
				x.Wait()
				n := x.seen(x.l.Load())
				if updates := uintptr(strings.Count(scenario, "update") + strings.Count(scenario, "updateTwice")); updates > 0 {
					x.Assert(n == updates, "%d after %d updates", n, updates)
				}
			})
		})
	}
}
