// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package futex is the portable kernel wait: a thread sleeps for as long as a 32-bit
// word holds a value, and another thread wakes it.
//
// Package park puts pinned threads to sleep with it. A wait blocks the operating system thread of
// its caller: a thousand waiting goroutines are a thousand threads, and Go ends a program that has
// ten thousand. For ordinary goroutines use package park, where they sleep in the Go scheduler.
//
//	for word.Load() == 0 {
//		futex.Wait(&word, 0, futex.Private)
//	}
//
//	word.Store(1)
//	futex.Wake(&word, futex.Private)
//
// What it is made of:
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
// Where a system has several rows, the first whose calls exist and pass a self-test is chosen, once.
//
// On macOS the calls of the second row are private to Apple: the build tag osync_noulock leaves them
// out for programs for the App Store. On iOS, where those of the first row came with 17.4, they are
// never used.
//
// On Windows the first row counts time in units of 100 ns, the second in milliseconds, and both end
// a wait at a tick of the system's clock. No wait of Windows' own reaches another process that maps
// the word.
//
// On DragonFly a wait counts its time in ticks of the system's clock, of 10 ms, and a wake finds a
// thread by the physical memory of its word. If that moves while the thread sleeps, the thread looks at the word
// again after two seconds at the latest.
//
// On NetBSD a wait ends at a tick of the system's clock, of 10 ms. A NetBSD before 10 has no wait on a word. On
// OpenBSD shared words must lie in memory that is mapped for sharing: without that the kernel takes a word for one
// at the same address of another process.
//
// # Contract
//
// A wait returns at once when the word differs from the value given. The comparison and
// the falling asleep are one step: a wake that follows a store which the comparison did
// not see finds the sleeper. A wake-up may be spurious, so callers loop on
// the word. Signals do not surface, and they do not stretch a deadline.
//
// This package orders no memory between a thread that wakes and the one that is woken. The word does,
// which both access with sync/atomic.
//
// The word must not be on the stack of a goroutine that goes on running while others
// wait on it, since stacks move; a word in a heap object, a global or mapped memory stays
// where it is.
//
// # Words of other sizes
//
// There are none. Linux compares 32 bits and nothing else: futex2 has numbers for 8, 16 and 64, and answers EINVAL
// to them (kernel/futex/futex.h, futex_flags_valid, since 6.7), so a portable function would be one for
// Windows (1, 2, 4, 8 bytes), macOS (4, 8) and FreeBSD (4, 8); each of their packages below sys has it, with a size.
// Wait for a larger value by a word of 32 bits beside it, which is changed with it, and before the wake. Within one
// process package park does so, too: there a function of the caller's looks at the value, whatever its size.
package futex

// Each system has a file of calls:
//
//	Linux     futex_linux.go, and keep_linux.go for the threads that keep their processor
//	macOS     futex_darwin.go, which chooses between ossync_darwin.go, ulock_darwin.go and pthread_darwin.go
//	Windows   futex_windows.go
//	FreeBSD   futex_freebsd.go; internal/bsd says what the kernel's errors mean
//	DragonFly futex_dragonfly.go, and internal/bsd as well
//	OpenBSD   futex_openbsd.go, and internal/bsd as well
//	NetBSD    futex_netbsd.go, and internal/bsd as well
//	others    futex_other.go
//
// All but Linux share ways.go, which says what such a file contains and how to add a system, and ticks.go.
