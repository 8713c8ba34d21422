// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/explore"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/shared"
)

// An exploredLock is a Mutex, or the writer's side of an RWMutex.
type exploredLock interface {
	Lock() error
	TryLock() (bool, error)
	TryLockFor(time.Duration) (bool, error)
	Unlock()
	Consistent()
}

// A twins is two numbers that are equal but in the middle of a change.
type twins struct {
	x     *explore.Run
	lock  exploredLock
	rw    *shared.RWMutex // is lock, or nil
	a, b  explore.Var[int]
	half  atomic.Int32 // a step between the changes of a and b, so that a kill can come there
	left  bool         // a process has unlocked it without Consistent, or was about to
	again bool         // and may have died before that
}

// change changes the numbers under the lock, whichever way that was got.
func (p *twins) change(locked bool, err error) {
	switch {
	case err == shared.ErrOwnerDied:
		p.x.Assert(locked, "ErrOwnerDied without the lock")
		p.x.Assert(!p.left || p.again, "ErrOwnerDied of a lock that is lost")
		p.b.Store(p.a.Load())
		p.lock.Consistent()
	case err == shared.ErrNotRecoverable && p.left:
		return
	case err != nil:
		p.x.Assert(false, "%v", err)
	case !locked:
		return
	}
	p.x.Assert(p.a.Load() == p.b.Load(), "got the lock without an error, and the numbers are %d, %d", p.a.Load(), p.b.Load())
	p.a.Store(p.a.Load() + 1)
	p.half.Add(1)
	p.b.Store(p.b.Load() + 1)
	p.lock.Unlock()
}

func (p *twins) locks() {
	err := p.lock.Lock()
	p.change(err == nil || err == shared.ErrOwnerDied, err)
}

func (p *twins) tries()    { p.change(p.lock.TryLock()) }
func (p *twins) triesFor() { p.change(p.lock.TryLockFor(time.Second / 2)) }

// leaves does not repair what a dead owner has left.
func (p *twins) leaves() {
	switch err := p.lock.Lock(); err {
	case shared.ErrOwnerDied:
		p.x.Assert(!p.left || p.again, "ErrOwnerDied of a lock that is lost")
		p.left = true
		p.lock.Unlock()
	case nil:
		p.lock.Unlock()
	case shared.ErrNotRecoverable:
		p.x.Assert(p.left, "the lock is lost, and nobody has left it broken")
	default:
		p.x.Assert(false, "%v", err)
	}
}

// A deadly is an exploration in which the first process dies at any of its steps, or does not.
type deadly struct {
	name    string
	options explore.Options
	doomed  []func(*twins)   // what goroutines of the first process do
	others  [][]func(*twins) // what those of other processes do
	second  bool             // the second process may die, too
}

var (
	inAll  = explore.Options{Complete: true, Time: time.Minute}
	late   = explore.Options{Preemptions: 1, TimeJumps: 1, Complete: true, Time: time.Minute} // a waiter that is woken finds that its time is over
	atMost = func(n int) explore.Options { return explore.Options{Preemptions: n, Complete: true, Time: time.Minute} }
)

// check explores d. The words are those that the kernel marks.
func (d deadly) check(t *testing.T, make func(*twins) (bury func(process int))) {
	needRegions(t)
	t.Run(d.name, func(t *testing.T) {
		d.options.Check(t, func(x *explore.Run) {
			p := &twins{x: x, again: d.second}
			bury := make(p)
			processes := []*explore.Process{x.Process()}
			for _, f := range d.doomed {
				processes[0].Go(func() { f(p) })
			}
			for _, fs := range d.others {
				q := x.Process()
				processes = append(processes, q)
				for _, f := range fs {
					q.Go(func() { f(p) })
				}
			}
			kill := func(n int) {
				if x.Choose(2) == 1 && processes[n].Kill() {
					bury(n + 1)
				}
			}
			x.Go(func() { kill(0) })
			if d.second {
				x.Go(func() { kill(1) })
			}
			x.Wait()
			// The last to come finds the lock in order, or to be put in order.
			for range 2 {
				switch locked, err := p.lock.TryLock(); {
				case err == shared.ErrNotRecoverable && p.left:
				case !locked:
					x.Assert(false, "the lock is not free at the end: %v", err)
				default:
					p.lock.Consistent()
					p.lock.Unlock()
				}
			}
		})
	})
}

func needRegions(t *testing.T) {
	t.Helper()
	if shared.ExploreMemory[shared.Event]() == nil {
		t.Skip(shared.ErrUnsupported)
	}
}

func exploredMutex(p *twins) (bury func(process int)) {
	m := shared.ExploreMemory[shared.Mutex]()
	p.lock = m
	return func(process int) { shared.Bury(process, m.Word()) }
}

// TestExploreMutexDeath kills a process at each step of its use of a Mutex. Those that live exclude each other, each
// gets the lock, and the next owner gets an error after a death.
func TestExploreMutexDeath(t *testing.T) {
	type does = []func(*twins)
	l, try, tryFor, leave := (*twins).locks, (*twins).tries, (*twins).triesFor, (*twins).leaves
	for _, d := range []deadly{
		{name: "two", options: inAll, doomed: does{l}, others: []does{{l}}},
		{name: "three", options: atMost(2), doomed: does{l}, others: []does{{l}, {l}}},
		{name: "two goroutines die", options: atMost(2), doomed: does{l, l}, others: []does{{l}}},
		{name: "two goroutines live", options: atMost(2), doomed: does{l}, others: []does{{l, l}}},
		{name: "the heir dies", options: atMost(2), doomed: does{l}, others: []does{{l}, {l}}, second: true},
		{name: "TryLock", options: inAll, doomed: does{l}, others: []does{{try}}},
		{name: "TryLock dies", options: inAll, doomed: does{try}, others: []does{{l}}},
		{name: "TryLockFor", options: atMost(3), doomed: does{l}, others: []does{{tryFor}}},
		{name: "TryLockFor dies", options: atMost(3), doomed: does{tryFor}, others: []does{{l}}},
		{name: "TryLockFor among three", options: atMost(1), doomed: does{l}, others: []does{{tryFor}, {l}}},
		{name: "TryLockFor, late", options: late, doomed: does{l}, others: []does{{tryFor}, {l}}},
		{name: "left broken", options: inAll, doomed: does{l}, others: []does{{leave}}},
		{name: "left broken, three", options: atMost(2), doomed: does{l}, others: []does{{leave}, {leave}}},
		{name: "who leaves it broken dies", options: atMost(2), doomed: does{l}, others: []does{{leave}, {leave}}, second: true},
	} {
		d.check(t, exploredMutex)
	}
}

// TestExploreDeathIsFound finds that a lock that is not robust, a locks.Mutex that two processes share, is held forever
// by one that dies.
func TestExploreDeathIsFound(t *testing.T) {
	found := explore.Find(t, func(x *explore.Run) {
		var mu locks.Mutex
		doomed := x.Process()
		for _, p := range []*explore.Process{doomed, x.Process()} {
			p.Go(func() {
				mu.Lock()
				defer mu.Unlock()
			})
		}
		x.Go(func() { doomed.Kill() })
		x.Wait()
	})
	if found == nil || found.Kind != "deadlock" {
		t.Errorf("found %v, want a deadlock", found)
	}
}
