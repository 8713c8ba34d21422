// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"sync"
	"unsafe"
)

// SetKeepers sets how many locks a keeper owns at most, and how many keepers the process has before locks are evicted. It
// returns a function that undoes this.
func SetKeepers(most, few int) (undo func()) {
	ownKeepers.mu.Lock()
	defer ownKeepers.mu.Unlock()
	oldMost, oldFew := keeperMost, keepersFew
	keeperMost, keepersFew = most, few
	return func() { SetKeepers(oldMost, oldFew) }
}

// Evict evicts all locks that the process does not hold. It calls f after the steps e1 and e2 for each.
func Evict(f func(step int)) {
	ownKeepers.mu.Lock()
	defer ownKeepers.mu.Unlock()
	old := evicting
	defer func() { evicting = old }()
	if f != nil {
		evicting = f
	}
	for _, k := range ownKeepers.list {
		for k.evict() {
		}
	}
}

// LockEvicted locks m, as one does who has looked up the process's id before m was evicted.
func (m *Mutex) LockEvicted() (bool, error) {
	id, err := m.id()
	if err != nil {
		return false, err
	}
	Evict(nil)
	return m.try(id, 0)
}

// Linked reports whether m bears the id of one of the process's keepers and is in that keeper's list, once.
func (m *Mutex) Linked() bool {
	ownKeepers.mu.Lock()
	defer ownKeepers.mu.Unlock()
	id, found := m.word.Load()&ownerMask, 0
	for _, k := range ownKeepers.list {
		n := 0
		for p := k.head.List.Next; p != uintptr(unsafe.Pointer(k.head)); p = *(*uintptr)(pointer(p)) {
			n++
			if p-space.size == uintptr(unsafe.Pointer(m)) {
				if k.id != id {
					return false
				}
				found++
			}
		}
		if n != k.n {
			return false
		}
	}
	return found == 1
}

// Straggler is as that of a Mutex.
func (m *PthreadMutex) Straggler() (take func() (locked bool, err error)) { return m.straggler(m.try) }

// Free reports whether the word of m is 0.
func (m *PthreadMutex) Free() bool { return m.word.Load() == 0 }

// Unlocking has f called between the steps of the first Unlock of a PthreadMutex with waiters or a PIMutex, until undo is called.
func Unlocking(f func()) (undo func()) {
	var once sync.Once
	unlocking = func() { once.Do(f) }
	return func() { unlocking = func() {} }
}

// Awaited reports whether the word of m says that somebody waits.
func (m *PthreadMutex) Awaited() bool { return m.word.Load()&waiters != 0 }

// Between calls f after the first step of a Lock.
func (m *PIMutex) Between(f func()) (locked bool, err error) {
	return m.acquire(func(tid uint32) (bool, error) {
		m.thread.CompareAndSwap(0, tid)
		f()
		return m.settle(tid, false)
	})
}
