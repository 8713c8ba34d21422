// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build dragonfly

// Package dragonfly binds the system calls on which locks are built on DragonFly BSD, one to one: umtx_sleep
// and umtx_wakeup, and what locks need of threads and their scheduling.
//
// It is for authors of locks. A program that wants to lock something wants package locks; a lock that wants its
// waiters to sleep wants package locks/park, or sys/futex for threads on any system.
//
//	for word.Load() == 0 {
//		err := dragonfly.UmtxSleep(&word, 0, 0)
//		if err != nil && err != syscall.EBUSY && err != syscall.EINTR && err != syscall.EWOULDBLOCK {
//			return err
//		}
//	}
//
// # Conventions
//
// Functions have the kernel's names in Go form. Constants are spelled as in the headers; those that
// golang.org/x/sys/unix has are not repeated here. An error is of type [syscall.Errno], and it is what the
// kernel said: nothing is retried, nothing is emulated. No call allocates.
//
// A word is an *[atomic.Uint32]. The kernel knows it by its physical address, so words on memory that processes
// share reach the threads of all of them, and there is no cheaper call for a single process. A variable that
// another goroutine can reach is never on a stack.
//
// The kernel does not follow a page that moves, for instance to swap space: such a sleeper is not found by
// wakes, and sleeps until its timeout. Therefore every sleep ends after two seconds (sysctl
// kern.umtx_timeout_max), as by a timeout, even one without a limit.
//
// The kernel orders nothing for the Go memory model. The caller's atomic operations do.
//
// Calls that may sleep tell the Go scheduler, as those of package syscall do. The others do not.
//
// Sources: umtx(2), lwp_setaffinity(2), rtprio(2), and sys/kern/kern_umtx.c, kern_usched.c and kern_resource.c
// of DragonFly 6. umtx(2) still speaks of ETIMEDOUT and of timeouts of at most a second; the kernel knows
// neither any more. All of this package is built and vetted for amd64, the one processor of the system; its
// numbers and layouts are tested on Linux. No test has run it on DragonFly yet.
package dragonfly
