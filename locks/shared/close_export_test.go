// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import "runtime/debug"

// Closing has f called at the steps of each Close, until undo is called.
func Closing(f func(step int)) (undo func()) {
	old := closing
	closing = f
	return func() { closing = old }
}

// Straggler returns a function that takes m as one does that has read the process's id now. It reports whether it has m then.
func (m *Mutex) Straggler() (take func() (locked bool, err error)) { return m.straggler(m.try) }

func (o *owned) straggler(try func(id, sleepers uint32) (bool, error)) func() (bool, error) {
	id := o.local().id.Load()
	return func() (locked bool, err error) {
		defer faulted(debug.SetPanicOnFault(true), &err)
		return try(id, 0)
	}
}

// Inner returns the mutexes that locks have inside.
func Inner(once *Once, sem *Semaphore, bar *Barrier) []*Mutex {
	return []*Mutex{&once.m, &sem.m, &bar.m}
}

// Free reports whether the word of m is 0.
func (m *Mutex) Free() bool { return m.word.Load() == 0 }

// OwnerDied makes the word of m as that of an owner that died.
func (m *Mutex) OwnerDied() { m.word.Store(died) }

// OwnerDies ends the ownership of m as the kernel does for an owner that dies.
func (m *Mutex) OwnerDies() { m.giveBack(true) }

// Marked reports whether the word of m says that its owner died.
func (m *Mutex) Marked() bool { return m.word.Load()&died != 0 }

// Inside makes Close of the region wait until exit is called.
func (r *Region) Inside() (exit func(), err error) { return r.exit, r.enter() }

// Closed reports whether Close has begun, and no operation can take a lock any more.
func (r *Region) Closed() bool { return r.over() }

// MournClosed calls mourn as one does whose region is closed meanwhile, and has its memory yet.
func (m *Mutex) MournClosed() {
	regions := space.regions.Swap(nil)
	defer space.regions.Store(regions)
	m.mourn()
}
