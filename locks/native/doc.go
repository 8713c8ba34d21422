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
// A goroutine that takes a lock is locked to its thread, as by [runtime.LockOSThread], until it
// releases the lock. While it waits, its thread sleeps in the kernel. The owner is known: an Unlock
// by another goroutine panics, and so does a Lock by the owner, which would wait for itself. The
// message says so. The panic comes before anything has changed, so the lock can still be used. The
// package is for code that depends on its thread: audio, graphics, real time, namespaces, foreign
// libraries.
//
// The owner is identified by the number of its goroutine, which is never reused, and not by the id
// of its thread, which the system reuses. There is one exception: Go code that C calls on a thread
// created by C runs on a goroutine that the runtime lends to such threads, one after the other. It
// must unlock before it returns to C. Otherwise the next thread that borrows that goroutine owns the
// lock.
//
// Each waiting goroutine costs a thread, and Go ends a program that has ten thousand threads. On
// Linux an uncontended Lock and Unlock of a Mutex take 2.5 times as long as those of sync.Mutex,
// with the releases of Go with which osync was tested. With a newer release, or with the build tag
// osync_nolinkname, they take some microseconds, since the owner's number is then read from a stack
// dump. PIMutex also asks the kernel for the thread's id. So:
//
//   - For ordinary goroutines, use package sync, or package locks, whose waiters cost no thread.
//   - For pinned threads that share locks with goroutines, use package locks with package thread,
//     where pinned threads sleep in the kernel, too.
//   - Use this package if the thread must own the lock.
//
// The locks are built on these primitives:
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
// locks panic or hang: for a deadlock, and for an owner that has died. Of the other locks, only
// Mutex on macOS lends a priority, that of a thread that waits in Lock. RWMutex and Cond are not
// the system's own on macOS, since its readers-writer lock has no wait with a limit, and its
// condition variable does not accept an os_unfair_lock.
//
// SRWLOCK and os_unfair_lock have no wait with a limit. On Windows and macOS, a thread that waits
// with a limit is not in the system's queue, but is woken at each unlock and tries again, so it is
// overtaken more often. On Windows, a writer with a limit does not block new readers while it
// waits.
//
// Deadlines use the monotonic clock. In a bubble of testing/synctest a waiting thread is not
// durably blocked, and the runtime's deadlock detection does not see it. A stack dump shows it as
// "syscall, locked to thread".
package native

// A lock has two halves. The first, in mutex.go, rwmutex.go, cond.go and pimutex.go, is the same
// everywhere: the contract, the owner, the thread, and the calls of the race detector. It is built
// on the second, a raw lock without an owner. A file of raw locks has one algorithm for all systems
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
// The algorithms over futex words need only package futex, which also reports whether the locks
// work on the other systems. A system that is added to package futex needs no change here. If it
// has a call that moves sleepers from one word to another, it gets a file of calls like
// system_linux.go, and a line in this table.
