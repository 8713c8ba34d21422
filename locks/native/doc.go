// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package native has locks of real threads: each stands straight on the operating system's
// own primitive, and the thread that takes it owns it.
//
//	var m native.Mutex
//	m.Lock()
//	// This goroutine is locked to its thread, which holds m.
//	m.Unlock()
//
// A goroutine that takes a lock is locked to its thread, as by [runtime.LockOSThread], until
// it lets go. While it waits, its thread sleeps in the kernel. The owner is known, so that an
// Unlock by a stranger, or a Lock that would wait for itself, is a panic with a message that
// says so; it comes before anything has changed, and the lock stays in order. That is what
// code wants whose thread matters: audio, graphics, real time, namespaces, foreign libraries.
//
// The owner is identified by the number of its goroutine, which is never used again, and not by the
// id of its thread, which the system gives to another thread later. One case remains: code that C
// calls on a thread of C's own runs on a goroutine that the runtime lends to such threads, one after
// the other. It must unlock before it returns to C. Otherwise the next thread to borrow that
// goroutine owns the lock.
//
// It has its price. Each goroutine that waits costs a thread, and Go ends a program that has ten
// thousand. On Linux an uncontended Lock and Unlock of a Mutex take 2.5 times as long as those of
// sync.Mutex, with a release of Go that osync was tested with. With a newer one, or the build tag
// osync_nolinkname, they take some microseconds, since the owner's number is then read from a stack
// dump. PIMutex also asks the kernel for the thread's id. So:
//
//   - For ordinary goroutines use package sync, or package locks, whose waiters cost no thread.
//   - For pinned threads that share locks with goroutines use package locks with package
//     thread: there, pinned threads sleep in the kernel too.
//   - Use this package where the thread must own the lock.
//
// What the locks are made of:
//
//	system   Mutex                 RWMutex               Cond
//	Linux    futex, three states   futexes               futex that counts; Broadcast requeues
//	macOS    os_unfair_lock        futexes; writers take futex that counts; Broadcast wakes all
//	                               an os_unfair_lock
//	Windows  SRWLOCK               SRWLOCK               CONDITION_VARIABLE
//	others   not yet: Supported says so, and first use panics with its error
//
// [PIMutex] gives its owner the priority of those who wait for it, on Linux by a PI futex and on
// macOS by os_unfair_lock; Windows has nothing of the kind. It returns errors where the other
// locks panic or hang: for a deadlock, and for an owner that has died. The other locks of this
// package lend no priority, but for Mutex on macOS, for those who wait in Lock. RWMutex and Cond are not the
// system's own there: its readers-writer lock has no wait with a limit, and its condition
// knows no os_unfair_lock.
//
// SRWLOCK and os_unfair_lock know no limit. On Windows and macOS, who waits with one is not in
// the system's queue, but is woken at each unlock and tries again: others overtake it more
// often. On Windows, a writer with a limit holds no readers back.
//
// A deadline counts by the monotonic clock. In a bubble of testing/synctest a thread that waits
// is not durably blocked, and hides from the runtime's search for deadlocks. A stack dump
// shows it as "syscall, locked to thread".
package native
