// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

// The operations of the futex call, as in include/uapi/linux/futex.h. The functions of
// this package use them; they are here for code that makes the call itself.
const (
	FUTEX_WAIT            = 0
	FUTEX_WAKE            = 1
	FUTEX_FD              = 2 // removed in Linux 2.6.26
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
	FUTEX_LOCK_PI2        = 13
)

// Flags of the classic operations.
const (
	// FUTEX_PRIVATE_FLAG says that the word is used by the threads of one process only.
	// It is part of the word's identity: a wake without the flag does not find a private waiter,
	// nor the reverse.
	FUTEX_PRIVATE_FLAG = 0x80
	// FUTEX_CLOCK_REALTIME measures the deadline by the wall clock. Only
	// FUTEX_WAIT_BITSET, FUTEX_WAIT_REQUEUE_PI and FUTEX_LOCK_PI2 take it; the other
	// operations return ENOSYS.
	FUTEX_CLOCK_REALTIME = 0x100
	// FUTEX_ROBUST_UNLOCK makes FUTEX_WAKE, FUTEX_WAKE_BITSET and FUTEX_UNLOCK_PI release a robust
	// lock: the kernel stores into the word, and clears the pointer to the lock that is pending
	// (see [RobustListHead]), whose address is one more argument of the call. [FutexUnlockWakeList],
	// [FutexUnlockBitsetList] and [FutexUnlockPIList] pass it, and set the flag themselves. Other
	// operations return ENOSYS. Since Linux 7.2.
	FUTEX_ROBUST_UNLOCK = 0x200
	// FUTEX_ROBUST_LIST32, together with FUTEX_ROBUST_UNLOCK, says that this pointer has 32 bits. The three
	// functions set it on 32-bit systems. Since Linux 7.2.
	FUTEX_ROBUST_LIST32 = 0x400
	// FUTEX_CMD_MASK is what remains of the second argument without its flags.
	FUTEX_CMD_MASK = ^uint32(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME | FUTEX_ROBUST_UNLOCK | FUTEX_ROBUST_LIST32)
)

// FUTEX_BITSET_MATCH_ANY is the mask of a waiter that matches every wake, and of a wake that matches every waiter.
// Waits and wakes without a mask behave as if they had this one.
const FUTEX_BITSET_MATCH_ANY = 0xffffffff

// Bits of the word of a priority-inheriting or robust lock. The word is 0 when the lock
// is free; else it holds the thread id of the owner and possibly the other two bits.
const (
	FUTEX_WAITERS    = 0x80000000 // threads wait in the kernel: unlock there
	FUTEX_OWNER_DIED = 0x40000000 // the owner ended without unlocking
	FUTEX_TID_MASK   = 0x3fffffff // the owner's thread id, see [Gettid]
)
