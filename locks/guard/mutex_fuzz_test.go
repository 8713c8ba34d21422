// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/guard"
)

// moment is a limit that ends a wait soon, as nothing else happens until then.
const moment = 20 * time.Microsecond

// A taker waits by When until there are some units, and takes them.
type taker struct {
	*locktest.Actor
	units     int
	bomb      bool // its condition panics when there are enough units
	firstLook int  // the change at which it has looked first
}

// A mutexModel is the model of a Mutex that guards a number of units.
type mutexModel struct {
	*locktest.Play
	units   int
	changes int
	looks   int      // how often a condition was called
	queue   []*taker // in the order in which they will look
	inside  bool     // a goroutine is inside of With, and stays there
	waiter  *locktest.Actor
	then    func() // what the goroutine does that waits for the lock
}

// look lets t look, and reports whether its When ends.
func (m *mutexModel) look(t *taker) (ends bool) {
	m.looks++
	if m.units < t.units {
		return false
	}
	if t.bomb {
		t.Want = locktest.ErrPanic
	} else {
		m.units -= t.units
	}
	t.Ends()
	return true
}

// when is a call of When, with the lock held.
func (m *mutexModel) when(t *taker) {
	t.firstLook = m.changes
	if m.look(t) {
		m.change()
		return
	}
	t.Waits()
	m.queue = append(m.queue, t)
}

// change ends a change: all waiters look. When one of them makes a change, all look again, first those
// that have not yet looked at the change before.
func (m *mutexModel) change() {
	m.changes++
	outdated := m.queue
	m.queue = nil
	for len(outdated) != 0 {
		t := outdated[0]
		outdated = outdated[1:]
		if m.look(t) {
			m.changes++
			outdated, m.queue = append(outdated, m.queue...), nil
			continue
		}
		i := len(m.queue)
		for i > 0 && m.queue[i-1].firstLook > t.firstLook {
			i--
		}
		m.queue = slices.Insert(m.queue, i, t)
	}
}

// add is a change that adds n units.
func (m *mutexModel) add(n int) {
	m.units += n
	m.change()
}

// lock lets a do something with the lock held: now, or when the goroutine inside has left. At most one
// waits for the lock, and then none for a condition: which of two is first would be open.
func (m *mutexModel) lock(a *locktest.Actor, do func()) {
	if m.inside {
		a.Waits()
		m.waiter, m.then = a, do
		return
	}
	do()
}

// unlock lets the goroutine inside leave, which adds n units.
func (m *mutexModel) unlock(n int) {
	m.inside = false
	m.add(n)
	if m.waiter != nil {
		m.waiter = nil
		m.then()
	}
}

// mutexOps are the operations of a program. While a goroutine is inside, those that would wait beside
// another one are left out; see lock.
//
//	W n  With, TryWithFor or WithContext, which adds n units
//	T n  TryWith, which adds n          t n  the same by TryWithFor of a moment
//	P n  With, which adds n and panics
//	G n  When: takes 1 to 3 units when there are as many
//	g n  WhenContext: the same          b n  WhenContext whose condition panics then
//	Z n  WhenFor of 0: the same         z n  WhenFor of a moment
//	p n  WhenFor of 0 whose condition panics
//	D n  WithContext and WhenContext with a context that is done
//	H n  a goroutine goes inside        U n  it adds n units and leaves
//	C n  cancels the context of actor n
const mutexOps = "WTtPGgbZzpDHUC"

func FuzzMutex(f *testing.F) { f.Fuzz(playMutex) }

func TestMutexPrograms(t *testing.T) { locktest.RandomPrograms(t, mutexOps, playMutex) }

// A mutexPlay plays a program on a Mutex, and on its model.
type mutexPlay struct {
	mutexModel
	g      *guard.Mutex[int]
	looks  atomic.Int32 // calls of conditions of g
	stays  atomic.Int32 // 1 while a goroutine stays inside of g
	leave  chan int     // lets it leave, with so many units
	holder *locktest.Actor
	takers map[*locktest.Actor]*taker // what the actors wait for
	// Actors whose contexts end their waits.
	limited map[*locktest.Actor]bool
}

func playMutex(t *testing.T, program []byte) {
	p := &mutexPlay{
		g: guard.NewMutex(0), leave: make(chan int),
		takers: map[*locktest.Actor]*taker{}, limited: map[*locktest.Actor]bool{},
	}
	p.Play = locktest.NewPlay(t, pinned, program, func() int {
		if p.stays.Load() != 0 {
			return 1 + p.g.Waiting()
		}
		return p.g.Resting()
	})
	for op, n := range p.Steps(mutexOps, "U0T9", func() bool { return p.g.State() == 0 }) {
		if got := int(p.looks.Load()); got != p.mutexModel.looks {
			t.Fatalf("before %c%d in %q: %d looks at conditions, want %d", op, n, program, got, p.mutexModel.looks)
		}
		switch op {
		case 'W', 'P', 'G', 'g', 'b':
			if !p.inside || p.waiter == nil && len(p.queue) == 0 {
				p.mayWait(op, n)
			}
		case 'H':
			if !p.inside {
				p.goInside(n)
			}
		case 'U':
			if p.inside {
				p.stays.Store(0)
				p.leave <- n
				p.holder.Ends()
				p.unlock(n)
			}
		case 'C':
			p.cancel(p.Actor(n))
		default:
			p.mayNotWait(op, n)
		}
	}
}

