// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks"
)

// An owned is a word that at most one process owns. It has the form that the kernel's robust lists require:
//
//	0                   free
//	id                  owned by the process whose keeper, or whose slot, has this id
//	id|waiters          the same; a waiter sleeps, or the owner has slept and does not know whether one does
//	died, died|waiters  its owner died; the next process that arrives takes it
//
// The changes, and by whom:
//
//	0 → id              any process: take; even one that closes the region, for an instant: see Close
//	id → 0              the owner: free. With waiters, it is one system call, which also wakes one of them
//	id → id|waiters     a process that is about to sleep, or that gives up: wait, passOn
//	id → other id       the owner, if the lock has been evicted meanwhile: confirm
//	id… → died…         the kernel, when the keeper ends; a waiter that finds that no process with this id lives
//	died… → id…         any process: take
//
// The address of a word is a multiple of 8, and so is that of its node in a robust list: the node is a pointer that is
// read and written at once.
//
// Invariant: a word with the id of a keeper is in the list of that keeper, except between take and the end of confirm,
// and except for a word that was left by a process of an earlier start of the system. In both cases
// waiters detect the death of the owner after the time recheck. So no death goes unnoticed.
type owned struct{ word atomic.Uint32 }

const (
	waiters   = 1 << 31   // FUTEX_WAITERS
	died      = 1 << 30   // FUTEX_OWNER_DIED
	ownerMask = 1<<30 - 1 // FUTEX_TID_MASK
)

// A local is the state of an owned word that only this process knows.
type local struct {
	id   atomic.Uint32 // of the keeper in whose list the word is, or 0; while the process holds the word, 0 for an instant only
	gate locks.Mutex   // of a Mutex: held by the goroutine that waits for the word, on behalf of all
}

// privately returns the process's private memory for the object at p in a region.
func privately(p unsafe.Pointer) unsafe.Pointer {
	if uintptr(p)-space.base >= space.size {
		panic("shared: the lock is not in a Region")
	}
	return pointer(uintptr(p) + (parts-1)*space.size)
}

func (o *owned) local() *local { return (*local)(privately(unsafe.Pointer(o))) }

// region returns the region that the word is in, or nil if that is closed.
func (o *owned) region() *Region { return space.regionOf(uintptr(unsafe.Pointer(o))) }

// linger calls linger of the region that the word is in, which it returns.
func (o *owned) linger() (*Region, error) {
	r := o.region()
	if r == nil {
		return nil, ErrClosed
	}
	return r, r.linger()
}

// id returns the id of the process in the word.
func (o *owned) id() (uint32, error) {
	l := o.local()
	if id := l.id.Load(); id != 0 {
		return id, nil
	}
	r := o.region()
	if r == nil {
		return 0, ErrClosed
	}
	return r.adopt(uintptr(unsafe.Pointer(o)), l)
}

// take makes the process the owner if the word has no owner, or if its owner died and is buried. If sleepers is waiters,
// take sets that bit.
func (o *owned) take(id, sleepers uint32) (taken, after bool) {
	s := o.word.Load()
	if s&died != 0 || race.Enabled { // see Close
		r, err := o.linger()
		if err != nil {
			return false, false
		}
		defer r.exit()
	}
	if s&ownerMask != 0 || s&died != 0 && !o.buried() || !o.word.CompareAndSwap(s, id|s&waiters|sleepers) {
		return false, false
	}
	if !o.confirm(id, s&died != 0) {
		return false, false
	}
	return true, s&died != 0
}

// buried reports whether all threads of the dead owner of a marked word have ended. Until then, one of them may be about
// to store 0, because the kernel had not marked the word when that thread looked: then the owner has unlocked in time.
func (o *owned) buried() bool {
	r := o.region()
	return r == nil || r.buried()
}

// bury waits, if the word is marked, until the dead owner is buried.
func (o *owned) bury() {
	for s := o.word.Load(); s&ownerMask == 0 && s&died != 0 && !o.buried(); s = o.word.Load() {
		limit{}.pause()
	}
}

// confirm makes sure that the word, which the process has just taken as id, is in a keeper's list. If that is not
// possible, for example after Close, confirm gives the word back or leaves that to Close, and reports false; id then
// returns the error. If the process is killed meanwhile, waiters detect after the time recheck that the owner has died.
func (o *owned) confirm(id uint32, after bool) bool {
	if o.local().id.Load() == id {
		return true
	}
	r, err := o.linger()
	if err != nil {
		return false
	}
	defer r.exit()
	other, err := o.id()
	if err != nil {
		o.giveBack(after)
		return false
	}
	for other != id {
		s := o.word.Load()
		if s&ownerMask != id || o.word.CompareAndSwap(s, s&^ownerMask|other) {
			break
		}
	}
	return true
}

// giveBack undoes take. The caller must be inside: otherwise Close may already have undone take, and another process may
// own the word.
func (o *owned) giveBack(after bool) {
	if after {
		o.word.Store(died | waiters)
		wake(&o.word, 1)
		return
	}
	storeAndWake(&o.word, 0, 1)
}

// owner returns the id in the word if it is an id of this process, and otherwise 0. The result does not change while the
// process holds the word.
func (o *owned) owner() uint32 {
	id := o.word.Load() & ownerMask
	if id == 0 || id == o.local().id.Load() {
		return id
	}
	if r := o.region(); r != nil && r.owns(id) {
		return id
	}
	return 0
}

// free ends the ownership, and wakes one of the sleeping waiters. id is the id in the word; with another id, free takes
// longer.
func (o *owned) free(id uint32) {
	if o.word.CompareAndSwap(id, 0) {
		return
	}
	storeAndWake(&o.word, 0, 1)
}

// wait sleeps until the word may have changed from s, which has an owner. If the limit was reached, wait returns an
// error; then the caller calls passOn, or takes the word some other way.
func (o *owned) wait(s uint32, l limit) error {
	if s&waiters == 0 && !o.word.CompareAndSwap(s, s|waiters) {
		return nil
	}
	s |= waiters
	if !marks() && o.orphaned(s) {
		return nil
	}
	began := time.Now()
	err := awaitOwner(&o.word, s, s&ownerMask, l)
	if err == nil && time.Since(began) < recheck {
		return nil
	}
	if o.orphaned(s) {
		return nil // even a waiter that waits for less than the time recheck learns of a death
	}
	return err
}

// orphaned marks the word, as the kernel does, if the word is still s and its owner is dead. It reports whether the word
// has changed.
func (o *owned) orphaned(s uint32) bool {
	if o.word.Load() != s {
		return true
	}
	r, err := o.linger()
	if err != nil {
		return true // for this process, since id returns the error
	}
	defer r.exit()
	if r.dead(s & ownerMask) {
		o.word.CompareAndSwap(s, died|waiters)
		return true
	}
	return false
}

// mourn marks the word if its owner is dead and the kernel has not marked it: a goroutine that only tries, and never
// waits, would not learn of the death. mourn reports whether the word has changed.
func (o *owned) mourn() bool {
	s := o.word.Load()
	return s&ownerMask != 0 && o.orphaned(s)
}

// passOn makes sure that a waiter that gives up leaves no sleeping waiter forgotten. The waiter that gives up may have
// been woken, and another process may have taken the word since, which then knows of no sleeping waiters.
func (o *owned) passOn() {
	for {
		s := o.word.Load()
		if s&ownerMask == 0 {
			wake(&o.word, 1)
			return
		}
		if s&waiters != 0 || o.word.CompareAndSwap(s, s|waiters) {
			return
		}
	}
}
