// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build netbsd

package netbsd

import (
	"structs"
	"syscall"
	"unsafe"
)

// A RobustList is the part of a robust lock that links it into its owner's list. It is struct futex_robust_list
// of sys/sys/futex.h.
//
// Next is the address of the next entry's RobustList, or of the head for the last entry. An odd address marks the
// next entry as a lock with priority inheritance. It is not a Go pointer, since lists must not be in memory that Go
// manages: map them.
type RobustList struct {
	_    structs.HostLayout
	Next uintptr
}

// A RobustListHead is the list of robust locks that one thread holds. It is struct futex_robust_list_head of
// sys/sys/futex.h.
type RobustListHead struct {
	_ structs.HostLayout
	// List is the start of the circular list: its own address when the list is empty.
	List RobustList
	// FutexOffset is the distance in bytes from an entry's RobustList to its word. It may be negative.
	FutexOffset int
	// PendingList is the address of the RobustList of a lock that the thread is acquiring or releasing, and that may or
	// may not be in the list; 0 means none.
	PendingList uintptr
}

// FutexSetRobustList sets the address of the calling thread's list of robust locks.
//
//	__futex_set_robust_list(head, length)
//
// When the thread ends, however it ends, the kernel walks the list, at most a million entries of it. In each word
// that still names the thread it sets FUTEX_OWNER_DIED and, unlike Linux, leaves the other bits unchanged. If
// there are waiters it wakes one, without FUTEX_PRIVATE_FLAG, so waits for robust words must not use that flag. The
// list must be consistent at every instruction, since the thread can end at any: PendingList covers the steps between
// word and list.
//
// length is unsafe.Sizeof(*head). Errors are of type [syscall.Errno]: EINVAL for another length, or a head that is
// not aligned to a word of the machine; ENOSYS before NetBSD 10. The kernel does not read the memory before the thread
// ends. It must stay mapped until then, and nothing in it keeps Go memory alive, so it must not be Go memory.
//
// The call does not block. The list belongs to the OS thread: call [runtime.LockOSThread] before. A thread has one
// list: call [FutexGetRobustList] first, and do not replace an existing list. A goroutine that ends while locked ends
// its thread, except the main thread, which Go never ends before the process.
//
// Since NetBSD 10.0. See sys/sys/futex.h and sys/kern/sys_futex.c.
func FutexSetRobustList(head *RobustListHead, length uintptr) error {
	stays(unsafe.Pointer(head))
	if !hasFutex() {
		return syscall.ENOSYS
	}
	_, _, errno := syscall.RawSyscall(sysFutexSetRobustList, uintptr(unsafe.Pointer(head)), length, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// FutexGetRobustList returns the address of the list of robust locks of a thread of this process, and the length of the
// list's head.
//
//	__futex_get_robust_list(lwp, &head, &length)
//
// An lwp of 0 means the calling thread. The head is 0 if the thread has no list.
//
// Errors are of type [syscall.Errno]: ESRCH if this process has no such thread; ENOSYS before NetBSD 10.
//
// The call does not block, and it may be made from any thread. For an lwp of 0 lock the caller to its thread, see
// [runtime.LockOSThread].
//
// Since NetBSD 10.0. See sys/kern/sys_futex.c.
func FutexGetRobustList(lwp int) (head, length uintptr, err error) {
	if !hasFutex() {
		return 0, 0, syscall.ENOSYS
	}
	_, _, errno := syscall.RawSyscall(sysFutexGetRobustList, uintptr(lwp), uintptr(unsafe.Pointer(&head)),
		uintptr(unsafe.Pointer(&length)))
	if errno != 0 {
		return 0, 0, errno
	}
	return head, length, nil
}
