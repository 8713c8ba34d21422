// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package futex is the portable kernel wait: a thread sleeps for as long as a 32-bit
// word holds a value, and another thread wakes it.
//
// Package park uses it to put pinned threads to sleep. A wait blocks the caller's operating system thread: a thousand
// waiting goroutines are a thousand threads, and Go ends a program that has ten thousand. For ordinary goroutines use
// package park, where they sleep in the Go scheduler.
//
//	for word.Load() == 0 {
//		futex.Wait(&word, 0, futex.Private)
//	}
//
//	word.Store(1)
//	futex.Wake(&word, futex.Private)
//
// It is built on these calls:
//
//	system         private words                        words shared by processes
//	Linux          FUTEX_WAIT_BITSET, FUTEX_WAKE        the same calls
//	macOS 14.4     os_sync_wait_on_address              the same calls, shared flag
//	macOS, older   __ulock_wait2, __ulock_wake          the same calls, shared operation
//	macOS, else    pthread mutexes and conditions       errors.ErrUnsupported
//	Windows        RtlWaitOnAddress                     errors.ErrUnsupported
//	Windows, else  WaitOnAddress, WakeByAddressSingle   errors.ErrUnsupported
//	FreeBSD        UMTX_OP_WAIT_UINT_PRIVATE of         UMTX_OP_WAIT_UINT, UMTX_OP_WAKE
//	               _umtx_op, UMTX_OP_WAKE_PRIVATE
//	DragonFly      umtx_sleep, umtx_wakeup              the same calls
//	OpenBSD        futex(2)                             the same call
//	NetBSD 10      __futex                              the same call
//	others         errors.ErrUnsupported                errors.ErrUnsupported
//
// Where a system has several rows, the package uses the first whose calls exist and pass a self-test. It chooses once.
//
// On macOS the calls of the second row are Apple's private interface: the build tag osync_noulock leaves them out, for
// programs for the App Store. They are never used on iOS, which has the calls of the first row since 17.4.
//
// On Windows the first row counts time in units of 100 ns, the second in milliseconds, and both end
// a wait at a tick of the system's clock. Windows has no wait that reaches another process that maps the word.
//
// On DragonFly a wait counts its time in ticks of the system's clock, of 10 ms, and a wake finds a
// thread by the physical memory of its word. If that moves while the thread sleeps, the thread checks the word again
// after two seconds at the latest.
//
// On NetBSD a wait ends at a tick of the system's clock, of 10 ms. A NetBSD before 10 has no wait on a word. On
// OpenBSD shared words must lie in memory that is mapped as shared: otherwise the kernel confuses a word with one at
// the same address in another process.
//
// # Contract
//
// A wait returns at once if the word differs from the given value. Comparing and going to sleep is one atomic step: a
// wake that follows a store that the comparison did not see finds the sleeping thread. A wake-up can be spurious, so
// callers must check the word in a loop. Callers never see signals, and signals do not extend a deadline.
//
// This package does not order memory between the waking thread and the woken one. The word does, if both access it with
// sync/atomic.
//
// The word must not be on the stack of a goroutine that goes on running while others
// wait on it, since stacks move; a word in a heap object, a global variable or mapped memory does not move.
//
// # Words of other sizes
//
// Only 32-bit words are supported, since Linux compares 32 bits and nothing else: futex2 has flags for 8, 16 and 64
// bits, but returns EINVAL for them (kernel/futex/futex.h, futex_flags_valid, since 6.7). A function for other sizes
// would work only on Windows (1, 2, 4, 8 bytes), macOS (4, 8) and FreeBSD (4, 8); their packages below sys have one,
// with a size. To wait for a larger value, keep a 32-bit word beside it, and change that word with the value, before
// the wake. Within one process, package park is an alternative: there a function of the caller checks the value,
// whatever its size.
package futex

// Each system has a file of calls:
//
//	Linux     futex_linux.go, and keep_linux.go for the threads that keep their processor
//	macOS     futex_darwin.go, which chooses between ossync_darwin.go, ulock_darwin.go and pthread_darwin.go
//	Windows   futex_windows.go
//	FreeBSD   futex_freebsd.go; internal/bsd translates the kernel's errors
//	DragonFly futex_dragonfly.go, and internal/bsd as well
//	OpenBSD   futex_openbsd.go, and internal/bsd as well
//	NetBSD    futex_netbsd.go, and internal/bsd as well
//	others    futex_other.go
//
// All systems but Linux share ticks.go and ways.go, which describes the contents of such a file and how to add a
// system.
