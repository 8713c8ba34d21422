// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// The fuzzers of this package compare locks with models: see locktest.Play. The programs of their corpora,
// in testdata/fuzz, have names that say what they show.

// moment is a limit that is reached soon. No other operation begins before the one with the limit has ended.
const moment = 20 * time.Microsecond

// A fifoModel is the model of a mutex that serves waiters in FIFO order. The waiters of a group came at the
// same time, and are served in any order.
type fifoModel struct {
	*locktest.Play
	held   bool
	groups [][]*locktest.Actor
}

func (m *fifoModel) lock(group ...*locktest.Actor) {
	for _, a := range group {
		a.Waits()
	}
	m.groups = append(m.groups, group)
	if !m.held {
		m.serve()
	}
}

// tryLock returns the result of an operation that locks the mutex if it is free.
func (m *fifoModel) tryLock() error {
	if m.held {
		return locktest.ErrFalse
	}
	m.held = true
	return nil
}

func (m *fifoModel) unlock() error {
	if !m.held {
		return locktest.ErrPanic
	}
	m.serve()
	return nil
}

// relock executes an Unlock and a TryLock of l, which may overtake the waiters of a Mutex.
func (m *fifoModel) relock(n int, l watchedLocker) {
	got := m.Do(n, func() error { l.Unlock(); return locktest.OrFalse(l.TryLock()) })
	if _, barging := l.(*locks.Mutex); barging && got == nil && len(m.groups) != 0 {
		return
	}
	want := m.unlock()
	if want == nil {
		want = m.tryLock()
	}
	m.Check(got, want)
}

// serve gives the mutex to a waiter of the first group, if there is one.
func (m *fifoModel) serve() {
	if m.held = len(m.groups) != 0; !m.held {
		return
	}
	group := m.groups[0]
	if m.groups = m.groups[1:]; len(group) == 1 {
		group[0].Ends()
		return
	}
	for _, a := range group {
		a.MayEnd()
	}
	m.Settle()
	var rest []*locktest.Actor
	for _, a := range group {
		if a.Ends(); !a.HasEnded() {
			a.Waits()
			rest = append(rest, a)
		}
	}
	if len(rest) != len(group)-1 {
		m.Fatalf("%d of %d waiters have the mutex", len(group)-len(rest), len(group))
	}
	m.groups = slices.Insert(m.groups, 0, rest)
}

// leave takes a, which came alone, out of the queue, and reports whether it was there.
func (m *fifoModel) leave(a *locktest.Actor) bool {
	for i, group := range m.groups {
		if slices.Contains(group, a) {
			m.groups = slices.Delete(m.groups, i, i+1)
			return true
		}
	}
	return false
}

const mutexOps = "LlTtUXC"

func FuzzMutex(f *testing.F)     { f.Fuzz(playMutex) }
func FuzzFairMutex(f *testing.F) { f.Fuzz(playFairMutex) }

func TestMutexPrograms(t *testing.T)     { locktest.RandomPrograms(t, mutexOps, playMutex) }
func TestFairMutexPrograms(t *testing.T) { locktest.RandomPrograms(t, mutexOps, playFairMutex) }

func playMutex(t *testing.T, program []byte)     { playLocker(t, program, new(locks.Mutex)) }
func playFairMutex(t *testing.T, program []byte) { playLocker(t, program, new(locks.FairMutex)) }

// A watchedLocker is a mutex whose state is 0 when it is not in use.
type watchedLocker interface {
	sync.Locker
	locktest.Watched
	TryLock() bool
	TryLockFor(d time.Duration) bool
	LockContext(ctx context.Context) error
}

func playLocker(t *testing.T, program []byte, l watchedLocker) {
	p := locktest.NewPlay(t, pinned, program, l.Waiting)
	m := &fifoModel{Play: p}
	limited := map[*locktest.Actor]bool{} // whose last operation has a context
	for op, n := range p.Steps(mutexOps, "U0", func() bool { return l.State() == 0 }) {
		switch op {
		case 'L':
			if a := p.Start(n, func(context.Context) error { l.Lock(); return nil }); a != nil {
				limited[a] = false
				m.lock(a)
			}
		case 'l':
			if a := p.Start(n, l.LockContext); a != nil {
				limited[a] = true
				m.lock(a)
			}
		case 'T':
			p.Check(p.Do(n, func() error { return locktest.OrFalse(l.TryLock()) }), m.tryLock())
		case 't':
			p.Check(p.Do(n, func() error { return locktest.OrFalse(l.TryLockFor(moment)) }), m.tryLock())
		case 'U':
			p.Check(p.Do(n, func() error { l.Unlock(); return nil }), m.unlock())
		case 'X':
			m.relock(n, l)
		case 'C':
			a := p.Actor(n)
			if a.Cancel(); limited[a] && m.leave(a) {
				a.GivesUp(context.Canceled)
			}
		}
	}
}
