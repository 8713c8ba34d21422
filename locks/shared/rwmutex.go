// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"context"
	"runtime/debug"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// An RWMutex is a lock between processes that any number of readers or one writer can hold. An RWMutex is in a
// [Region], and its zero value is unlocked. It is 128 bytes long.
//
// A process that dies while it reads does not block others. If a process dies while it writes, or waits to write,
// the next Lock returns [ErrOwnerDied] with the lock held, and RLock returns that error without the lock, until a
// writer has called Consistent.
//
// Readers do not starve writers, nor writers readers. A waiting writer blocks the readers that arrive later, and
// readers that have waited for one writer get the lock before the next writer: in each process one of them, and those
// that wait behind it while it reads. A process that is stopped while it waits to read delays a writer by a tenth of a
// second, once. Barging is allowed among writers, as with a [Mutex]. At most 12 processes read or wait to read at the
// same time; readers of other processes wait until one of these is done.
//
// Close of the region also returns [ErrInUse] while a goroutine of the process waits for rw.
//
// An unlock for writing synchronizes before the return of each later lock, and an unlock for reading before the return of each
// later lock for writing.
type RWMutex struct {
	w       Mutex         // of the writers
	gate    atomic.Uint32 // changed by the owner of w only
	full    atomic.Uint32 // 1 if a reader may wait for an entry
	_       [8]byte
	entries [12]rwEntry
}

// An rwEntry represents the readers of one process. The process owns it while it has readers, or a reader that waits
// for a writer.
type rwEntry struct {
	owned
	since atomic.Uint32
}

// The gate has the phase in its upper bits, and one of these states in the others:
//
//	free     no writer
//	wanting  a writer waits until there are no readers
//	active   a writer holds the lock, or is about to look at the entries again
//
//	free → wanting      the owner of w: Lock
//	wanting → active    the owner of w, when it has seen no readers
//	active → wanting    the owner of w, when it sees a reader after that, which came when the writer was wanting yet
//	any → next free     the owner of w: Unlock, or when it gives up
//
// The word since of an entry that has an owner has one of these values:
//
//	0                   The owner reads, or looks at the gate to see whether it may.
//	gate at wanting     The owner waits for the end of this phase. From then on it counts as reading.
//	revoked             It has been late to see that, and waits without a claim.
//
//	any → 0             the owner, when it has taken the entry, and to look at the gate again after revoked
//	0 → gate            the owner, when the gate is not free
//	gate → 0            the owner, when the phase is over: it is in
//	gate → revoked      a writer of a later phase that has waited for the time recheck
//
// Invariants
//  1. A process reads only if since was 0 when it saw the gate free, or when it saw the gate wanting in a later phase
//     than the one in which its reader arrived; or if it has changed since from an earlier phase to 0.
//  2. A writer holds the lock only if, after gate was active, it saw in each entry no owner, or since at gate or revoked.
//
// A reader changes since, then reads the gate; a writer changes the gate, then reads since. So at least one of them
// sees the other.
//
// The state after a kill:
//
//	a reader, with an entry      The kernel marks the entry, and wakes the writer that sleeps for it. Writers clear it, readers
//	                             take it.
//	a reader, before it wakes    The writer sees since, and the next reader full, after the time recheck.
//	a writer                     w is marked, and the gate stays as it is. The next writer continues in the same phase, so readers
//	                             stay out. Readers see the mark after the time recheck.
//	a writer, before it wakes    Readers see the gate after the time recheck.
const (
	free    = 0
	wanting = 1
	active  = 3
	phase   = 4

	revoked = 2
)

// An rwLocal is the state of an RWMutex that is local to the process.
type rwLocal struct {
	_     local        // of w
	claim uint32       // what its reader that waits, the one that holds wait, has or wants in since; or 0. Under door
	entry uint32       // the number of the entry, which the process owns if n or claim is not 0. Under door
	n     atomic.Int32 // readers. 0 → 1 and 1 → 0 under door
	door  locks.Mutex  // never held while something is waited for
	wait  locks.Mutex  // held by the reader that waits, on behalf of all
}

