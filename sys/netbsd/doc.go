// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build netbsd

// Package netbsd binds the system calls on which locks are built on NetBSD, one to one: the futex of
// NetBSD 10 with its robust lists, parking of threads, and their ids, names and CPUs.
//
//	calls                                        since
//	Futex…                                       NetBSD 10.0
//	LwpPark                                      NetBSD 7.0
//	LwpSelf, LwpUnpark, LwpSetname, LwpGetname   NetBSD 5.0
//	SchedSetaffinity, SchedGetaffinity           NetBSD 5.0
//	SchedYield                                   NetBSD 5.0
//
// It is for authors of locks. A program that needs a lock should use package locks. A lock that needs to put its
// waiters to sleep should use package locks/park, or sys/futex for threads on any system.
//
// # Conventions
//
// Functions have the kernel's names in Go form, and arguments are in its order, except that flags come last. Constants
// are spelled as in the headers; those that golang.org/x/sys/unix has are not repeated here. An error is of type
// [syscall.Errno], and is the one that the kernel returned: nothing is retried, nothing is emulated. No call
// allocates.
//
// There is one exception: a kernel before NetBSD 10 sends SIGSYS for a call that it does not know, which
// ends a Go program. So the Futex functions check the kernel's release once. If it is older, they make no call and
// return ENOSYS, which matches [errors.ErrUnsupported].
//
// Calls that may sleep notify the Go scheduler, as those of package syscall do. The other calls do not, if they have
// at most six arguments.
//
// # Words
//
// A word is an *[atomic.Uint32], aligned to four bytes. The kernel identifies it by its address: an object in
// Go's heap does not move, and a goroutine's stack does not move during a call. Words for several processes must be in
// memory that the processes share, and the operations on them omit FUTEX_PRIVATE_FLAG.
//
// The kernel establishes no order for the Go memory model. The caller's atomic operations on the word do.
//
// No test has run this package yet: it is built for 386, amd64, arm and arm64, and its numbers and layouts are
// checked by the compiler.
package netbsd
