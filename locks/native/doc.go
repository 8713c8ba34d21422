// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package native provides locks that belong to threads. Each is built directly on the operating
// system's own primitive, and the thread that takes it owns it.
//
//	var m native.Mutex
//	m.Lock()
//	// This goroutine is locked to its thread, which holds m.
//	m.Unlock()
//
// A goroutine that takes a lock is locked to its thread, as by [runtime.LockOSThread], until
// it releases the lock. While it waits, its thread sleeps in the kernel. The owner is known: an
// Unlock by another goroutine, or a Lock by the owner, which would wait for itself, panics with a
// message that says so. It panics before anything has changed, and the lock can still be used.
// This suits code that depends on its thread: audio, graphics, real time, namespaces, foreign
// libraries.
//
// The owner is identified by the number of its goroutine, which is never used again, and not by the
// id of its thread, which the system gives to another thread later. One case remains: code that C
// calls on a thread of C's own runs on a goroutine that the runtime lends to such threads, one after
// the other. It must unlock before it returns to C. Otherwise the next thread to borrow that
// goroutine owns the lock.
//
// The cost is a thread for each goroutine that waits, and Go ends a program that has ten
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
//	FreeBSD  _umtx_op, as futex    futexes               futex that counts; Broadcast wakes all
//	DragonFly  umtx_sleep, alike   futexes               futex that counts; Broadcast wakes all
//	OpenBSD  futex, three states   futexes               futex that counts; Broadcast wakes all
//	NetBSD   futex, three states   futexes               futex that counts; Broadcast requeues
//	others   not yet: Supported says so, and first use panics with its error
//
// [PIMutex] gives its owner the priority of the threads that wait for it, on Linux by a PI futex
// and on macOS by os_unfair_lock; elsewhere it lends nothing. It returns errors where the other
// locks panic or hang: for a deadlock, and for an owner that has died. Of the other locks only
// Mutex on macOS lends a priority, that of a thread that waits in Lock. RWMutex and Cond are not
// the system's own on macOS: its readers-writer lock has no wait with a limit, and its condition
// does not accept an os_unfair_lock.
//
// SRWLOCK and os_unfair_lock have no wait with a limit. On Windows and macOS a thread that waits
// with one is not in the system's queue, but is woken at each unlock and tries again: it is
// overtaken more often. On Windows, a writer with a limit holds no readers back.
//
// A deadline counts by the monotonic clock. In a bubble of testing/synctest a thread that waits
// is not durably blocked, and the runtime's search for deadlocks does not see it. A stack dump
// shows it as "syscall, locked to thread".
package native

// A lock has two halves. The first, in mutex.go, rwmutex.go, cond.go and pimutex.go, is the same
// everywhere: the contract, the owner, the thread, and what the race detector is told. It stands
// on the second, a raw lock without an owner. A file of raw locks is one algorithm for all systems
// that have what it needs, and the build constraints choose:
//
//	system   rawMutex          rawRWMutex           rawCond           rawPIMutex         calls of the system
//	Linux    mutex_futex.go    rwmutex_futex.go     cond_futex.go     pimutex_linux.go   system_linux.go
//	macOS    mutex_system.go   rwmutex_futex.go     cond_futex.go     pimutex_other.go   system_darwin.go
//	Windows  mutex_system.go   rwmutex_windows.go   cond_windows.go   pimutex_other.go   system_windows.go
//	NetBSD   mutex_futex.go    rwmutex_futex.go     cond_futex.go     pimutex_other.go   system_netbsd.go
//	others   mutex_futex.go    rwmutex_futex.go     cond_futex.go     pimutex_other.go   system_other.go: the other BSDs and those without a kernel wait
//
// timed.go adds limits to a lock of the system, which has none.
//
// The algorithms over futex words need package futex alone, which also tells whether the locks
// work on the other systems. A system that package futex learns needs no change here. Where it has
// a call that moves sleepers from one word to another, it gets a file of calls like
// system_linux.go, and a line in this table.
