// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"context"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/park"
)

// A Mutex is a mutual exclusion lock between processes. A Mutex is in a [Region], and its zero value is unlocked. It is
// 16 bytes long.
//
// A process owns a locked Mutex: any goroutine of that process may unlock it. If the process dies, the next Lock returns
// [ErrOwnerDied].
//
// A Mutex allows barging, as a [locks.Mutex] does. The goroutines of a process wait for each other in FIFO order, in
// Go's scheduler, and the first of them waits for other processes. The kernel wakes the waiting processes in FIFO order.
type Mutex struct {
	_ [0]uint64
	owned
	state atomic.Uint32 // consistent, broken or lost; changed by the owner only
	since atomic.Int64  // see stamp
}

const (
	consistent = 0
	broken     = 1 // the owner has got ErrOwnerDied, and has not called Consistent yet
	lost       = 2 // an owner has unlocked the lock without calling Consistent
)

// Lock locks m. If this process or another holds m, Lock blocks until m is available.
//
// If Lock returns nil or [ErrOwnerDied], m is locked. If it returns any other error, m is not locked: [ErrNotRecoverable],
// [ErrClosed], [ErrTruncated], or the reason why this process cannot have another thread for its locks, on Linux: [ErrTooMany]
// or an error of the system.
func (m *Mutex) Lock() (err error) {
	old, done := debug.SetPanicOnFault(true), false
	defer func() {
		if !done {
			rescue(old, recover(), &err)
		}
	}()
	if race.Enabled {
		r, err := m.linger()
		if err != nil {
			return err
		}
		defer r.exit()
	}
	l := m.local()
	if id := l.id.Load(); id != 0 && m.word.CompareAndSwap(0, id) {
		if l.id.Load() == id && m.state.Load() == consistent && m.since.Load() == 0 {
			acquired(&m.word)
			debug.SetPanicOnFault(old)
			done = true
			return nil
		}
		if m.confirm(id, false) {
			return m.settle(id, false)
		}
	}
	return m.lock(limit{})
}

// TryLock tries to lock m without blocking, and reports whether it succeeded. Its error is as that of Lock. TryLock
// fails while a process that died holding m still has threads that have not ended.
func (m *Mutex) TryLock() (locked bool, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	return m.tryOnce()
}

func (m *Mutex) tryOnce() (locked bool, err error) {
	id, err := m.id()
	if err != nil {
		return false, err
	}
	if locked, err = m.try(id, 0); !locked && err == nil && m.mourn() {
		return m.try(id, 0)
	}
	return locked, err
}

// TryLockFor locks m, blocking for at most d, and reports whether it succeeded. Its error is as that of Lock.
func (m *Mutex) TryLockFor(d time.Duration) (locked bool, err error) {
	if d <= 0 {
		return m.TryLock()
	}
	defer faulted(debug.SetPanicOnFault(true), &err)
	return lockedInTime(m.lock(limit{deadline: time.Now().Add(d)}))
}

// LockContext locks m, blocking until it has locked m or ctx is done. Its error is as that of Lock, or the cause of ctx.
func (m *Mutex) LockContext(ctx context.Context) (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if err := park.Ended(ctx); err != nil {
		return err
	}
	return m.lock(limit{ctx: ctx})
}

// try locks m if it is free or its owner died.
func (m *Mutex) try(id, sleepers uint32) (locked bool, err error) {
	taken, after := m.take(id, sleepers)
	if !taken {
		return false, nil
	}
	err = m.settle(id, after)
	return err != ErrNotRecoverable, err
}

// settle returns the error that Lock returns once the word bears the process's id. after says that the previous owner
// died. If the lock is lost, settle unlocks it.
func (m *Mutex) settle(id uint32, after bool) error {
	acquired(&m.word)
	if m.since.Load() != 0 {
		m.since.Store(0)
	}
	if after {
		m.state.CompareAndSwap(consistent, broken)
	}
	err := m.harm()
	if err == ErrNotRecoverable {
		m.free(id)
	}
	return err
}

// harm returns the error that the state means.
func (m *Mutex) harm() error {
	switch m.state.Load() {
	case lost:
		return ErrNotRecoverable
	case broken:
		return ErrOwnerDied
	}
	return nil
}

// lock is Lock with a limit.
func (m *Mutex) lock(l limit) error {
	id, err := m.id()
	if err != nil {
		return err
	}
	if locked, err := m.try(id, 0); locked || err != nil {
		return err
	}
	return m.inTurn(l, m.id, m.try, func(s uint32) error {
		m.stamp()
		return m.wait(s, l)
	}, func() {})
}

// Unlock unlocks m. It panics, and changes nothing, if the process does not hold m.
//
// If Lock returned [ErrOwnerDied] and the process has not called [Mutex.Consistent] since, Unlock makes m unusable: no
// process can lock it from then on.
func (m *Mutex) Unlock() {
	var err error // of memory that is gone: no lock is left to be unlocked
	old, done := debug.SetPanicOnFault(true), false
	defer func() {
		if !done {
			rescue(old, recover(), &err)
		}
	}()
	releasing(&m.word)
	if id := m.word.Load(); id != 0 && id == m.local().id.Load() && m.state.Load() == consistent && m.word.CompareAndSwap(id, 0) {
		debug.SetPanicOnFault(old)
		done = true
		return
	}
	m.unlock("shared: unlock of a mutex that this process does not hold")
}

func (m *Mutex) unlock(misuse string) {
	id := m.owner()
	if id == 0 {
		panic(misuse)
	}
	if m.state.Load() == broken {
		m.state.Store(lost)
	}
	m.free(id)
}

// Consistent declares that the data that m protects is consistent again, after a Lock has returned [ErrOwnerDied]. The
// caller must hold m.
func (m *Mutex) Consistent() {
	var err error // of memory that is gone
	defer faulted(debug.SetPanicOnFault(true), &err)
	m.state.CompareAndSwap(broken, consistent)
}
