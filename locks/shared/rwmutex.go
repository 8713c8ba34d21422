// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"context"
	"errors"
	"os"
	"runtime/debug"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// An RWMutex is a lock between processes that any number of readers or one writer can hold. It lies in a [Region], and its
// zero value is unlocked. It is 128 bytes long.
//
// A process that dies while it reads holds up nobody. If it dies while it writes, or waits to, the next Lock returns
// [ErrOwnerDied] with the lock held, and RLock returns that error without it, until a writer has called Consistent.
//
// A waiting writer blocks new readers. Readers that have waited for one writer come before the next one. At most 12
// processes read at the same time; readers of others wait until one of them has done.
//
// The readers of a process are one to other processes: it owns one of the entries while it has readers. The gate has the
// phase in its upper bits, and in the others
//
//	free     no writer
//	wanting  a writer waits until nobody owns an entry
//	active   a writer holds the lock, or is about to look at the entries again
//
//	free → wanting      the owner of w: Lock
//	wanting → active    the owner of w, when it has seen no entry with an owner
//	active → wanting    the owner of w, when it sees one after that: a reader that came when the writer was wanting yet
//	any → next free     the owner of w: Unlock
//
// A reader takes an entry, then looks at the gate; a writer changes the gate, then looks at the entries. So at
// least one of them sees the other.
type RWMutex struct {
	w       Mutex
	gate    atomic.Uint32
	_       [12]byte
	entries [12]struct {
		owned
		_ uint32
	}
}

const (
	free    = 0
	wanting = 1
	active  = 3
	phase   = 4
)

// An rwLocal is what the process alone knows of an RWMutex.
type rwLocal struct {
	_     [16]byte      // of w
	n     atomic.Int32  // readers of the process; not 0 while it owns an entry. 0 → 1 and 1 → 0 under door
	door  locks.Mutex   // never held while something is waited for
	wait  locks.Mutex   // held by the reader that waits, on behalf of all
	entry atomic.Uint32 // the number of the entry
}

func (rw *RWMutex) local() *rwLocal { return (*rwLocal)(privately(unsafe.Pointer(rw))) }

// Lock locks rw for writing. It blocks until no other holds it. It returns as [Mutex.Lock] does.
func (rw *RWMutex) Lock() (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	return rw.lock(limit{})
}

// TryLockFor locks rw for writing, and blocks for at most d until it can. It reports whether rw is locked, and the error is as
// that of Lock.
func (rw *RWMutex) TryLockFor(d time.Duration) (locked bool, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	switch err = rw.lock(limit{deadline: time.Now().Add(d)}); {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return false, nil
	case err == nil, err == ErrOwnerDied:
		return true, err
	}
	return false, err
}

// LockContext locks rw for writing, and blocks until it can or ctx is done. Its error is as that of Lock, or the context's cause.
func (rw *RWMutex) LockContext(ctx context.Context) (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if err := park.Ended(ctx); err != nil {
		return err
	}
	return rw.lock(limit{ctx: ctx})
}

func (rw *RWMutex) lock(l limit) error {
	owner := rw.w.lock(l)
	if owner != nil && owner != ErrOwnerDied {
		return owner
	}
	base := rw.gate.Load() &^ (phase - 1)
	for {
		rw.gate.Store(base | wanting)
		if err := rw.drain(l); err != nil {
			rw.open(base)
			rw.w.free(rw.w.owner()) // and who comes next learns of an owner that died, as this one did
			return err
		}
		rw.gate.Store(base | active)
		if !rw.read() {
			acquired(&rw.gate)            // of the writers
			acquired(&rw.entries[0].word) // of the readers
			return owner
		}
	}
}

// read reports whether an entry has an owner that lives.
func (rw *RWMutex) read() bool {
	for i := range rw.entries {
		if rw.entries[i].word.Load()&ownerMask != 0 {
			return true
		}
	}
	return false
}

// drain waits until no entry has an owner that lives.
func (rw *RWMutex) drain(l limit) error {
	for i := range rw.entries {
		e := &rw.entries[i].owned
		for s := e.word.Load(); s&ownerMask != 0; s = e.word.Load() {
			if err := e.wait(s, l); err != nil {
				return err
			}
		}
	}
	return nil
}

// open ends the writer's phase, and wakes the readers that wait for that.
func (rw *RWMutex) open(base uint32) {
	rw.gate.Store(base + phase)
	wakeAll(&rw.gate)
}

