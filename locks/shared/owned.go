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

// An owned is a word that one process owns, or none. It has the form that the kernel's robust lists ask for:
//
//	0                   free
//	id                  owned by the process whose keeper has this id, or whose slot
//	id|waiters          the same; somebody sleeps, or the owner has slept and does not know
//	died, died|waiters  its owner died; the next that comes takes it
//
// The changes, and by whom:
//
//	0 → id              any process: take, also one that closes the region, for an instant: see Close
//	id → 0              the owner: free. With waiters in one system call that wakes one of them
//	id → id|waiters     a process that is about to sleep, or gives up: wait, passOn
//	id → other id       the owner, when the lock has been evicted meanwhile: confirm
//	id… → died…         the kernel, when the keeper ends; a waiter that finds that no such process lives
//	died… → id…         any process: take
//
// A word lies at a multiple of 8, as its node in a robust list does: a pointer that is read and written at once.
//
// Invariant: a word with the id of a keeper is in the list of that keeper, but for one that has been left by a process of
// an earlier start of the system, and between take and the end of confirm. So no death goes unnoticed: waiters find these
// after the time recheck.
type owned struct{ word atomic.Uint32 }

const (
	waiters   = 1 << 31   // FUTEX_WAITERS
	died      = 1 << 30   // FUTEX_OWNER_DIED
	ownerMask = 1<<30 - 1 // FUTEX_TID_MASK
)

// A local is what this process alone knows of an owned word.
type local struct {
	id   atomic.Uint32 // of the keeper in whose list the word is, or 0; when the process holds the word, 0 for an instant only
	gate locks.Mutex   // of a Mutex: held by the goroutine that waits for the word, on behalf of all
}

// privately returns the process's own memory for what lies at p in a region.
func privately(p unsafe.Pointer) unsafe.Pointer {
	if uintptr(p)-space.base >= space.size {
		panic("shared: the lock is not in a Region")
	}
	return pointer(uintptr(p) + (parts-1)*space.size)
}

func (o *owned) local() *local { return (*local)(privately(unsafe.Pointer(o))) }

// region returns the region that the word is in, or nil if that is closed.
func (o *owned) region() *Region { return space.regionOf(uintptr(unsafe.Pointer(o))) }

// linger is as that of the region that the word is in.
func (o *owned) linger() (*Region, error) {
	r := o.region()
	if r == nil {
		return nil, ErrClosed
	}
	return r, r.linger()
}

// id returns what stands for the process in the word.
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

// take makes the process the owner if there is none, or if that died and is buried. If sleepers is waiters, that stays set.
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

// buried reports whether the owner that died, of a word that is marked, has ended with all of its threads. Before that, one of
// them may be about to store 0, as the kernel has not marked the word yet: then the owner has unlocked in time.
func (o *owned) buried() bool {
	r := o.region()
	return r == nil || r.buried()
}

// bury waits until the owner that died, if the word is marked, is buried.
func (o *owned) bury() {
	for s := o.word.Load(); s&ownerMask == 0 && s&died != 0 && !o.buried(); s = o.word.Load() {
		limit{}.pause()
	}
}

// confirm sees to it that the word, which the process has just taken as id, is in a keeper's list. If that is not possible, as
// when Close has come before, it gives the word back, or leaves that to Close, and reports false; then id returns the error. A
// kill meanwhile leaves a word of which waiters find after the time recheck that the owner has died.
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

// giveBack undoes take. The caller is inside: else Close may have undone it, and the word may be another's.
func (o *owned) giveBack(after bool) {
	if after {
		o.word.Store(died | waiters)
		wake(&o.word, 1)
		return
	}
	storeAndWake(&o.word, 0, 1)
}

// owner returns the id in the word if that is the process's own, or 0. It does not change while the process holds the word.
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

// free ends the ownership, and wakes one of those that sleep. The id is that of the word; with another it takes longer.
func (o *owned) free(id uint32) {
	if o.word.CompareAndSwap(id, 0) {
		return
	}
	storeAndWake(&o.word, 0, 1)
}

// wait sleeps until the word may have changed from s, which has an owner. It is an error if the limit was reached; then the
// caller calls passOn, or takes the word some other way.
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
		return nil // those that wait for less than the time recheck learn of a death, too
	}
	return err
}

// orphaned marks the word if it is s yet and its owner is dead, as the kernel does. It reports whether the word has changed.
func (o *owned) orphaned(s uint32) bool {
	if o.word.Load() != s {
		return true
	}
	r, err := o.linger()
	if err != nil {
		return true // for the process: id returns the error
	}
	defer r.exit()
	if r.dead(s & ownerMask) {
		o.word.CompareAndSwap(s, died|waiters)
		return true
	}
	return false
}

// mourn marks the word if its owner is dead, and the kernel has not done so: those that only try, and never wait, would not learn
// of the death. It reports whether the word has changed.
func (o *owned) mourn() bool {
	s := o.word.Load()
	return s&ownerMask != 0 && o.orphaned(s)
}

// passOn sees to it that those who sleep are not forgotten by a waiter that gives up: it may have been woken, and another
// has taken the word since, which then knows of no sleepers.
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
