// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"sync/atomic"
	"time"
)

// A Scope determines which threads can wait on a word and wake its waiters. Waits and wakes on a word must use the same
// Scope: a wake of one scope does not find a waiter of the other.
type Scope uint8

const (
	// Private words are used by the threads of one process. It is the faster scope, and
	// its wakes never touch the memory of the word.
	Private Scope = iota
	// Shared words lie in memory that several processes have mapped.
	Shared
)

// Wait blocks the calling thread for as long as *addr holds old.
//
// It returns nil if the word differs, after a wake, and after a spurious wake-up, so check the word again. On systems
// without a binding, or without words of this scope, it returns [errors.ErrUnsupported] at once.
//
// The calling goroutine keeps its thread until Wait returns; it need not be locked to the thread.
func Wait(addr *atomic.Uint32, old uint32, scope Scope) error {
	return wait(addr, old, time.Time{}, scope)
}

// WaitUntil is Wait with a deadline: it returns [os.ErrDeadlineExceeded] once deadline has
// passed, or if it had passed before the call. The deadline counts by the monotonic
// clock, so it should come from [time.Now]; changes of the wall clock do not move it.
// The zero Time means no deadline.
//
// If the word already differs, WaitUntil returns nil, even if the deadline has passed.
func WaitUntil(addr *atomic.Uint32, old uint32, deadline time.Time, scope Scope) error {
	return wait(addr, old, deadline, scope)
}

// Wake wakes one thread that waits on addr, if there is one. It never blocks.
//
// For a Private word it returns nil where the system has a binding. For a Shared one the memory
// must still be mapped: otherwise it returns [syscall.EFAULT], on macOS and DragonFly [syscall.EINVAL],
// on OpenBSD nil.
func Wake(addr *atomic.Uint32, scope Scope) error { return wake(addr, false, scope) }

// WakeAll wakes all threads that wait on addr. Otherwise it is like [Wake].
func WakeAll(addr *atomic.Uint32, scope Scope) error { return wake(addr, true, scope) }

// Backend returns the name of the underlying system calls, for reports: "futex" on Linux, OpenBSD and NetBSD;
// "os_sync", "ulock" or "pthread" on macOS; "RtlWaitOnAddress" or "WaitOnAddress" on Windows; "umtx" on FreeBSD;
// "umtx_sleep" on DragonFly; "none" where every call returns [errors.ErrUnsupported].
func Backend() string { return backend() }

// Supported reports whether this system supports waiting on words of scope s.
func Supported(scope Scope) bool { return supported(scope) }
