// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// Package linux provides one-to-one bindings of the system calls on which locks are built on Linux:
// all futex operations, robust lists, membarrier, rseq, and the calls that locks need for threads
// and their scheduling: policy, affinity, timer slack.
//
// It is for authors of locks. A program that needs a lock should use package locks; a lock that
// needs to put its waiters to sleep should use package locks/park, or sys/futex for threads on any
// system. Choose this package for what only Linux has: priority inheritance, waiting for several
// words, requeueing, robust words.
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
// Functions have the kernel's names in Go form, and arguments are in the kernel's order, except
// that flags come last. Constants are spelled as in the headers; those that golang.org/x/sys/unix
// has, such as CLOCK_MONOTONIC and SCHED_FIFO, are not repeated here. An error is of type
// [syscall.Errno], and is the one that the kernel returned: nothing is retried, nothing is
// emulated, and a call that the kernel lacks returns ENOSYS, an option of prctl EINVAL. (The filter
// of a container may return EPERM for calls that it does not know.) No call allocates.
//
// There is one exception: 32-bit systems have a futex and a clock_gettime call with 32-bit times,
// and since Linux 5.1 also futex_time64 and clock_gettime64. With a time the classic operations use
// futex_time64 if the kernel's release, as returned by uname, is 5.1 or newer, and futex otherwise;
// Go's runtime and [ClockGettime] choose in the same way. Without a time they use futex. A kernel
// that was built without 32-bit times has only the newer calls, which are then used for everything.
// The package tries futex_time64 only if it cannot read the release, since some filters kill the
// process for it. The older calls count seconds in 32 bits, so a later deadline ends there in
// January 2038. The binding reads the time to convert it, so a bad pointer to a time faults in Go
// instead of returning EFAULT.
//
// Calls that may sleep notify the Go scheduler, as those of package syscall do. The others do not,
// which saves a fifth of the time of a wake.
//
// # Words
//
// A word is an *[atomic.Uint32], aligned to four bytes. The kernel identifies it by its address: an
// object in Go's heap does not move, and a goroutine's stack does not move during a call. A
// variable that another goroutine can reach is never on a stack, and neither is one that threads
// are requeued to. Words for several processes must lie in memory that the processes share, and the
// operations on them omit FUTEX_PRIVATE_FLAG.
//
// The kernel establishes no order for the Go memory model. The caller's atomic operations on the
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
//	FutexUnlockWakeList and its variants     7.2
//	Membarrier                               4.3, expedited commands 4.14
//	PrctlFutexHashSetSlots, ...GetSlots      6.17
//	Rseq                                     4.18
//	SchedSetattr, SchedGetattr               3.14
//
// Tested natively on amd64 and 386. Tested on arm, arm64, loong64, mips, mipsle, mips64, mips64le,
// ppc64, ppc64le, riscv64 and s390x in an emulator, which lacks robust lists and the calls newer
// than 5.14; where the emulator passes words to the kernel in the wrong byte order, priority
// inheritance is only built.
package linux
