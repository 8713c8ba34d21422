// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks"
)

// rwMutexOps begins with four forms of each of the four modes of playRWMutex: plain, with a context, as a
// try, and with a time limit.
const rwMutexOps = "LlTt" + "RrSs" + "AaEe" + "GgHh" + "UVBDFJXC"

func FuzzRWMutex(f *testing.F) { f.Fuzz(playRWMutex) }

func TestRWMutexPrograms(t *testing.T) { locktest.RandomPrograms(t, rwMutexOps, playRWMutex) }

// An rwModel is the model of an RWMutex.
type rwModel struct {
	*locktest.Play
	readers int // how many hold the lock
	turn    rwTurn
	owner   *locktest.Actor // the one that drains or upgrades

	writers   []rwWriter        // waiters for the turn
	waiting   []*locktest.Actor // readers
	overtaken bool              // one of these was overtaken, or cannot spin
}

// An rwTurn is the state of the writer or upgradable holder, of which there is one at a time.
type rwTurn int

const (
	rwNone rwTurn = iota
	rwWrites
	rwUpgradable
	rwDrains   // it waits for readers to leave, and then writes
	rwUpgrades // as rwDrains; if it gives up it is upgradable again
)

type rwWriter struct {
	*locktest.Actor
	upgradable bool
}

func (m *rwModel) stopsReaders() bool { return m.turn != rwNone && m.turn != rwUpgradable }

func (m *rwModel) rLock(a *locktest.Actor) {
	if m.tryRLock() == nil {
		a.Ends()
		return
	}
	a.Waits()
	m.waiting = append(m.waiting, a)
	m.overtaken = m.overtaken || !spin.Worthwhile()
}

func (m *rwModel) tryRLock() error {
	if m.stopsReaders() {
		return locktest.ErrFalse
	}
	m.readers++
	return nil
}

func (m *rwModel) rUnlock() error {
	if m.readers == 0 {
		return locktest.ErrPanic
	}
	m.readers--
	m.drained()
	return nil
}

// drained lets the owner write if it waits and all readers have left.
func (m *rwModel) drained() {
	if m.readers == 0 && (m.turn == rwDrains || m.turn == rwUpgrades) {
		m.turn = rwWrites
		m.owner.Ends()
	}
}

// lock begins Lock or UpgradableLock.
func (m *rwModel) lock(a *locktest.Actor, upgradable bool) {
	a.Waits()
	m.writers = append(m.writers, rwWriter{a, upgradable})
	m.next()
}

func (m *rwModel) tryLock() error {
	if m.turn != rwNone || m.readers != 0 {
		return locktest.ErrFalse
	}
	m.turn = rwWrites
	return nil
}

func (m *rwModel) tryUpgradableLock() error {
	if m.turn != rwNone {
		return locktest.ErrFalse
	}
	m.turn = rwUpgradable
	return nil
}

// next gives the turn, if it is free, to the first waiter.
func (m *rwModel) next() {
	if m.turn != rwNone || len(m.writers) == 0 {
		return
	}
	w := m.writers[0]
	m.writers = m.writers[1:]
	if w.upgradable {
		m.turn = rwUpgradable
		w.Ends()
		return
	}
	m.turn, m.owner = rwDrains, w.Actor
	m.drained()
}

// unlock ends writing, and leaves the caller a number of read locks or an upgradable lock.
func (m *rwModel) unlock(readers int, upgradable bool) error {
	if m.turn != rwWrites {
		return locktest.ErrPanic
	}
	m.readers = readers
	m.turn = rwNone
	if upgradable {
		m.turn = rwUpgradable
	}
	if m.admits() || m.turn != rwNone || len(m.writers) == 0 || m.writers[0].upgradable {
		m.admit()
		m.next()
		return nil
	}
	// The readers compete with the next writer. Any of them may lose, and is admitted the next time.
	m.writers[0].MayEnd()
	for _, a := range m.waiting {
		a.MayEnd()
	}
	m.Settle()
	var rest []*locktest.Actor
	for _, a := range m.waiting {
		if a.Ends(); a.HasEnded() {
			m.readers++
		} else {
			a.Waits()
			rest = append(rest, a)
		}
	}
	m.waiting, m.overtaken = rest, len(rest) != 0
	m.writers[0].Waits()
	m.next()
	return nil
}

// admits reports whether the end of writing admits the waiting readers.
func (m *rwModel) admits() bool { return m.overtaken || len(m.waiting) <= procs.Count() }

func (m *rwModel) admit() {
	for _, a := range m.waiting {
		a.Ends()
	}
	m.readers += len(m.waiting)
	m.waiting, m.overtaken = nil, false
}

// relock is an unlock and a tryLock. The tryLock may overtake waiters; got says whether it has.
func (m *rwModel) relock(got error) error {
	if m.turn == rwWrites && len(m.waiting) == 0 && len(m.writers) == 0 {
		return nil
	}
	if m.turn == rwWrites && got == nil && (len(m.waiting) == 0 || !m.admits()) {
		m.overtaken = len(m.waiting) != 0
		return nil
	}
	if err := m.unlock(0, false); err != nil {
		return err
	}
	return locktest.ErrFalse
}

