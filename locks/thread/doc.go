// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package thread gives a goroutine an operating system thread of its own, on which it also
// waits for the locks of osync.
//
// A goroutine between [Pin] and [Unpin], or started by [Spawn], is pinned: its thread runs nothing
// else, as with [runtime.LockOSThread]. When it waits for a lock of package locks, its thread
// sleeps and is woken in the kernel, not in the Go scheduler. Pinning is for code that depends on
// its thread: audio, graphics, real time, namespaces, foreign libraries. A wait occupies a thread
// while it lasts, and costs some 40 µs if an idle processor must be woken, so ordinary goroutines
// should stay unpinned.
//
// A goroutine that has changed its thread, such as its priority or its network namespace, must be the
// last one that runs on it. [Spawn] and [Unpin] detect the changes that their documentation lists.
// Call [Discard] before any other change:
//
//	err := thread.Spawn(func() error {
//		thread.Discard() // the thread ends with this function
//		if err := syscall.Unshare(syscall.CLONE_NEWNET); err != nil {
//			return err // the thread ends nevertheless
//		}
//		return configure() // on this thread
//	}).Join()
//
// Goroutines that configure starts run on other threads, in the old namespace. A socket that
// configure opens stays in the new namespace, and any goroutine may use it. /proc/thread-self shows
// the namespace of the calling thread, /proc/self that of the main thread.
//
// On Linux, the signal of Pdeathsig in [syscall.SysProcAttr] is sent when the thread that started
// the child ends, not when the process ends. Start such children from a pinned goroutine that
// outlives them. If the system does not allow the program another thread (ulimit -u, pids.max), the
// runtime ends the program with a fatal error, which cannot be recovered.
//
// # Work for a thread
//
// An [Executor] has one or more threads of its own. It runs functions for any goroutine, in FIFO order, and returns
// their errors and panics:
//
//	gl, err := thread.NewExecutor(thread.ExecutorOptions{Start: makeContextCurrent})
//	…
//	err = gl.Do(func() error { return draw(scene) }) // on the thread
//
// [Main] runs functions on the first thread of the program, and a [Loop] on a thread that has its own event loop.
// A [Ticker] is for threads that do something in each period of time, without drift.
//
//	you have                                                use
//	one function that needs a thread for its length         Spawn, Scope
//	a library that wants all calls on the same thread       Executor
//	the same, and it must be the first thread (macOS)       Main
//	the same, and the thread waits for its own events       NewLoop
//	a loop that must begin a turn every 5 ms                Ticker, in a function of Spawn
//	the same, before all else that runs on the machine      SetRealtime in it
//
// The pages audio.md, graphics.md, namespaces.md and realtime.md in the folder docs have a program for
// each.
//
// # Without Pin
//
// A goroutine that has called only runtime.LockOSThread is unknown to osync, and waits in the
// scheduler. That is correct, too.
package thread
