// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd

package freebsd

import (
	"structs"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Umutex is a lock that a thread owns. It is struct umutex, what POSIX mutexes of libthr are built on.
//
// Owner is the lock: UMUTEX_UNOWNED, or the id of the thread that holds it (see [ThrSelf]), with
// UMUTEX_CONTESTED if a thread waits in the kernel. A thread locks a normal mutex by a compare-and-swap from
// UMUTEX_UNOWNED to its id, or from UMUTEX_CONTESTED to its id with that bit, and calls [UmtxMutexLock] if
// neither works. It unlocks it by one from its id to UMUTEX_UNOWNED, and calls [UmtxMutexUnlock] if that fails.
// A mutex with UMUTEX_PRIO_PROTECT starts as UMUTEX_CONTESTED, so that each lock and unlock is a call.
//
// RbLnk is the address of the next Umutex in a list of robust mutexes, 0 for the last. It is not a Go pointer, since
// such mutexes must not lie in memory that Go manages: map them.
type Umutex struct {
	_     structs.HostLayout
	Owner atomic.Uint32
	// Flags are UMUTEX_PRIO_INHERIT and its kin, and USYNC_PROCESS_SHARED.
	Flags uint32
	// Ceilings are for UMUTEX_PRIO_PROTECT: the first is the ceiling, 0 to RTP_PRIO_MAX with the highest as the
	// most urgent. The second is, in an unlock, the ceiling of the last mutex of this kind that the thread
	// still holds, or 1<<32 - 1 for none.
	Ceilings [2]uint32
	RbLnk    uintptr
	_        [12 - unsafe.Sizeof(uintptr(0))]byte
	_        uint32
}

// UmtxMutexLock locks m for the calling thread. It blocks until m is available, or for as long as limit says.
//
//	_umtx_op(m, UMTX_OP_MUTEX_LOCK, 0, sizeof(*limit), limit)
//
// With UMUTEX_PRIO_INHERIT the owner runs with the priority of the most urgent thread that waits, if that is of
// a real-time class. With UMUTEX_PRIO_PROTECT the caller gets the priority of the ceiling, if it may. nil means
// no limit.
//
// A nil error means that the thread holds m. Other errors are of type [syscall.Errno]: EOWNERDEAD, for a robust
// mutex whose owner has ended: the thread holds m, and what it protects may be half changed; ENOTRECOVERABLE
// for one that is UMUTEX_RB_NOTRECOV; ETIMEDOUT after the limit; EINTR for a signal, with a limit only; EDEADLK
// for a mutex with UMUTEX_PRIO_INHERIT that the thread holds already (a thread that locks a normal one twice
// waits forever); EINVAL for flags of both protocols, a ceiling above RTP_PRIO_MAX or below the thread's own
// priority, or a limit that is negative or has a whole second in Nsec; EPERM if the kernel knows another owner
// than the word; EFAULT for memory that cannot be written.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another one. The thread owns m:
// call [runtime.LockOSThread] before.
//
// Older than FreeBSD 12. See _umtx_op(2), and do_lock_umutex in sys/kern/kern_umtx.c.
func UmtxMutexLock(m *Umutex, limit *UmtxTime) error {
	return umtxSleep(unsafe.Pointer(m), UMTX_OP_MUTEX_LOCK, 0, limit)
}

// UmtxMutexTrylock is a [UmtxMutexLock] that does not wait.
//
//	_umtx_op(m, UMTX_OP_MUTEX_TRYLOCK)
//
// It returns EBUSY, of type [syscall.Errno], if another thread holds m, and the other errors of UmtxMutexLock
// but those of a wait. The call does not block. The thread owns m: call [runtime.LockOSThread] before.
//
// Older than FreeBSD 12. See _umtx_op(2).
func UmtxMutexTrylock(m *Umutex) error {
	return umtxNow(unsafe.Pointer(m), UMTX_OP_MUTEX_TRYLOCK, 0, nil)
}

// UmtxMutexUnlock unlocks m, and wakes one thread that waits in [UmtxMutexLock] or [UmtxMutexWait].
//
//	_umtx_op(m, UMTX_OP_MUTEX_UNLOCK)
//
// With UMUTEX_NONCONSISTENT in its flags, m is UMUTEX_RB_NOTRECOV from then on. Otherwise it is UMUTEX_UNOWNED,
// with UMUTEX_CONTESTED if more than one thread waited.
//
// Errors are of type [syscall.Errno]: EPERM if the calling thread does not hold m; EINVAL for flags of both
// protocols, or if the word has changed meanwhile; EFAULT for memory that cannot be written. The call does not
// block, and the thread that holds m makes it.
//
// Older than FreeBSD 12. See _umtx_op(2).
func UmtxMutexUnlock(m *Umutex) error {
	return umtxNow(unsafe.Pointer(m), UMTX_OP_MUTEX_UNLOCK, 0, nil)
}

// UmtxMutexWait waits until m, a normal mutex, seems to be free. It sets UMUTEX_CONTESTED, but does not lock m.
//
//	_umtx_op(m, UMTX_OP_MUTEX_WAIT, 0, sizeof(*limit), limit)
//
// A nil error means that m was free at some time, or the thread was woken. Other errors are those of a wait in
// [UmtxMutexLock].
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another one. It may be called
// from any thread.
//
// Older than FreeBSD 12. See _umtx_op(2).
func UmtxMutexWait(m *Umutex, limit *UmtxTime) error {
	return umtxSleep(unsafe.Pointer(m), UMTX_OP_MUTEX_WAIT, 0, limit)
}

// UmtxMutexWake2 wakes one thread that waits for m, if m is free, and sets UMUTEX_CONTESTED if that is missing.
//
//	_umtx_op(m, UMTX_OP_MUTEX_WAKE2, flags)
//
// It follows an unlock in user space, which stores UMUTEX_UNOWNED over an id with UMUTEX_CONTESTED. flags are
// those of m, which the kernel does not read: another thread may have locked, unlocked and freed m since. If
// the memory is gone, all waiting threads are woken.
//
// Errors are of type [syscall.Errno]: EINVAL for flags of both protocols; EFAULT for memory that cannot be
// read, after the waiters were woken. The call does not block, and it may be made from any thread.
//
// Older than FreeBSD 12. See _umtx_op(2), and do_wake2_umutex in sys/kern/kern_umtx.c.
func UmtxMutexWake2(m *Umutex, flags uint32) error {
	return umtxNow(unsafe.Pointer(m), UMTX_OP_MUTEX_WAKE2, uintptr(flags), nil)
}

// UmtxSetCeiling changes the ceiling of m, which has UMUTEX_PRIO_PROTECT, and returns the one before.
//
//	_umtx_op(m, UMTX_OP_SET_CEILING, ceiling, &before)
//
// It waits until m is free, unless the calling thread holds it, without the priority of m.
//
// Errors are of type [syscall.Errno]: EINVAL for a mutex without that flag, or a ceiling above RTP_PRIO_MAX;
// EOWNERDEAD and ENOTRECOVERABLE for a robust mutex in such a state, whose ceiling stays; EFAULT for memory
// that cannot be written. A signal with a handler of Go's does not end the call.
//
// The call may block its OS thread, and the Go scheduler runs other goroutines on another one. It may be called
// from any thread. Older than FreeBSD 12. See _umtx_op(2).
func UmtxSetCeiling(m *Umutex, ceiling uint32) (before uint32, err error) {
	_, _, errno := syscall.Syscall6(unix.SYS__UMTX_OP, uintptr(unsafe.Pointer(m)), UMTX_OP_SET_CEILING, uintptr(ceiling),
		uintptr(unsafe.Pointer(&before)), 0, 0)
	if errno != 0 {
		return before, errno
	}
	return before, nil
}

// A UmtxRobustListsParams says where a thread keeps its lists of robust mutexes. It is struct
// umtx_robust_lists_params.
//
// The first two are the addresses of words that hold the address of the first Umutex of a list: the mutexes
// with USYNC_PROCESS_SHARED, and the others. RobustInactOffset is the address of a word that holds the address
// of a mutex that the thread is locking or unlocking, and that may or may not be in a list; 0 for none. They
// are not Go pointers, since the words must not lie in memory that Go manages: map them.
type UmtxRobustListsParams struct {
	_                    structs.HostLayout
	RobustListOffset     uintptr
	RobustPrivListOffset uintptr
	RobustInactOffset    uintptr
}

// UmtxRobustLists sets the addresses of the calling thread's lists of robust mutexes.
//
//	_umtx_op(NULL, UMTX_OP_ROBUST_LISTS, sizeof(*params), params)
//
// When the thread ends, however it ends, and when the program is replaced by another, the kernel walks both
// lists: at most 1,000 mutexes each, as kern.ipc.umtx_max_robust says. Each mutex that has UMUTEX_ROBUST and
// that the thread holds becomes UMUTEX_RB_OWNERDEAD, and one thread that waits for it is woken. A mutex that
// has not the flag, or that another thread holds, ends the walk, but for the one that RobustInactOffset leads
// to.
//
// Errors are of type [syscall.Errno]: EFAULT for params that cannot be read; EBUSY if the thread has lists of
// 32-bit programs. The memory of the lists is not looked at before the thread ends; it must stay mapped until
// then.
//
// The call does not block. The lists belong to the OS thread: call [runtime.LockOSThread] before. A thread has
// one set of them, and in a program that contains libthr that is the library's.
//
// Older than FreeBSD 12. See _umtx_op(2).
func UmtxRobustLists(params *UmtxRobustListsParams) error {
	return umtxNow(nil, UMTX_OP_ROBUST_LISTS, unsafe.Sizeof(*params), unsafe.Pointer(params))
}
