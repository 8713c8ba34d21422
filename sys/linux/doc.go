// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// Package linux binds the system calls on which locks are built on Linux, one to one: all
// futex operations, robust lists, membarrier, rseq, and what locks need of threads and their
// scheduling: policy, affinity, timer slack.
//
// It is for authors of locks. A program that wants to lock something wants package locks;
// a lock that wants its waiters to sleep wants package locks/park, or sys/futex for
// threads on any system. Choose this package for what only Linux has: priority
// inheritance, waiting for several words, requeueing, robust words.
//
//	for word.Load() == 0 {
//		err := linux.FutexWait(&word, 0, nil, linux.FUTEX_PRIVATE_FLAG)
//		if err != nil && err != syscall.EAGAIN {
//			return err
//		}
//	}
//
// # Conventions
//
// Functions have the kernel's names in Go form, and arguments its order, but flags come
// last. Constants are spelled as in the headers; those that golang.org/x/sys/unix has,
// such as CLOCK_MONOTONIC and SCHED_FIFO, are not repeated here. An error is of type
// [syscall.Errno], and it is what the kernel said: nothing is retried, nothing is emulated,
// and a call that the kernel lacks returns ENOSYS, an option of prctl EINVAL. (Filters of
// containers may say EPERM for calls that they do not know.) No call allocates.
//
// There is one exception: on 32-bit systems there are a futex and a clock_gettime call with 32-bit
// times, and since Linux 5.1 futex_time64 and clock_gettime64. With a time the classic operations
// go through futex_time64 if the kernel's release, as uname tells it, is 5.1 or newer, and
// through futex otherwise; so do Go's runtime and [ClockGettime]. Without a time they go through
// futex. A kernel that was built without 32-bit times has the newer calls alone, which then
// serve for all. futex_time64 is tried only if the release cannot be read, since there are filters
// that end the process for it. The older calls count seconds in 32 bits, so a later deadline ends
// there in January 2038. The binding reads the time to convert it, so a bad pointer to a time
// faults in Go instead of returning EFAULT.
//
// Calls that may sleep tell the Go scheduler, as those of package syscall do. The others
// do not, which saves a fifth of the time of a wake.
//
// # Words
//
// A word is an *[atomic.Uint32], aligned to four bytes. The kernel knows it by its
// address: an object in Go's heap does not move, and a goroutine's stack does not while
// it is inside of a call. A variable that another goroutine can reach is never on a stack,
// and neither is one that threads are requeued to. Words for several processes lie in memory
// that they map together, and their operations leave FUTEX_PRIVATE_FLAG out.
//
// The kernel orders nothing for the Go memory model. The caller's atomic operations on the
// word do.
//
// # Versions
//
// Go itself needs Linux 3.2. These came later:
//
//	FutexLockPI2                             5.14
//	FutexWaitv                               5.16
//	Futex2Wait, Futex2Wake, Futex2Requeue    6.7
//	FutexNUMA                                6.16
//	FutexUnlockWakeList and its kin          7.2
//	Membarrier                               4.3, expedited commands 4.14
//	PrctlFutexHashSetSlots and its Get       6.17
//	Rseq                                     4.18
//	SchedSetattr, SchedGetattr               3.14
//
// Tested natively on amd64 and 386. Tested in an emulator, which lacks what came after
// 5.14 and robust lists, on arm, arm64, loong64, mips, mipsle, mips64, mips64le,
// ppc64, ppc64le, riscv64 and s390x; where it gives the kernel words in the wrong byte
// order, priority inheritance is only built.
package linux
