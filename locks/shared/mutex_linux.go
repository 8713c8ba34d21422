// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package shared

import (
	"context"
	"errors"
	"os"
	"runtime/debug"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/sys/futex"
	"github.com/osync-go/osync/sys/linux"
)

// A Mutex is a mutual exclusion lock between processes. It lies in a [Region], and its zero value is unlocked. It is 16
// bytes long.
//
// The word, which has the form that the kernel's robust lists ask for:
//
//	0                   free
//	id                  held by the process whose keeper has this id
//	id|waiters          the same; somebody sleeps, or a process that slept holds it and does not know
//	died, died|waiters  its owner died; the next that comes takes it
//
// Who may change it:
//
//	0 → id              any process: Lock
//	id → 0              the owner: Unlock. With waiters in one system call that wakes one of them
//	id → id|waiters     a process that is about to sleep
//	id… → died…         the kernel, when the keeper ends; a waiter that finds that no such process lives
//	died… → id…         any process: Lock, which returns ErrOwnerDied
//
// Invariant: a lock whose word bears the id of a keeper is in the list of that keeper, but for a lock that has been
// left by a process of an earlier start of the system. So no death goes unnoticed.
type Mutex struct {
	_     [0]atomic.Uint64 // 8-byte aligned where pointers are
	word  atomic.Uint32
	state atomic.Uint32 // consistent, broken or lost; of the owner
	_     [8]byte
}

const (
	waiters   = linux.FUTEX_WAITERS
	died      = linux.FUTEX_OWNER_DIED
	ownerMask = linux.FUTEX_TID_MASK

	spinTries, spinPauses = 10, 30 // as locks.Mutex

	consistent = 0
	broken     = 1 // the owner has not called Consistent yet
	lost       = 2 // an owner has unlocked without it
)

// A local is what this process alone knows of a lock.
type local struct {
	id   atomic.Uint32 // of the keeper in whose list the lock is, or 0
	gate locks.Mutex   // held by the goroutine that waits for the word, on behalf of all
	_    [8]byte
}

// local returns what the process knows of m. It panics if m is not in a region.
func (m *Mutex) local() *local {
	addr := uintptr(unsafe.Pointer(m))
	if addr-space.base >= space.size {
		panic("shared: the Mutex is not in a Region")
	}
	return (*local)(pointer(addr + 2*space.size))
}

// Lock locks m. It blocks until m is available, in this process or another.
//
// It returns nil, or [ErrOwnerDied], and m is locked; or another error, and it is not.
func (m *Mutex) Lock() (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if id := m.local().id.Load(); id != 0 && m.word.CompareAndSwap(0, id) {
		return m.settle(id)
	}
	return m.lock(limit{})
}

// TryLock tries to lock m, and does not block. It reports whether m is locked, and the error is as that of Lock.
func (m *Mutex) TryLock() (locked bool, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	id, err := m.id(m.local())
	if err != nil {
		return false, err
	}
	return m.try(id, 0)
}

// TryLockFor locks m, and blocks for at most d until it can. It reports whether m is locked, and the error is as that of Lock.
func (m *Mutex) TryLockFor(d time.Duration) (locked bool, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	switch err = m.lock(limit{deadline: time.Now().Add(d)}); {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return false, nil
	case err == nil, err == ErrOwnerDied:
		return true, err
	}
	return false, err
}

// LockContext locks m, and blocks until it can or ctx is done. Its error is as that of Lock, or the context's cause.
func (m *Mutex) LockContext(ctx context.Context) (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if err := park.Ended(ctx); err != nil {
		return err
	}
	return m.lock(limit{ctx: ctx})
}

// id returns what stands for the process in the word.
func (m *Mutex) id(l *local) (uint32, error) {
	if id := l.id.Load(); id != 0 {
		return id, nil
	}
	addr := uintptr(unsafe.Pointer(&m.word))
	r := space.regionOf(addr)
	if r == nil {
		return 0, ErrClosed
	}
	return r.adopt(addr, l)
}