// add returns a function that adds n units.
func add(n int) func(*int) { return func(units *int) { *units += n } }

// enough returns the condition that there are n units.
func (p *mutexPlay) enough(n int) func(*int) bool {
	return func(units *int) bool { p.looks.Add(1); return *units >= n }
}

// mayWait begins an operation that may wait.
func (p *mutexPlay) mayWait(op byte, n int) {
	g, need := p.g, 1+n%3
	cond := p.enough(need)
	a := p.Start(n, func(ctx context.Context) error {
		switch op {
		case 'W':
			switch n % 3 {
			case 0:
				g.With(add(n))
			case 1:
				return locktest.OrFalse(g.TryWithFor(time.Hour, add(n)))
			case 2:
				return g.WithContext(ctx, add(n))
			}
		case 'P':
			g.With(func(units *int) { *units += n; panic("f") })
		case 'G':
			g.When(cond, add(-need))
		case 'g':
			return g.WhenContext(ctx, cond, add(-need))
		case 'b':
			return g.WhenContext(ctx, func(units *int) bool {
				if cond(units) {
					panic("cond")
				}
				return false
			}, add(-need))
		}
		return nil
	})
	if a == nil {
		return
	}
	t := &taker{Actor: a, units: need, bomb: op == 'b'}
	p.takers[a] = t
	p.limited[a] = op == 'W' && n%3 == 2 || op == 'g' || op == 'b'
	if op == 'P' {
		a.Want = locktest.ErrPanic
	}
	p.lock(a, func() {
		if op == 'W' || op == 'P' {
			a.Ends()
			p.add(n)
		} else {
			p.when(t)
		}
	})
}

// mayNotWait executes an operation that does not wait, or for a moment.
func (p *mutexPlay) mayNotWait(op byte, n int) {
	g, need := p.g, 1+n%3
	with := func(d time.Duration) {
		p.Check(p.Do(n, func() error { return locktest.OrFalse(g.TryWithFor(d, add(n))) }), locktest.OrFalse(!p.inside))
		if !p.inside {
			p.add(n)
		}
	}
	// when looks so often before it gives up.
	when := func(d time.Duration, looks int) {
		got := p.Do(n, func() error { return locktest.OrFalse(g.WhenFor(d, p.enough(need), add(-need))) })
		switch {
		case p.inside:
			p.Check(got, locktest.ErrFalse)
		case p.units < need:
			p.Check(got, locktest.ErrFalse)
			p.mutexModel.looks += looks
		default:
			p.Check(got, nil)
			p.mutexModel.looks++
			p.add(-need)
		}
	}
	switch op {
	case 'T':
		with(0)
	case 't':
		with(moment)
	case 'Z':
		when(0, 1)
	case 'z':
		when(moment, 2)
	case 'p':
		got := p.Do(n, func() error {
			return locktest.OrFalse(g.WhenFor(0, func(*int) bool { panic("cond") }, add(0)))
		})
		if p.inside {
			p.Check(got, locktest.ErrFalse)
		} else {
			p.Check(got, locktest.ErrPanic)
			p.add(0)
		}
	case 'D':
		done, cancel := context.WithCancel(context.Background())
		cancel()
		p.Check(p.Do(n, func() error { return g.WithContext(done, add(n)) }), context.Canceled)
		p.Check(p.Do(n, func() error { return g.WhenContext(done, p.enough(0), add(n)) }), context.Canceled)
	}
}

// goInside lets a goroutine go inside, and stay there.
func (p *mutexPlay) goInside(n int) {
	entered := make(chan struct{})
	a := p.Start(n, func(context.Context) error {
		p.g.With(func(units *int) {
			p.stays.Store(1)
			close(entered)
			*units += <-p.leave
		})
		return nil
	})
	if a == nil {
		return
	}
	<-entered
	p.limited[a] = false
	a.Waits()
	p.holder, p.inside = a, true
}

// cancel ends the context of a.
func (p *mutexPlay) cancel(a *locktest.Actor) {
	a.Cancel()
	if !p.limited[a] {
		return
	}
	if i := slices.Index(p.queue, p.takers[a]); i >= 0 {
		p.queue = slices.Delete(p.queue, i, i+1)
		a.GivesUp(context.Canceled)
		if !p.inside {
			p.mutexModel.looks++ // the last look
		}
	} else if p.waiter == a {
		p.waiter = nil
		a.GivesUp(context.Canceled)
	}
}
