// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package pthread provides the system's POSIX thread library, without cgo: its mutexes, condition variables,
// readers-writer locks, spin locks, barriers, semaphores, thread-specific data, and its calls on threads; and the
// mutexes and condition variables of C11.
//
// It is for programs that share a lock with C code: in the same process, or in memory that another process maps. Its
// objects are the C library's objects, and C code sees every operation on them. A pure Go program should use package
// sync, or osync's package locks: a call into C costs several times as much as their operations, and each goroutine
// that waits here occupies a thread.
//
//	m, err := pthread.NewMutex(nil) // or MutexAt(p), of C's
//	if err != nil {
//		return err // no C library
//	}
//	if err := m.Lock(); err != nil {
//		return err
//	}
//	// This goroutine is locked to its thread, which holds m.
//	return m.Unlock()
//
// A type is named for its object, and a method for the verb of the function in C: from
// pthread_mutex_timedlock comes [Mutex.TimedLock], from sem_wait [Sem.Wait], from mtx_lock [Mtx.Lock], so that
// the manual page is the manual.
// [Load] reports whether there is a library, [Supported] whether it has a function.
//
// # Errors
//
// Each error of the library is the [syscall.Errno] that the function returned or stored in errno, but never EINTR. A
// method that the system lacks returns an [errors.ErrUnsupported] whose message names the function; so do all methods
// where osync can reach no library. Nothing panics at import.
//
// # Memory
//
// Objects live outside Go's memory: in memory of the C library, or in memory of the caller, such as a file mapped by
// several processes. Their handles are ordinary Go values, and must not be copied. Destroy destroys an object. It may
// be called twice; other calls after it return [ErrDestroyed]. An object whose handle is collected as garbage is
// destroyed and freed, if it is not locked. C code, or another handle, must not use an object after that. With glibc a
// condition variable or barrier that still has waiters stays until all have left.
//
// # Threads
//
// A lock belongs to a thread. So a goroutine that acquires one is locked to its thread until it releases it, and no
// other goroutine can unlock it. If the goroutine ends first, its thread ends too, and the lock stays locked, unless it
// is a robust mutex. A later thread does not become the owner, even if the system gives it the same pthread_t or
// number.
//
// Calls that wait block their thread, in C. Go's scheduler and its garbage collector go on without it,
// but with a delay: the scheduler cannot know which calls into C will wait. So a thread that waits
// keeps its processor (P) until the scheduler's monitor takes it away, 20 µs to 10 ms later, and
// runnable goroutines lack one meanwhile. At GOMAXPROCS=1 a hand-over takes a few hundred microseconds if the owner
// needs that processor to reach its unlock; the same is true of cgo. The locks of package native hand off the processor
// first. The note in docs/faq.md on programs that stand still for a minute applies to each call, too.
//
// The race detector sees the order that these locks establish, and no other.
//
// # What else changes
//
// A program that imports this package runs on the C library's threads, as with cgo. This has three consequences, of
// which the last two apply to all programs that lock goroutines to threads:
//
//   - The runtime does not notice that all goroutines are asleep: a program in a deadlock hangs instead
//     of ending with a fatal error. Give tests a time limit.
//   - On Linux the signal of Pdeathsig in [syscall.SysProcAttr] is sent when the thread that started the
//     child ends, not the process. Start such children only from a goroutine that is locked to its
//     thread and does not end before them.
//   - Each goroutine that waits here, or is locked to a thread, occupies a thread. If the system refuses one more
//     (ulimit -u, pids.max), the runtime ends the program with a fatal error, which cannot be recovered.
//
// # Systems
//
//	                      glibc   musl    macOS   FreeBSD NetBSD
//	Mutex, Cond, RWLock   yes     yes     yes     yes     yes
//	TimedLock, ...        yes     yes     no      yes     yes
//	ClockLock, ...        2.30    no      no      no      no
//	robust mutexes        yes     yes     no      yes     no
//	ProtocolInherit       yes     yes     yes     yes     no
//	ProtocolProtect       yes     no      yes     yes     yes
//	Barrier, Spin         yes     yes     no      yes     yes
//	Sem: NewSem           yes     yes     no      yes     yes
//	Sem: OpenSem          yes     yes     yes     yes     yes
//	Sem.TimedWait         yes     yes     no      yes     yes
//	Sem.ClockWait         2.30    no      no      yes     no
//	Mtx, Cnd              2.28    yes     no      [Mtx]   9
//	Once, Key, Thread     yes     yes     yes     yes     yes
//	CPUClock              yes     yes     no      yes     yes
//	affinity              yes     yes     no      yes     no
//
// Linux on amd64, 386, arm64, arm, loong64, ppc64le and riscv64, and on s390x with cgo; macOS
// on amd64 and arm64; FreeBSD and NetBSD on amd64 and arm64. Elsewhere the package compiles, and [Load] returns an
// error.
//
// The package is built on github.com/ebitengine/purego, which links the program dynamically: the program needs the
// system's C library and its loader at run time, even if built with CGO_ENABLED=0. On some systems the build needs
// further flags:
//
//   - FreeBSD and NetBSD without cgo: the build tag osync_purego, and
//     -gcflags=github.com/ebitengine/purego/internal/fakecgo=-std. Otherwise Load returns an error.
//   - A program for a system with musl, such as Alpine, built on one with glibc:
//     -ldflags=-I=/lib/ld-musl-x86_64.so.1, or the loader's name there. Otherwise the program does not start, since it
//     requests glibc's loader. On Alpine itself Go requests musl's.
//   - Linux on arm and riscv64: Go requests an old loader. -ldflags=-I=/lib/ld-linux-armhf.so.3 and
//     -I=/lib/ld-linux-riscv64-lp64d.so.1 name the current ones.
//
// Tested natively on Linux amd64, with glibc and with musl; emulated on Linux arm64 and, for macOS
// amd64 and arm64, with a library that runs on Linux; only built on the rest, on Linux also compared with the headers
// of glibc. The statements about FreeBSD and NetBSD come from their headers and sources.
package pthread