// try locks m if it is free or its owner died. If waiters is set in sleepers, it stays set.
func (m *Mutex) try(id, sleepers uint32) (locked bool, err error) {
	s := m.word.Load()
	if s&ownerMask != 0 || !m.word.CompareAndSwap(s, id|s&waiters|sleepers) {
		return false, nil
	}
	if s&died != 0 {
		m.region().bury()
		m.state.CompareAndSwap(consistent, broken)
	}
	err = m.settle(id)
	return err != ErrNotRecoverable, err
}

// settle returns what Lock returns once the word bears the process's id. It unlocks a lock that is lost.
func (m *Mutex) settle(id uint32) error {
	switch m.state.Load() {
	case lost:
		m.release(id)
		return ErrNotRecoverable
	case broken:
		return ErrOwnerDied
	}
	return nil
}

// lock is Lock for a mutex that is not free.
func (m *Mutex) lock(l limit) error {
	own := m.local()
	id, err := m.id(own)
	if err != nil {
		return err
	}
	if err := own.gate.LockLimit(l.local()); err != nil {
		return err
	}
	defer own.gate.Unlock()
	budget := spin.NewBudget(spinTries, spinPauses)
	sleepers := uint32(0) // waiters once this goroutine has slept: others may have gone on sleeping when it was woken
	for {
		if locked, err := m.try(id, sleepers); locked || err != nil {
			return err
		}
		if sleepers == 0 && !budget.Spent() && !spin.Crowded() {
			budget.Spend()
			continue
		}
		s := m.word.Load()
		if s&ownerMask == 0 || s&waiters == 0 && !m.word.CompareAndSwap(s, s|waiters) {
			continue
		}
		sleepers = waiters
		began := time.Now()
		if err := await(&m.word, s|waiters, l); err != nil {
			m.passOn()
			return err
		}
		if time.Since(began) >= recheck && m.region().dead(s&ownerMask) {
			m.word.CompareAndSwap(s|waiters, died|waiters)
		}
	}
}

// passOn sees to it that the others who sleep are not forgotten by a waiter that gives up: it may have been woken before
// another has taken the lock, which then knows of no sleepers.
func (m *Mutex) passOn() {
	for {
		s := m.word.Load()
		if s&ownerMask == 0 {
			futex.Wake(&m.word, futex.Shared)
			return
		}
		if s&waiters != 0 || m.word.CompareAndSwap(s, s|waiters) {
			return
		}
	}
}

// region returns the region that m is in.
func (m *Mutex) region() *Region { return space.regionOf(uintptr(unsafe.Pointer(m))) }

// Unlock unlocks m. It panics, and changes nothing, if the process does not hold m.
//
// If Lock has returned ErrOwnerDied and [Mutex.Consistent] was not called, no process can lock m from then on.
func (m *Mutex) Unlock() {
	var err error
	defer faulted(debug.SetPanicOnFault(true), &err)
	id := m.local().id.Load()
	if m.word.Load()&ownerMask != id || id == 0 {
		panic("shared: unlock of a mutex that this process does not hold")
	}
	if m.state.Load() == broken {
		m.state.Store(lost)
	}
	m.release(id)
}

func (m *Mutex) release(id uint32) {
	if m.word.CompareAndSwap(id, 0) {
		return
	}
	// A kill cannot come between the store and the wake.
	if _, err := linux.FutexWakeOp(&m.word, 1, 0, &m.word, linux.FutexOp(linux.FUTEX_OP_SET, 0, linux.FUTEX_OP_CMP_EQ, 0), 0); err != nil {
		m.word.Store(0)
		if err != unix.EFAULT {
			futex.Wake(&m.word, futex.Shared)
		}
	}
}

// Consistent says that what m protects is in order again, after a Lock has returned [ErrOwnerDied]. The caller holds m.
func (m *Mutex) Consistent() { m.state.CompareAndSwap(broken, consistent) }
