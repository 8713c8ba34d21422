// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !windows

package native

import (
	"sync/atomic"
	"time"
)

// A rawCond is a condition variable on a futex word that counts: Ulrich Drepper, "Futexes Are
// Tricky", 2004; Mara Bos, "Rust Atomics and Locks", 2023, chapter 9. In addition, if the system
// can requeue, a broadcast moves its waiters to the queue of the mutex instead of waking them all
// to contend for it: with 32 threads that takes half the time and less than half of the processor
// time.
//
//	word      meaning                                   changed by
//	seq       number of signals and broadcasts that     signal, broadcast: add 1
//	          found a waiter, modulo 2³²
//	waiters   threads between the first step of wait    wait: add 1, later add -1
//	          and the locking of the mutex
//
// Invariants
//  1. A waiter counts itself, then reads seq, then unlocks the mutex. So a thread that has locked
//     the mutex since then finds waiters above 0, and by adding to seq reaches the waiter: either
//     it has yet to fall asleep, and then finds seq changed, or it is in the kernel's queue.
//  2. One signal wakes one sleeper, and all waiters that are not asleep yet. So it may end
//     more than one wait, and ends at least one if there was one.
//  3. The kernel takes a sleeper out of its queue for a wake or for its limit, never for both. So a
//     wait that reports its limit has consumed no wake.
//  4. A broadcast that requeues wakes one sleeper, if there is one, and moves the others to the
//     word of the mutex. A waiter locks with lockAfterWait, so the one that was woken keeps
//     invariant 3 of the mutex for those that were moved: each unlock wakes the next.
//
// A waiter that does not run while exactly 2³² signals are given would miss them all.
type rawCond struct {
	seq     atomic.Uint32
	waiters atomic.Uint32
}

// wait unlocks m, waits for a signal, a broadcast or limit, and locks m again. It reports false if
// limit ended the wait; the zero limit is never reached.
func (c *rawCond) wait(m *rawMutex, limit time.Time) bool {
	c.waiters.Add(1)
	seq := c.seq.Load()
	m.unlock()
	woken := sleep(&c.seq, seq, limit)   // by invariant 1
	woken = woken || c.seq.Load() != seq // the limit may have come after the move to the mutex
	c.waiters.Add(^uint32(0))
	m.lockAfterWait() // by invariant 4
	return woken
}

func (c *rawCond) signal() {
	if c.waiters.Load() != 0 {
		c.seq.Add(1)
		wake(&c.seq)
	}
}

// broadcast ends all waits; m is the mutex of all of them.
func (c *rawCond) broadcast(m *rawMutex) {
	if c.waiters.Load() == 0 {
		return
	}
	for !requeue(&c.seq, c.seq.Add(1), m) {
		// Another thread has signalled in between.
	}
}
