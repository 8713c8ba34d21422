// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package futex is the portable kernel wait: a thread sleeps for as long as a 32-bit
// word holds a value, and another thread wakes it.
//
// It is the layer on which package park puts pinned threads to sleep. A wait blocks the
// operating system thread of its caller: a thousand waiting goroutines are a thousand
// threads, and Go ends a program that has ten thousand. Whoever has ordinary goroutines
// wants package park, whose goroutines sleep in the Go scheduler.
//
//	for word.Load() == 0 {
//		futex.Wait(&word, 0, futex.Private)
//	}
//
//	word.Store(1)
//	futex.Wake(&word, futex.Private)
//
// What it stands on:
//
//	system         private words                        words shared by processes
//	Linux          FUTEX_WAIT_BITSET, FUTEX_WAKE        the same calls
//	macOS 14.4     os_sync_wait_on_address              the same calls, shared flag
//	macOS, older   __ulock_wait2, __ulock_wake          the same calls, shared operation
//	macOS, else    pthread mutexes and conditions       errors.ErrUnsupported
//	Windows        RtlWaitOnAddress                     errors.ErrUnsupported
//	Windows, else  WaitOnAddress, WakeByAddressSingle   errors.ErrUnsupported
//	others         errors.ErrUnsupported                errors.ErrUnsupported
//
// On macOS the first of the three that is there and answers a self-test is taken, once. The
// calls of the second are private to Apple: the build tag osync_noulock leaves them out for
// programs for the App Store, and on iOS, where the first came with 17.4, they are never
// there.
//
// On Windows the first of the two that is there and answers a self-test is taken, once. It
// counts time in units of 100 ns, the second in milliseconds, and both end a wait at a tick of
// the system's clock. No wait of Windows' own reaches another process that maps the word.
//
// # Contract
//
// A wait returns at once when the word differs from the value given. The comparison and
// the falling asleep are one step: a wake that follows a store which the comparison did
// not see finds the sleeper. A wait may return early for no reason, so callers loop on
// the word. Signals never surface, and they do not stretch a deadline.
//
// A woken thread has synchronized with nobody through this package: the word, read and
// written with sync/atomic, orders memory.
//
// The word must not be on the stack of a goroutine that goes on running while others
// wait on it, since stacks move; a word in a heap object, a global or mapped memory stays
// where it is.
package futex
