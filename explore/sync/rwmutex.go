// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package sync

import (
	"sync"
	"unsafe"

	"github.com/osync-go/osync/explore/internal/engine"
)

// An RWMutex is a reader/writer mutual exclusion lock.
type RWMutex struct {
	rw sync.RWMutex
}

// An rwState occupies the memory of an RWMutex during an exploration. The zero value is unlocked.
//
// As in package sync, a pending writer blocks readers that arrive later. Unlock lets all of them
// acquire the lock before the next writer.
type rwState struct {
	count    uint32 // the readers that hold or wait, and rwAnnounced if a writer holds or is pending
	ahead    uint32 // the readers that the writer still waits for
	released uint32 // how often a writer has unlocked while readers waited
}

const rwAnnounced = 1 << 30

func (rw *RWMutex) state() *rwState { return (*rwState)(unsafe.Pointer(rw)) }

func (rw *RWMutex) op(name string, access engine.Access, ready engine.Readier) engine.Op {
	return engine.Op{Name: name, Addr: unsafe.Pointer(rw), Access: access, Word: engine.Word32, Ready: ready}
}

// An rwFree is the wait until no writer holds the lock or is pending.
type rwFree rwState

func (s *rwFree) Ready() bool { return s.count < rwAnnounced }

// An rwDrained is a pending writer's wait for the readers that hold the lock.
type rwDrained rwState

func (s *rwDrained) Ready() bool { return s.ahead == 0 }

// An rwReader is a reader's wait until the writer that it found unlocks.
type rwReader struct {
	*rwState
	met uint32 // the value of released
}

func (r *rwReader) Ready() bool { return r.released != r.met }

// Lock locks rw for writing. It blocks until rw is available.
func (rw *RWMutex) Lock() {
	t := engine.Self()
	if t == nil {
		rw.rw.Lock()
		return
	}
	s := rw.state()
	op := rw.op("RWMutex.Lock", engine.Acquire, (*rwFree)(s))
	t.Step(&op)
	rw.announce(t)
	if s.ahead > 0 {
		op = rw.op("RWMutex.Lock, announced", engine.Acquire, (*rwDrained)(s))
		t.Step(&op)
	}
}

// announce makes a writer pending, which blocks later readers.
func (rw *RWMutex) announce(t *engine.Thread) {
	s := rw.state()
	if s.count > 0 {
		engine.Keep(t, &s.ahead)
		s.ahead = s.count
	}
	s.count |= rwAnnounced
}

// TryLock locks rw for writing if it is unlocked, and reports whether it did.
func (rw *RWMutex) TryLock() bool {
	t := engine.Self()
	if t == nil {
		return rw.rw.TryLock()
	}
	op := rw.op("RWMutex.TryLock", engine.Write, nil)
	op.Compare = true
	if !t.StepCompare(&op) {
		return false
	}
	rw.announce(t)
	return true
}

// Unlock unlocks rw, which must be locked for writing.
func (rw *RWMutex) Unlock() {
	t := engine.Self()
	if t == nil {
		rw.rw.Unlock()
		return
	}
	op := rw.op("RWMutex.Unlock", engine.Release, nil)
	t.Step(&op)
	s := rw.state()
	if s.count < rwAnnounced || s.ahead > 0 {
		t.Fail("misuse", "sync: Unlock of unlocked RWMutex")
	}
	s.count &^= rwAnnounced
	if s.count > 0 {
		engine.Keep(t, &s.released)
		s.released++
	}
}

// RLock locks rw for reading. It blocks until rw is available.
func (rw *RWMutex) RLock() {
	t := engine.Self()
	if t == nil {
		rw.rw.RLock()
		return
	}
	op := rw.op("RWMutex.RLock", engine.AcquireShared, nil)
	t.Step(&op)
	s := rw.state()
	s.count++
	if s.count > rwAnnounced {
		op.Name, op.Ready = "RWMutex.RLock, held off", &rwReader{s, s.released}
		t.Step(&op)
	}
}

// TryRLock locks rw for reading if that is possible without blocking, and reports whether it did.
func (rw *RWMutex) TryRLock() bool {
	t := engine.Self()
	if t == nil {
		return rw.rw.TryRLock()
	}
	s := rw.state()
	op := rw.op("RWMutex.TryRLock", engine.AcquireShared, (*rwFree)(s))
	op.Try = true
	t.Step(&op)
	if s.count >= rwAnnounced {
		return false
	}
	s.count++
	return true
}

// RUnlock undoes a single RLock call.
func (rw *RWMutex) RUnlock() {
	t := engine.Self()
	if t == nil {
		rw.rw.RUnlock()
		return
	}
	op := rw.op("RWMutex.RUnlock", engine.ReleaseShared, nil)
	t.Step(&op)
	s := rw.state()
	switch {
	case s.count == 0 || s.count >= rwAnnounced && s.ahead == 0:
		t.Fail("misuse", "sync: RUnlock of unlocked RWMutex")
	case s.count > rwAnnounced:
		s.ahead--
	}
	s.count--
}

// RLocker returns a Locker whose Lock and Unlock methods call rw.RLock and rw.RUnlock.
func (rw *RWMutex) RLocker() Locker { return (*rlocker)(rw) }

type rlocker RWMutex

func (r *rlocker) Lock()   { (*RWMutex)(r).RLock() }
func (r *rlocker) Unlock() { (*RWMutex)(r).RUnlock() }
