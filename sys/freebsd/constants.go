// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd

package freebsd

// The operations of the _umtx_op call, as in sys/sys/umtx.h of FreeBSD 15. The functions of this package use them; they
// are here for code that makes the call itself.
const (
	UMTX_OP_WAIT              = 2
	UMTX_OP_WAKE              = 3
	UMTX_OP_MUTEX_TRYLOCK     = 4
	UMTX_OP_MUTEX_LOCK        = 5
	UMTX_OP_MUTEX_UNLOCK      = 6
	UMTX_OP_SET_CEILING       = 7
	UMTX_OP_CV_WAIT           = 8
	UMTX_OP_CV_SIGNAL         = 9
	UMTX_OP_CV_BROADCAST      = 10
	UMTX_OP_WAIT_UINT         = 11
	UMTX_OP_RW_RDLOCK         = 12
	UMTX_OP_RW_WRLOCK         = 13
	UMTX_OP_RW_UNLOCK         = 14
	UMTX_OP_WAIT_UINT_PRIVATE = 15
	UMTX_OP_WAKE_PRIVATE      = 16
	UMTX_OP_MUTEX_WAIT        = 17
	UMTX_OP_MUTEX_WAKE        = 18 // deprecated: it may write to a mutex that is gone
	UMTX_OP_SEM_WAIT          = 19 // deprecated: for programs of FreeBSD 9 and 10
	UMTX_OP_SEM_WAKE          = 20 // deprecated: for programs of FreeBSD 9 and 10
	UMTX_OP_NWAKE_PRIVATE     = 21
	UMTX_OP_MUTEX_WAKE2       = 22
	UMTX_OP_SEM2_WAIT         = 23
	UMTX_OP_SEM2_WAKE         = 24
	UMTX_OP_SHM               = 25
	UMTX_OP_ROBUST_LISTS      = 26
	UMTX_OP_GET_MIN_TIMEOUT   = 27 // since FreeBSD 13.3
	UMTX_OP_SET_MIN_TIMEOUT   = 28 // since FreeBSD 13.3
)

// UMTX_ABSTIME in the flags of a [UmtxTime] says that its time is a point in time.
const UMTX_ABSTIME = 0x01

// USYNC_PROCESS_SHARED in the flags of an object says that processes share it: its sleepers are found by the
// memory behind it.
const USYNC_PROCESS_SHARED = 0x0001

// Flags of a [Umutex]. One with neither UMUTEX_PRIO_INHERIT nor UMUTEX_PRIO_PROTECT is a normal mutex.
const (
	UMUTEX_PRIO_INHERIT  = 0x0004 // the owner gets the priority of the threads that wait
	UMUTEX_PRIO_PROTECT  = 0x0008 // the owner gets the priority of the ceiling
	UMUTEX_ROBUST        = 0x0010 // the kernel frees it when its owner ends; see UmtxRobustLists
	UMUTEX_NONCONSISTENT = 0x0020 // an unlock now makes it UMUTEX_RB_NOTRECOV
)

// The word of a [Umutex]: 0 or one of these, or the owner's thread id (see [ThrSelf]), with UMUTEX_CONTESTED or
// without.
const (
	UMUTEX_UNOWNED      = 0x0                     // free
	UMUTEX_CONTESTED    = 0x80000000              // a thread waits in the kernel: unlock there
	UMUTEX_RB_OWNERDEAD = UMUTEX_CONTESTED | 0x10 // free; its owner has ended without unlocking
	UMUTEX_RB_NOTRECOV  = UMUTEX_CONTESTED | 0x11 // it can never be locked again
)

// Flags of [UmtxCvWait].
const (
	CVWAIT_CHECK_UNPARKING = 0x01 // does nothing
	CVWAIT_ABSTIME         = 0x02 // the time is a point in time
	CVWAIT_CLOCKID         = 0x04 // by the clock that the Ucond names; else by CLOCK_REALTIME
)

// URWLOCK_PREFER_READER in the flags of a [Urwlock] or of [UmtxRwRdlock] lets readers overtake waiting writers.
const URWLOCK_PREFER_READER = 0x0002

// The word of a [Urwlock]: the number of readers, and these bits.
const (
	URWLOCK_WRITE_OWNER   = 0x80000000 // a writer holds it
	URWLOCK_WRITE_WAITERS = 0x40000000 // a writer waits in the kernel
	URWLOCK_READ_WAITERS  = 0x20000000 // a reader waits in the kernel
	URWLOCK_MAX_READERS   = 0x1fffffff // the mask of the readers, and the most of them
)

// The word of a [Usem2]: its count, and a bit.
const (
	USEM_HAS_WAITERS = 0x80000000 // a thread waits in the kernel
	USEM_MAX_COUNT   = 0x7fffffff // the mask of the count, and the highest one
)

// Requests of [UmtxShm], of which one makes a call.
const (
	UMTX_SHM_CREAT   = 0x0001
	UMTX_SHM_LOOKUP  = 0x0002
	UMTX_SHM_DESTROY = 0x0004
	UMTX_SHM_ALIVE   = 0x0008
)
