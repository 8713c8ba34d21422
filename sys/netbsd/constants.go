// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build netbsd

package netbsd

// The operations of __futex, as in sys/sys/futex.h. The functions of this package use them; they are here for code that
// makes the call itself. The kernel has no priority inheritance, so FUTEX_FD and the operations whose names end in
// PI return ENOSYS.
const (
	FUTEX_WAIT            = 0
	FUTEX_WAKE            = 1
	FUTEX_FD              = 2
	FUTEX_REQUEUE         = 3
	FUTEX_CMP_REQUEUE     = 4
	FUTEX_WAKE_OP         = 5
	FUTEX_LOCK_PI         = 6
	FUTEX_UNLOCK_PI       = 7
	FUTEX_TRYLOCK_PI      = 8
	FUTEX_WAIT_BITSET     = 9
	FUTEX_WAKE_BITSET     = 10
	FUTEX_WAIT_REQUEUE_PI = 11
	FUTEX_CMP_REQUEUE_PI  = 12
)

// Flags of the operations.
const (
	// FUTEX_PRIVATE_FLAG means that the word is used by the threads of one process only. It is part of the
	// word's identity: a wake without the flag does not find a private waiter, nor the reverse.
	FUTEX_PRIVATE_FLAG = 0x80
	// FUTEX_CLOCK_REALTIME measures a time by the wall clock. FUTEX_WAIT and FUTEX_WAIT_BITSET take it.
	FUTEX_CLOCK_REALTIME = 0x100
	// FUTEX_CMD_MASK is what remains of the second argument without its flags.
	FUTEX_CMD_MASK = ^uint32(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME)
)

// FUTEX_BITSET_MATCH_ANY is the mask of a waiter that every wake fits, and of a wake that fits every waiter.
// Waits and wakes without a mask behave as if they had this one.
const FUTEX_BITSET_MATCH_ANY = 0xffffffff

// Bits of the word of a robust lock. The word is 0 when the lock is free; otherwise it holds the id of the owning
// thread and possibly others of these bits. Unlike on Linux, bits 28 and 29 are not the kernel's.
const (
	FUTEX_WAITERS    = 0x80000000 // a thread waits in the kernel: wake one
	FUTEX_OWNER_DIED = 0x40000000 // the owner ended without unlocking
	FUTEX_SYNCOBJ_1  = 0x20000000 // for the lock's own use
	FUTEX_SYNCOBJ_0  = 0x10000000 // for the lock's own use
	FUTEX_TID_MASK   = 0x0fffffff // the owner's thread id, see [LwpSelf]
)

// What golang.org/x/sys/unix lacks of sys/sys/time.h.
const (
	CLOCK_REALTIME  = 0
	CLOCK_MONOTONIC = 3

	TIMER_RELTIME = 0
	TIMER_ABSTIME = 1 // a time is a point in time and not a duration
)