func (rw *RWMutex) local() *rwLocal { return (*rwLocal)(privately(unsafe.Pointer(rw))) }

// Lock locks rw for writing. It blocks until no other goroutine holds rw. Its errors are those of
// [Mutex.Lock].
func (rw *RWMutex) Lock() (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	return rw.lock(limit{})
}

// TryLock tries to lock rw for writing without blocking, and reports whether rw is locked. The error is as that of
// Lock.
func (rw *RWMutex) TryLock() (locked bool, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	locked, err = rw.w.tryOnce()
	if !locked {
		return false, err
	}
	base := rw.gate.Load() &^ (phase - 1)
	if !rw.read(base | wanting) {
		rw.gate.Store(base | active)
		if !rw.read(base | wanting) {
			rw.locked()
			return true, err
		}
	}
	rw.giveUp(base)
	return false, nil
}

// TryLockFor locks rw for writing, blocking for at most d, and reports whether rw is locked. The error is as that of
// Lock.
func (rw *RWMutex) TryLockFor(d time.Duration) (locked bool, err error) {
	if d <= 0 {
		return rw.TryLock()
	}
	defer faulted(debug.SetPanicOnFault(true), &err)
	return lockedInTime(rw.lock(limit{deadline: time.Now().Add(d)}))
}

// LockContext locks rw for writing, blocking until it is available or ctx is done. The error is as that of Lock, or the
// context's cause.
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
		if err := rw.drain(base|wanting, l); err != nil {
			rw.giveUp(base)
			return err
		}
		rw.gate.Store(base | active)
		if !rw.read(base | wanting) {
			rw.locked()
			return owner
		}
	}
}

func (rw *RWMutex) locked() {
	acquired(&rw.gate)            // of the writers
	acquired(&rw.entries[0].word) // of the readers
}

// giveUp undoes lock. If the last owner died, the next owner gets ErrOwnerDied, too.
func (rw *RWMutex) giveUp(base uint32) {
	rw.open(base)
	rw.w.free(rw.w.owner())
}

// reads reports whether the owner of an entry whose word is s blocks the writer of a gate.
func (e *rwEntry) reads(s, gate uint32) bool {
	if s&ownerMask == 0 {
		return s&died != 0 && !e.buried()
	}
	since := e.since.Load()
	return since != gate && since != revoked
}

// read reports whether any entry blocks the writer.
func (rw *RWMutex) read(gate uint32) bool {
	for i := range rw.entries {
		if e := &rw.entries[i]; e.reads(e.word.Load(), gate) && (!e.mourn() || e.reads(e.word.Load(), gate)) {
			return true
		}
	}
	return false
}

// drain waits until no entry blocks the writer.
func (rw *RWMutex) drain(gate uint32, l limit) error {
	for i := range rw.entries {
		e := &rw.entries[i]
		began, s := time.Time{}, e.word.Load()
		for ; e.reads(s, gate); s = e.word.Load() {
			var err error
			switch {
			case s&ownerMask == 0:
				err = l.pause()
			case s&waiters == 0:
				e.word.CompareAndSwap(s, s|waiters) // then read since again
			default:
				if began.IsZero() {
					began = time.Now()
				} else if since := e.since.Load(); since != 0 && since != gate && time.Since(began) >= recheck {
					e.since.CompareAndSwap(since, revoked)
					continue
				}
				err = e.wait(s, l)
			}
			if err != nil {
				return err
			}
		}
		if s&ownerMask == 0 && s&died != 0 {
			e.word.CompareAndSwap(s, 0)
		}
	}
	return nil
}

