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
// A goroutine that has only called runtime.LockOSThread is not known to osync, and waits in the
// scheduler. That is correct, too.
package thread
