// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package thread gives a goroutine an operating system thread of its own, on which it also
// waits for the locks of osync.
//
// A goroutine between [Pin] and [Unpin], or started by [Spawn], is pinned: its thread runs
// nothing else, as with [runtime.LockOSThread]. When it has to wait for a lock of package
// locks, its thread sleeps in the kernel instead of the goroutine in the Go scheduler,
// and is woken there. It is for code that depends on its thread: audio, graphics, real
// time, namespaces, foreign libraries. A wait costs a thread while it lasts and, when an idle
// processor has to be woken, some 40 µs; so ordinary goroutines should stay unpinned.
//
// A goroutine that has changed its thread, such as its priority or its network namespace, must be the
// last one that runs there. [Spawn] and [Unpin] notice some changes, and say which. Before any other
// change call [Discard]:
//
//	err := thread.Spawn(func() error {
//		thread.Discard() // the thread ends with this function
//		if err := syscall.Unshare(syscall.CLONE_NEWNET); err != nil {
//			return err // the thread ends all the same
//		}
//		return configure() // on this thread
//	}).Join()
//
// Goroutines that configure starts run on other threads, in the old namespace. A socket that it opens
// stays in the new one, and any goroutine may use it. The namespace of the calling thread is that of
// /proc/thread-self; /proc/self shows the main thread's.
//
// On Linux the signal of Pdeathsig in [syscall.SysProcAttr] is sent when the thread that started the
// child ends, not the process. Start such children from a pinned goroutine that does not end before
// them. If the system refuses a program one more thread (ulimit -u, pids.max), the runtime ends the
// program with a fatal error, which cannot be recovered.
//
// # Work for a thread
//
// An [Executor] is a thread of its own, or several, that runs functions for any goroutine, in FIFO order, and returns
// their errors and panics:
//
//	gl, err := thread.NewExecutor(thread.ExecutorOptions{Start: makeContextCurrent})
//	…
//	err = gl.Do(func() error { return draw(scene) }) // on the thread
//
// [Main] does so on the first thread of the program, and a [Loop] on a thread that has an event loop of its own. A
// [Ticker] is for threads that do something in each period of time, without drift.
//
//	you have                                                use
//	one function that needs a thread for its length         Spawn, Scope
//	a library that wants all calls on the same thread       Executor
//	the same, and it must be the first thread (macOS)       Main
//	the same, and the thread waits for its own events       NewLoop
//	a loop that must begin a turn every 5 ms                Ticker, in a function of Spawn
//	the same, before all else that runs on the machine      SetRealtime in it
//
// The pages audio.md, graphics.md, namespaces.md and realtime.md of the folder docs have programs for each.
//
// # Without Pin
//
// A goroutine that has only called runtime.LockOSThread is not known to osync, and waits in the
// scheduler. That is correct, too.
package thread