// open ends the writer's phase, and wakes the readers that wait for its end, which own entries.
func (rw *RWMutex) open(base uint32) {
	rw.gate.Store(base + phase)
	for i := range rw.entries {
		if rw.entries[i].word.Load()&ownerMask != 0 {
			wakeAll(&rw.gate)
			return
		}
	}
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

// Consistent declares that what rw protects is consistent again, after a Lock returned [ErrOwnerDied]. The caller
// holds rw for writing.
func (rw *RWMutex) Consistent() { rw.w.Consistent() }

// RLock locks rw for reading. It blocks while a writer holds rw, and while a writer waits for it, unless this reader
// has already waited for a writer. So a goroutine that holds rw for reading must not call RLock again: a writer may
// have arrived in between.
//
// If RLock returns nil, rw is locked for reading; if it returns [ErrOwnerDied], [ErrNotRecoverable], [ErrClosed] or
// [ErrTruncated], rw is not locked. After ErrOwnerDied, call Lock, repair what rw protects, and call Consistent.
func (rw *RWMutex) RLock() (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	return rw.rlock(limit{})
}

// TryRLock tries to lock rw for reading without blocking, and reports whether rw is locked. The error is as that of
// RLock.
func (rw *RWMutex) TryRLock() (locked bool, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	own := rw.local()
	if rw.join(own) {
		return true, nil
	}
	r, err := enter(unsafe.Pointer(rw))
	if err != nil {
		return false, err
	}
	defer r.exit()
	on, _, err := rw.come(own, rw.gate.Load(), false)
	if on != nil && err == nil {
		err = rw.bereft(true)
	}
	return on == nil && err == nil, err
}

// TryRLockFor locks rw for reading, blocking for at most d, and reports whether rw is locked. The error is as that of
// RLock.
func (rw *RWMutex) TryRLockFor(d time.Duration) (locked bool, err error) {
	if d <= 0 {
		return rw.TryRLock()
	}
	defer faulted(debug.SetPanicOnFault(true), &err)
	return inTime(rw.rlock(limit{deadline: time.Now().Add(d)}))
}

// RLockContext locks rw for reading, blocking until it is available or ctx is done. The error is as that of RLock, or
// the context's cause.
func (rw *RWMutex) RLockContext(ctx context.Context) (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if err := park.Ended(ctx); err != nil {
		return err
	}
	return rw.rlock(limit{ctx: ctx})
}

// join adds a reader to those of the process, if there are some and no writer waits or holds rw.
func (rw *RWMutex) join(own *rwLocal) bool {
	n := own.n.Load()
	if n > 0 && rw.gate.Load()&wanting == 0 && rw.w.state.Load() == consistent && own.n.CompareAndSwap(n, n+1) {
		acquired(&rw.gate)
		return true
	}
	return false
}

func (rw *RWMutex) rlock(l limit) error {
	own := rw.local()
	if rw.join(own) {
		return nil
	}
	r, err := enter(unsafe.Pointer(rw))
	if err != nil {
		return err
	}
	defer r.exit()
	came := rw.gate.Load()
	if on, _, err := rw.come(own, came, false); on == nil || err != nil {
		return err
	}
	if err := own.wait.LockLimit(l.local()); err != nil {
		return reason(err)
	}
	defer own.wait.Unlock()
	for far := false; ; far = true {
		on, old, err := rw.come(own, came, true)
		if on == nil && err == nil {
			return nil
		}
		if err == nil {
			err = rw.bereft(far)
		}
		if err == nil {
			err = await(on, old, l)
		}
		if err != nil {
			rw.leave(own)
			return err
		}
	}
}

// come adds a reader that has seen the gate at came, if it may read. Otherwise it returns a word to wait for, and its
// value; if wait is set, which means that the reader holds own.wait, it also makes a claim.
func (rw *RWMutex) come(own *rwLocal, came uint32, wait bool) (on *atomic.Uint32, old uint32, err error) {
	own.door.Lock()
	defer own.door.Unlock()
	if own.n.Load() > 0 {
		g, may, err := rw.look(came)
		if err != nil || !may && !wait {
			return &rw.gate, g, err
		}
		if !may {
			own.claim = g&^(phase-1) | wanting
			return &rw.gate, g, nil
		}
		if wait {
			own.claim = 0
		}
		own.n.Add(1)
		acquired(&rw.gate)
		return nil, 0, nil
	}
	if own.claim == 0 {
		if g, may, err := rw.look(came); err != nil || !may && !wait {
			return &rw.gate, g, err
		}
		if taken, err := rw.take(own); err != nil || !taken {
			return &rw.full, 1, err
		}
	} else if g := rw.gate.Load(); !wait || (g^own.claim)&^(phase-1) == 0 {
		return &rw.gate, g, nil
	} else if err := rw.w.harm(); err != nil {
		return nil, 0, err
	}
	e := &rw.entries[own.entry]
	if own.claim == 0 || !e.since.CompareAndSwap(own.claim, 0) {
		e.since.Store(0)
		g, may, err := rw.look(came)
		if err != nil || !may && !wait {
			own.claim = 0
			rw.release(e)
			return &rw.gate, g, err
		}
		if !may {
			own.claim = g&^(phase-1) | wanting
			e.await(own.claim)
			return &rw.gate, g, nil
		}
	}
	own.claim = 0
	own.n.Store(1)
	acquired(&rw.gate)
	return nil, 0, nil
}

// look returns the gate, and whether a reader that has seen it at came may read.
func (rw *RWMutex) look(came uint32) (g uint32, may bool, err error) {
	g = rw.gate.Load()
	err = rw.w.harm()
	if g&wanting == 0 {
		return g, err == nil, err
	}
	return g, err == nil && g&active == wanting && (g^came)&^(phase-1) != 0, nil
}

// take makes the process the owner of an entry, if there is a free one. If not, full is set.
func (rw *RWMutex) take(own *rwLocal) (taken bool, err error) {
	for _, again := range []bool{false, true} {
		for try := range uint32(len(rw.entries)) {
			i := (own.entry + try) % uint32(len(rw.entries))
			e := &rw.entries[i].owned
			if s := e.word.Load(); s&ownerMask != 0 && !(again && e.orphaned(s)) {
				continue
			}
			id, err := e.id()
			if err != nil {
				return false, err
			}
			if taken, _ := e.take(id, 0); taken {
				own.entry = i
				return true, nil
			}
		}
		rw.full.Store(1)
	}
	return false, nil
}

// release ends the ownership of an entry.
func (rw *RWMutex) release(e *rwEntry) {
	e.free(e.owner())
	if rw.full.Load() != 0 {
		rw.full.Store(0)
		wakeAll(&rw.full)
	}
}

// await records that the owner waits for a phase, and wakes the writer.
func (e *rwEntry) await(claim uint32) {
	e.since.Store(claim)
	if e.word.Load()&waiters != 0 {
		wakeAll(&e.word)
	}
}

// bereft returns the error if the writer for which the reader waits died. Some deaths are detected only if far is set,
// which takes longer.
func (rw *RWMutex) bereft(far bool) error {
	s := rw.w.word.Load()
	if rw.gate.Load()&wanting == 0 {
		return nil
	}
	if s&ownerMask == 0 {
		if s&died != 0 {
			return ErrOwnerDied
		}
		return nil
	}
	if r := rw.w.region(); far && r != nil && r.dead(s&ownerMask) {
		return ErrOwnerDied
	}
	return nil
}

// leave undoes the claim of a reader that gives up.
func (rw *RWMutex) leave(own *rwLocal) {
	own.door.Lock()
	defer own.door.Unlock()
	if own.claim != 0 && own.n.Load() == 0 {
		rw.release(&rw.entries[own.entry])
	}
	own.claim = 0
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
	if e := &rw.entries[own.entry]; own.claim != 0 {
		e.await(own.claim)
	} else {
		rw.release(e)
	}
	return true
}
