// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"runtime"

	"github.com/osync-go/osync/locks/internal/pin"
)

// Pin locks the calling goroutine to its thread, as [runtime.LockOSThread] does, and makes its
// waits for osync's locks sleep in the kernel, where osync has a binding for that. Calls nest: the
// goroutine is pinned until Unpin has been called as often as Pin. The outermost Pin makes a new
// [Thread], without a permit.
//
// Pin affects only the calling goroutine, not a later one on the same thread, nor one that [iter.Pull]
// runs on it. If a goroutine ends while it is pinned, its thread ends too, and no other goroutine gets
// its Thread, even if the system reuses the id of the thread. Go code that C calls on a thread created
// by C runs on a goroutine that the runtime lends to such threads. It must call Unpin before it
// returns to C; otherwise the next thread that borrows the goroutine finds it pinned.
func Pin() {
	runtime.LockOSThread()
	if t := Current(); t != nil {
		t.pins++
		return
	}
	pin.Add(&Thread{id: pin.ThreadID(), pins: 1})
}

// Unpin undoes one Pin of the calling goroutine. It panics if the goroutine is not pinned, or not by a Pin: a function
// of [Spawn] or an [Executor] stays pinned until it ends, and the owner of a [Loop] until it closes the Loop.
//
// After the last Unpin other goroutines may run on the thread. If [SetName], [SetPriority], [SetAffinity],
// [SetRealtime] or [Discard] was called, the goroutine stays locked to the thread, as by
// [runtime.LockOSThread], and the thread ends with it. Unpin does not detect other changes. The last Unpin
// ends the class of SetRealtime.
func Unpin() {
	t := current("Unpin")
	if t.pins == t.held {
		panic("thread: Unpin without a Pin, in a function of Spawn, an Executor or a Loop")
	}
	t.pins--
	if t.pins == 0 {
		_ = t.realtime.Leave() // the thread ends anyway
		pin.Remove()
		if t.discarded {
			return // the goroutine stays locked to the thread, which ends with it
		}
	}
	runtime.UnlockOSThread()
}

// Discard makes the calling goroutine the last one on its thread: the thread ends with the
// goroutine, even if the goroutine is unpinned first. Discard cannot be undone. It panics if the
// goroutine is not pinned.
//
// It is for a goroutine that changes its thread in a way that later goroutines on it must not see: a
// namespace, the user or a capability of only that thread, a signal mask, a system call filter, or
// thread-specific data of a foreign library. Call it before the change, so that it takes effect
// however the goroutine ends. It makes no system call; it later costs a new thread, some 50 to 100
// µs.
//
// The main thread of the program does not end. If it is discarded, for example by a goroutine that was
// locked to it in an init function, it sleeps until the program ends. On Linux [Spawn] runs no function
// on the main thread, since /proc/self shows its namespaces as those of the process.
//
// After a function of an [Executor] that calls Discard, its thread ends and another takes its place.
func Discard() {
	t := current("Discard")
	t.discarded, t.retired = true, true
}

// Pinned reports whether the calling goroutine is pinned.
func Pinned() bool { return pin.Here() }