func (m *rwModel) upgrade(a *locktest.Actor) {
	if m.turn != rwUpgradable {
		a.Want = locktest.ErrPanic
		a.Ends()
		return
	}
	a.Waits()
	m.turn, m.owner = rwUpgrades, a
	m.drained()
}

func (m *rwModel) tryUpgrade() error {
	switch {
	case m.turn != rwUpgradable:
		return locktest.ErrPanic
	case m.readers != 0:
		return locktest.ErrFalse
	}
	m.turn = rwWrites
	return nil
}

// upgradableUnlock leaves the caller a number of read locks.
func (m *rwModel) upgradableUnlock(readers int) error {
	if m.turn != rwUpgradable {
		return locktest.ErrPanic
	}
	m.readers += readers
	m.turn = rwNone
	m.next()
	return nil
}

// cancel ends the wait of a, if a waits.
func (m *rwModel) cancel(a *locktest.Actor) {
	reader := slices.Index(m.waiting, a)
	writer := slices.IndexFunc(m.writers, func(w rwWriter) bool { return w.Actor == a })
	switch {
	case reader >= 0:
		m.waiting = slices.Delete(m.waiting, reader, reader+1)
		m.overtaken = m.overtaken && len(m.waiting) != 0
	case writer >= 0:
		m.writers = slices.Delete(m.writers, writer, writer+1)
	case a == m.owner && m.turn == rwDrains:
		m.turn = rwNone
		m.admit()
		m.next()
	case a == m.owner && m.turn == rwUpgrades:
		m.turn = rwUpgradable
		m.admit()
	default:
		return
	}
	a.GivesUp(context.Canceled)
}

// An rwMode is a way to lock an RWMutex, in four forms, and in the two of the model: as a wait, and as a
// try.
type rwMode struct {
	lock    func()
	context func(context.Context) error
	try     func() bool
	tryFor  func(time.Duration) bool

	begin   func(*locktest.Actor)
	attempt func() error
}

func playRWMutex(t *testing.T, program []byte) {
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(min(2, runtime.GOMAXPROCS(0)))) // fewer than actors
	procs.Refresh()
	rw := new(locks.RWMutex)
	p := locktest.NewPlay(t, pinned, program, rw.Waiting)
	m := &rwModel{Play: p}
	modes := []rwMode{
		{
			rw.Lock, rw.LockContext, rw.TryLock, rw.TryLockFor,
			func(a *locktest.Actor) { m.lock(a, false) }, m.tryLock,
		},
		{rw.RLock, rw.RLockContext, rw.TryRLock, rw.TryRLockFor, m.rLock, m.tryRLock},
		{
			rw.UpgradableLock, rw.UpgradableLockContext, rw.TryUpgradableLock, rw.TryUpgradableLockFor,
			func(a *locktest.Actor) { m.lock(a, true) }, m.tryUpgradableLock,
		},
		{rw.Upgrade, rw.UpgradeContext, rw.TryUpgrade, rw.TryUpgradeFor, m.upgrade, m.tryUpgrade},
	}
	releases := map[byte]struct {
		do    func()
		model func() error
	}{
		'U': {rw.Unlock, func() error { return m.unlock(0, false) }},
		'V': {rw.RUnlock, m.rUnlock},
		'B': {rw.UpgradableUnlock, func() error { return m.upgradableUnlock(0) }},
		'D': {rw.Downgrade, func() error { return m.unlock(1, false) }},
		'F': {rw.DowngradeToUpgradable, func() error { return m.unlock(0, true) }},
		'J': {rw.DowngradeUpgradable, func() error { return m.upgradableUnlock(1) }},
	}
	limited := map[*locktest.Actor]bool{} // whose last operation has a context
	for op, n := range p.Steps(rwMutexOps, "U0V0B0", func() bool { return rw.State() == 0 }) {
		i := strings.IndexByte(rwMutexOps, op)
		mode := modes[i/4%4]
		switch {
		case i < 16 && i%4 == 0:
			if a := p.Start(n, func(context.Context) error { mode.lock(); return nil }); a != nil {
				limited[a] = false
				mode.begin(a)
			}
		case i < 16 && i%4 == 1:
			if a := p.Start(n, mode.context); a != nil {
				limited[a] = true
				mode.begin(a)
			}
		case i < 16 && i%4 == 2:
			p.Check(p.Do(n, func() error { return locktest.OrFalse(mode.try()) }), mode.attempt())
		case i < 16:
			p.Check(p.Do(n, func() error { return locktest.OrFalse(mode.tryFor(moment)) }), mode.attempt())
		case op == 'X':
			got := p.Do(n, func() error { rw.Unlock(); return locktest.OrFalse(rw.TryLock()) })
			p.Check(got, m.relock(got))
		case op == 'C':
			a := p.Actor(n)
			if a.Cancel(); limited[a] {
				m.cancel(a)
			}
		default:
			r := releases[op]
			p.Check(p.Do(n, func() error { r.do(); return nil }), r.model())
		}
	}
}
