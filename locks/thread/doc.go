// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package thread gives a goroutine an operating system thread of its own, and lets osync
// know of it.
//
// A goroutine between [Pin] and [Unpin], or started by [Spawn], is pinned: its thread runs
// nothing else, as with [runtime.LockOSThread]. When it has to wait for a lock of package
// locks, its thread sleeps in the kernel instead of the goroutine in the Go scheduler,
// and is woken there. That is what code wants whose thread matters: audio, graphics, real
// time, namespaces, foreign libraries. It costs a thread while it waits and, when an idle
// processor has to be woken, some 40 µs; so ordinary goroutines should stay unpinned.
//
// On Linux the Pdeathsig of [syscall.SysProcAttr] comes when the thread ends that started the
// child, not the process: start such children from a pinned goroutine that does not end before them. If the
// system refuses a program one more thread (ulimit -u, pids.max), the runtime ends the program with a fatal error, which
// nothing can recover.
//
// A goroutine that changes its thread, such as its name, its priority or its network namespace, must be
// the last one there. For what this package and the system can tell, [Spawn] sees to it; for all
// else say [Discard]:
//
//	err := thread.Spawn(func() error {
//		thread.Discard() // the thread ends with this function
//		if err := syscall.Unshare(syscall.CLONE_NEWNET); err != nil {
//			return err
//		}
//		return configure() // on this thread, not in a goroutine
//	}).Join()
//
// A goroutine that has called runtime.LockOSThread alone is not known to osync, and waits in the
// scheduler. That is correct, too.
package thread
