// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd

package freebsd

import (
	"structs"
	"sync/atomic"
	"unsafe"
)

// A Urwlock is a readers-writer lock, without an owner. It is struct urwlock.
//
// State is the lock: the number of readers, or URWLOCK_WRITE_OWNER, and whether threads wait. A reader adds 1
// by a compare-and-swap unless URWLOCK_WRITE_OWNER or URWLOCK_WRITE_WAITERS is set, a writer sets
// URWLOCK_WRITE_OWNER unless that or a reader is there. Flags are USYNC_PROCESS_SHARED and
// URWLOCK_PREFER_READER. The other fields are the kernel's: how many threads sleep.
type Urwlock struct {
	_              structs.HostLayout
	State          atomic.Uint32
	Flags          uint32
	BlockedReaders uint32
	BlockedWriters uint32
	_              [4]uint32
}

// UmtxRwRdlock locks rw for reading. It blocks until rw is available, or for as long as limit says.
//
//	_umtx_op(rw, UMTX_OP_RW_RDLOCK, flags, sizeof(*limit), limit)
//
// A writer that waits stops new readers, unless URWLOCK_PREFER_READER is set in flags or in those of rw. nil
// means no limit.
//
// A nil error means that rw is locked. Other errors are of type [syscall.Errno]: ETIMEDOUT after the limit;
// EINTR for a signal; EAGAIN if there are URWLOCK_MAX_READERS; EINVAL for a limit that is negative or has a
// whole second in Nsec; EFAULT for memory that cannot be written.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another one. It may be called
// from any thread.
//
// Older than FreeBSD 12. See _umtx_op(2), and do_rw_rdlock in sys/kern/kern_umtx.c.
func UmtxRwRdlock(rw *Urwlock, flags uint32, limit *UmtxTime) error {
	return umtxSleep(unsafe.Pointer(rw), UMTX_OP_RW_RDLOCK, uintptr(flags), limit)
}

// UmtxRwWrlock locks rw for writing. It blocks until rw is available, or for as long as limit says.
//
//	_umtx_op(rw, UMTX_OP_RW_WRLOCK, 0, sizeof(*limit), limit)
//
// Errors are those of [UmtxRwRdlock] but for EAGAIN. Otherwise it is UmtxRwRdlock too.
func UmtxRwWrlock(rw *Urwlock, limit *UmtxTime) error {
	return umtxSleep(unsafe.Pointer(rw), UMTX_OP_RW_WRLOCK, 0, limit)
}

// UmtxRwUnlock unlocks rw: for writing if a writer holds it, else for one reader. It wakes the next writer, or,
// if none waits, all readers; with URWLOCK_PREFER_READER in the flags of rw the other way round.
//
//	_umtx_op(rw, UMTX_OP_RW_UNLOCK)
//
// Errors are of type [syscall.Errno]: EPERM if rw is not locked; EFAULT for memory that cannot be written. The
// call does not block, and it may be made from any thread.
//
// Older than FreeBSD 12. See _umtx_op(2).
func UmtxRwUnlock(rw *Urwlock) error {
	return umtxNow(unsafe.Pointer(rw), UMTX_OP_RW_UNLOCK, 0, nil)
}
