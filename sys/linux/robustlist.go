// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"structs"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ROBUST_LIST_LIMIT is the maximum number of entries that the kernel processes when a thread ends.
const ROBUST_LIST_LIMIT = 2048

const (
	// FUTEX_ROBUST_MOD_PI in an address of [RobustList].Next or [RobustListHead].ListOpPending says that
	// the entry belongs to a lock with priority inheritance. The kernel does not just wake its waiters: it hands the
	// lock off to one. The bit is as old as these locks, and the name is from Linux 7.2.
	FUTEX_ROBUST_MOD_PI = 1 << 0
	// FUTEX_ROBUST_MOD_MASK is the mask of the flag bits in such an address.
	FUTEX_ROBUST_MOD_MASK = FUTEX_ROBUST_MOD_PI
)

// A RobustList is the part of a robust lock that links it into its owner's list. It is
// struct robust_list.
//
// Next is the address of the next entry's RobustList, or of the head for the last entry.
// With FUTEX_ROBUST_MOD_PI the next entry is a lock with priority inheritance. It is not a Go pointer, since lists must
// not lie in memory that Go manages: map them.
type RobustList struct {
	_    structs.HostLayout
	Next uintptr
}

// A RobustListHead is the list of robust locks that one thread holds. It is struct
// robust_list_head.
type RobustListHead struct {
	_ structs.HostLayout
	// List is the start of the circular list: its own address when the list is empty.
	List RobustList
	// FutexOffset is the distance in bytes from an entry's RobustList to its word. It may
	// be negative.
	FutexOffset int
	// ListOpPending is the address of the RobustList of a lock that the thread is acquiring or releasing, and that may
	// or may not be in the list; 0 means none. Leave the last steps of an unlock to the kernel if possible: see
	// [FutexUnlockWakeList].
	ListOpPending uintptr
}

// SetRobustList sets the address of the calling thread's list of robust locks.
//
//	set_robust_list(head, length)
//
// When the thread ends, however it ends, the kernel walks the list. In each word that
// still names the thread it sets FUTEX_OWNER_DIED, keeps FUTEX_WAITERS and clears the rest; if there are waiters it
// wakes one, without FUTEX_PRIVATE_FLAG. So waits for robust words must not use that flag. The list must be consistent
// at every instruction, since the thread can end at any: ListOpPending covers the steps between word and list.
//
// length is unsafe.Sizeof(*head); any other returns EINVAL. That, of type
// [syscall.Errno], and ENOSYS without robust locks are the only errors: the kernel does not access the memory before
// the thread ends. The memory must stay mapped until then. Nothing in it keeps Go memory alive, so it must not be Go
// memory.
//
// The call does not block. The list belongs to the OS thread: call
// [runtime.LockOSThread] before. A thread has one list, and in a program that contains the
// C library the library owns it: call [GetRobustList] first, and do not replace an existing list. A goroutine that ends
// while locked ends its thread, except the main thread, which Go never ends before the process.
//
// Since Linux 2.6.17. See set_robust_list(2) and Documentation/locking/robust-futex-ABI.rst.
func SetRobustList(head *RobustListHead, length uintptr) error {
	stays(unsafe.Pointer(head))
	_, _, errno := syscall.RawSyscall6(unix.SYS_SET_ROBUST_LIST, uintptr(unsafe.Pointer(head)), length, 0, 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// GetRobustList returns the address of a thread's list of robust locks, and the length of the list's head.
//
//	get_robust_list(tid, &head, &length)
//
// A tid of 0 means the calling thread. The head is 0 if the thread has no list. It is an
// address in the memory of the thread's process, which need not be this one.
//
// Errors are of type [syscall.Errno]: ESRCH if there is no such thread; EPERM if the
// caller may not trace it; ENOSYS without robust locks.
//
// The call does not block, and it may be made from any thread; with a tid of 0 the caller must be locked to its thread,
// see [runtime.LockOSThread].
//
// Since Linux 2.6.17. See get_robust_list(2).
func GetRobustList(tid int) (head, length uintptr, err error) {
	_, _, errno := syscall.RawSyscall6(unix.SYS_GET_ROBUST_LIST, uintptr(tid), uintptr(unsafe.Pointer(&head)),
		uintptr(unsafe.Pointer(&length)), 0, 0, 0)
	if errno != 0 {
		return 0, 0, errno
	}
	return head, length, nil
}
