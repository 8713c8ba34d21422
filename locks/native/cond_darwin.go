// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"sync/atomic"
	"time"
)

// A rawCond is a condition variable on a futex word that counts, as on Linux. macOS cannot
// move sleepers from one word to another, so a broadcast wakes them all. The system's own
// condition is no choice: it knows a pthread_mutex_t only, and Mutex is an os_unfair_lock.
//
//	word      meaning                                   changed by
//	seq       number of signals and broadcasts that     signal, broadcast: add 1
//	          found somebody waiting, modulo 2³²
//	waiters   those between the first step of wait      wait: add 1, later add -1
//	          and the locking of the mutex
//
// Invariants
//  1. A waiter counts itself, then reads seq, then unlocks the mutex. So whoever has locked
//     the mutex since finds waiters above 0, and by adding to seq reaches the waiter: either it
//     has yet to fall asleep, and then finds seq changed, or it is in the kernel's queue.
//  2. One signal wakes one sleeper, and all waiters who are not asleep yet. So it may end
//     more than one wait, and ends at least one if there was one.
//  3. The kernel takes a sleeper out of its queue for a wake or for its limit, never for both.
//     So a wait that reports its limit has used up no wake.
//
// A waiter that does not get to run while exactly 2³² signals are given would miss them all.
type rawCond struct {
	seq     atomic.Uint32
	waiters atomic.Uint32
}

// wait unlocks m, waits for a signal, a broadcast or limit, and locks m again. It reports
// false if it was limit; the zero limit never comes.
func (c *rawCond) wait(m *rawMutex, limit time.Time) bool {
	c.waiters.Add(1)
	seq := c.seq.Load()
	m.unlock()
	woken := sleep(&c.seq, seq, limit) // by invariant 1
	c.waiters.Add(^uint32(0))
	m.lock(time.Time{})
	return woken
}

func (c *rawCond) signal() {
	if c.waiters.Load() != 0 {
		c.seq.Add(1)
		wake(&c.seq)
	}
}

// broadcast ends all waits.
func (c *rawCond) broadcast(*rawMutex) {
	if c.waiters.Load() != 0 {
		c.seq.Add(1)
		wakeAll(&c.seq)
	}
}
