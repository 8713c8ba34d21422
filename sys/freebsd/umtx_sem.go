// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd

package freebsd

import (
	"structs"
	"sync/atomic"
	"unsafe"
)

// A Usem2 is a counting semaphore. It is struct _usem2.
//
// Count is the semaphore: its count, with USEM_HAS_WAITERS if threads sleep. A thread takes one off by a
// compare-and-swap if there is one, and calls [UmtxSem2Wait] if not. It adds one by a compare-and-swap, and
// calls [UmtxSem2Wake] if USEM_HAS_WAITERS is set. Flags are USYNC_PROCESS_SHARED or 0.
type Usem2 struct {
	_     structs.HostLayout
	Count atomic.Uint32
	Flags uint32
}

// UmtxSem2Wait puts the calling thread to sleep while the count of sem is 0. It takes nothing off the count.
//
//	_umtx_op(sem, UMTX_OP_SEM2_WAIT, 0, sizeof(*limit), limit)
//
// nil means no limit. (The kernel can tell how much of a duration is left after a signal; this function does
// not ask.)
//
// A nil error means that the count was not 0, or that the thread was woken, so look at it again. Other errors
// are of type [syscall.Errno]: ETIMEDOUT after the limit; EINTR for a signal, if limit is a duration; EINVAL
// for a limit that is negative or has a whole second in Nsec; EFAULT for memory that cannot be written.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another one. It may be called
// from any thread.
//
// Older than FreeBSD 12. See _umtx_op(2), and do_sem2_wait in sys/kern/kern_umtx.c.
func UmtxSem2Wait(sem *Usem2, limit *UmtxTime) error {
	return umtxSleep(unsafe.Pointer(sem), UMTX_OP_SEM2_WAIT, 0, limit)
}

// UmtxSem2Wake wakes one thread that waits in [UmtxSem2Wait], and clears USEM_HAS_WAITERS if that was the last.
// It adds nothing to the count.
//
//	_umtx_op(sem, UMTX_OP_SEM2_WAKE)
//
// The only error is EFAULT, of type [syscall.Errno], for memory that cannot be written. The call does not
// block, and it may be made from any thread.
//
// Older than FreeBSD 12. See _umtx_op(2).
func UmtxSem2Wake(sem *Usem2) error {
	return umtxNow(unsafe.Pointer(sem), UMTX_OP_SEM2_WAKE, 0, nil)
}
