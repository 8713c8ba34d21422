// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build dragonfly

// Package dragonfly provides one-to-one bindings of the system calls on which locks are built on DragonFly BSD:
// umtx_sleep and umtx_wakeup, and the calls that locks need for threads and their scheduling.
//
// It is for authors of locks. A program that needs a lock should use package locks; a lock that needs to put its
// waiters to sleep should use package locks/park, or sys/futex for threads on any system.
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
// golang.org/x/sys/unix has are not repeated here. An error is of type [syscall.Errno], and is the one that the kernel
// returned: nothing is retried, nothing is emulated. No call allocates.
//
// A word is an *[atomic.Uint32]. The kernel knows it by its physical address, so words on memory that processes
// share reach the threads of all of them, and there is no cheaper call for a single process. A variable that
// another goroutine can reach is never on a stack.
//
// The kernel does not follow a page that moves, for instance to swap space: wakes do not find such a sleeper, and it
// sleeps until its timeout. Therefore every sleep ends after two seconds (sysctl kern.umtx_timeout_max), as by a
// timeout, even one without a limit.
//
// The kernel establishes no order for the Go memory model. The caller's atomic operations do.
//
// Calls that may sleep notify the Go scheduler, as those of package syscall do. The others do not.
//
// Sources: umtx(2), lwp_setaffinity(2), rtprio(2), and sys/kern/kern_umtx.c, kern_usched.c and kern_resource.c
// of DragonFly 6. umtx(2) still mentions ETIMEDOUT and timeouts of at most a second; the kernel no longer has either.
// All of this package is built and vetted for amd64, the system's only processor; its numbers and layouts are tested on
// Linux. No test has run it on DragonFly yet.
package dragonfly
