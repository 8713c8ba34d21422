// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd

// Package freebsd provides one-to-one bindings of the system calls on which locks are built on FreeBSD: the operations
// of _umtx_op, and the calls that locks need for threads and their scheduling.
//
// It is for authors of locks. A program that needs a lock should use package locks; a lock that needs to put its
// waiters to sleep should use package locks/park, or sys/futex for threads on any system. Choose this package for what
// FreeBSD has: mutexes, condition variables, readers-writer locks and semaphores that the kernel knows as such,
// priority inheritance and protection, and mutexes that survive their owner.
//
//	for word.Load() == 0 {
//		err := freebsd.UmtxWaitUintPrivate(&word, 0, nil)
//		if err != nil && err != syscall.EINTR {
//			return err
//		}
//	}
//
// # Conventions
//
// Functions have the operations' names in Go form: UMTX_OP_WAIT_UINT is [UmtxWaitUint]. Constants are spelled
// as in the headers; those that golang.org/x/sys/unix has, such as CLOCK_MONOTONIC, are not repeated here. An
// error is of type [syscall.Errno], and is the one that the kernel returned: nothing is retried, nothing is emulated.
// No call allocates.
//
// An operation that the running kernel does not know returns EINVAL, as wrong arguments do; a system call that it does
// not know kills the program with SIGSYS. Only UmtxGetMinTimeout and UmtxSetMinTimeout are newer than FreeBSD 12, the
// oldest that Go runs on.
//
// Calls that may sleep notify the Go scheduler, as those of package syscall do. The others do not.
//
// # Words and objects
//
// A word is an *[atomic.Uint32]. The kernel knows a word, or an object such as a [Umutex], by its address: an
// object in Go's heap does not move, and a goroutine's stack does not move during a call. A variable that another
// goroutine can reach is never on a stack. The operations on objects are the slow paths of locks: a program acquires
// and releases an object with atomic operations on its first word, and makes the call only under contention.
//
// Only operations of the same kind find a sleeper: a wake of the word at the start of a Umutex does not wake threads
// that wait for the mutex. Operations whose name ends in Private, and objects without USYNC_PROCESS_SHARED, are for the
// threads of one process. For the others the kernel looks the mapping up: processes meet on memory that they share.
//
// The kernel establishes no order for the Go memory model. The caller's atomic operations do.
//
// # Time
//
// A limit is a [UmtxTime]: a duration, or with UMTX_ABSTIME a point in time, by the clock that it names. nil
// means no limit. Go handles signals with SA_RESTART, and sends them to its own threads to preempt them: an
// operation that does not restart returns EINTR often.
//
// Sources: _umtx_op(2) of FreeBSD 15, sys/sys/umtx.h, sys/sys/_umtx.h and sys/kern/kern_umtx.c. All of this
// package is built and vetted for 386, amd64, arm, arm64 and riscv64; its numbers and layouts are tested on
// Linux. No test has run it on FreeBSD yet.
package freebsd