// Unlock unlocks rw for writing. It panics, and changes nothing, if the process does not hold rw for writing.
func (rw *RWMutex) Unlock() {
	var err error
	defer faulted(debug.SetPanicOnFault(true), &err)
	const misuse = "shared: unlock of an RWMutex that this process does not hold for writing"
	if rw.w.owner() == 0 {
		panic(misuse)
	}
	if rw.w.state.Load() == broken {
		rw.w.state.Store(lost)
	}
	releasing(&rw.gate)
	rw.open(rw.gate.Load() &^ (phase - 1))
	rw.w.unlock(misuse)
}

// Consistent says that what rw protects is in order again, after a Lock has returned [ErrOwnerDied]. The caller holds
// rw for writing.
func (rw *RWMutex) Consistent() { rw.w.Consistent() }

// RLock locks rw for reading. It blocks while a writer holds rw, or waits for it and this reader has not waited yet.
//
// It returns nil, and rw is locked for reading; or [ErrOwnerDied], [ErrNotRecoverable], [ErrClosed] or [ErrTruncated], and it is
// not. After ErrOwnerDied, call Lock, repair what rw protects, and call Consistent.
func (rw *RWMutex) RLock() (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	return rw.rlock(limit{})
}

func (rw *RWMutex) rlock(l limit) error {
	own := rw.local()
	if n := own.n.Load(); n > 0 && rw.gate.Load()&wanting == 0 && own.n.CompareAndSwap(n, n+1) {
		acquired(&rw.gate)
		return nil
	}
	r, err := enter(unsafe.Pointer(rw))
	if err != nil {
		return err
	}
	defer r.exit()
	came := rw.gate.Load()
	waited := false
	for {
		s, in, err := rw.enter(came, own)
		if in {
			acquired(&rw.gate)
		}
		if in || err != nil {
			return err
		}
		if !waited {
			if err := own.wait.LockLimit(l.local()); err != nil {
				return err
			}
			defer own.wait.Unlock()
			waited = true
			continue
		}
		if s == nil { // all entries have owners
			e := &rw.entries[0].owned
			if s := e.word.Load(); s&ownerMask != 0 {
				err = e.wait(s, l)
				if err != nil {
					e.passOn()
				}
			}
		} else {
			err = await(&rw.gate, *s, l)
		}
		if err != nil {
			return err
		}
		if err := rw.broken(); err != nil {
			return err
		}
	}
}

// enter adds a reader, if it may. Otherwise it returns the gate's value that stands against it, or nil if no entry is free.
func (rw *RWMutex) enter(came uint32, own *rwLocal) (gate *uint32, in bool, err error) {
	own.door.Lock()
	defer own.door.Unlock()
	may := func() (uint32, bool) {
		g := rw.gate.Load()
		return g, g&wanting == 0 || g&active == wanting && (g^came)&^(phase-1) != 0
	}
	if g, ok := may(); !ok {
		return &g, false, nil
	}
	if own.n.Load() > 0 {
		own.n.Add(1)
		return nil, true, nil
	}
	for try := range uint32(len(rw.entries)) {
		i := (own.entry.Load() + try) % uint32(len(rw.entries))
		e := &rw.entries[i].owned
		id, err := e.id()
		if err != nil {
			return nil, false, err
		}
		if taken, _ := e.take(id, 0); !taken {
			continue
		}
		own.entry.Store(i)
		if g, ok := may(); !ok {
			e.free(id)
			return &g, false, nil
		}
		own.n.Store(1)
		return nil, true, nil
	}
	return nil, false, nil
}

// broken returns the error if the owner of w died.
func (rw *RWMutex) broken() error {
	s := rw.w.word.Load()
	switch {
	case rw.w.state.Load() == lost:
		return ErrNotRecoverable
	case rw.gate.Load()&wanting == 0:
		return nil
	case s&died != 0, s&ownerMask != 0 && rw.w.region().dead(s&ownerMask):
		return ErrOwnerDied
	}
	return nil
}

// RUnlock undoes one RLock. It panics, and changes nothing, if the process does not hold rw for reading.
func (rw *RWMutex) RUnlock() {
	var err error
	defer faulted(debug.SetPanicOnFault(true), &err)
	own := rw.local()
	releasing(&rw.entries[0].word)
	for {
		switch n := own.n.Load(); {
		case n <= 0:
			panic("shared: RUnlock of an RWMutex that this process does not hold for reading")
		case n > 1:
			if own.n.CompareAndSwap(n, n-1) {
				return
			}
		case rw.last(own):
			return
		}
	}
}

// last undoes the RLock of the only reader. It reports false if there are more.
func (rw *RWMutex) last(own *rwLocal) bool {
	own.door.Lock()
	defer own.door.Unlock()
	if !own.n.CompareAndSwap(1, 0) {
		return false
	}
	e := &rw.entries[own.entry.Load()].owned
	e.free(e.owner())
	return true
}
