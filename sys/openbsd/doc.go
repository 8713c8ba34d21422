// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build openbsd

// Package openbsd provides one-to-one bindings of the calls on which locks are built on OpenBSD: futex(2), and the ids
// and names of threads.
//
//	calls                        since
//	Futex…                       OpenBSD 6.2
//	Getthrid                     OpenBSD 3.9
//	SchedYield                   OpenBSD 4.2
//	Setthrname, Getthrname       OpenBSD 7.3
//
// It is for authors of locks. A program that needs a lock should use package locks; a lock that needs to put its
// waiters to sleep should use package locks/park, or sys/futex for threads on any system.
//
// # How the calls are made
//
// OpenBSD kills a program that makes a system call anywhere but in its C library: see pinsyscalls(2), of OpenBSD 7.4,
// and msyscall(2) before it. syscall(2), which makes a system call by its number, was removed in 7.5, and package
// syscall returns ENOSYS for it. So the functions here call libc's, as Go's own runtime does, without cgo: the dynamic
// linker binds the symbols, and package syscall's gate, which is kept for golang.org/x/sys/unix, switches to the stack
// of the system and reads errno. Each Go program is linked with libc there anyway.
//
// A symbol is bound at its first call, or at launch if LD_BIND_NOW is set. A symbol that the running libc lacks ends the
// program then: this affects only Setthrname and Getthrname before OpenBSD 7.3, which is from April 2023. The project itself
// supports a release for a year.
//
// Under pledge(2) all of the calls need only the promise stdio (sys/kern/kern_pledge.c).
//
// # Conventions
//
// Functions have the system's names in Go form, and arguments are in the system's order, except that flags come last.
// Constants are spelled as in the headers; those that golang.org/x/sys/unix has, such as CLOCK_MONOTONIC, are not
// repeated here. An error is of type [syscall.Errno], and is the one that the kernel returned: nothing is retried,
// nothing is emulated. No call allocates. Calls that may sleep notify the Go scheduler, as those of package syscall do;
// the others do not.
//
// # Words
//
// A word is an *[atomic.Uint32], aligned to four bytes. The kernel knows it by its address: an object in Go's
// heap does not move, and a goroutine's stack does not move during a call. Words for several processes must lie in
// memory that the processes share, and the operations on them omit FUTEX_PRIVATE_FLAG.
//
// The kernel establishes no order for the Go memory model. The caller's atomic operations on the word do.
//
// No test has run this package yet: it is built and linked for 386, amd64, arm, arm64, ppc64 and riscv64.
package openbsd
