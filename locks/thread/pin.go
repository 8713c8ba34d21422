// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"runtime"

	"github.com/osync-go/osync/internal/pin"
)

// Pin locks the calling goroutine to its thread, as [runtime.LockOSThread] does, and
// makes its waits for osync's locks sleep in the kernel, where osync has a binding for that.
// Calls nest: the goroutine is pinned until Unpin was called as often. The outermost Pin makes a
// new [Thread], without a permit.
//
// It is the goroutine that is pinned, and nobody else: not the next one on the thread, nor the one
// that [iter.Pull] runs on it, and when a goroutine ends while it is pinned, which ends its thread,
// nobody inherits its Thread, whatever number the system gives to a new thread. Code that C has
// called on a thread of C's own runs on a goroutine that the runtime lends to such threads: it
// must Unpin before it returns to C, or the next one to borrow the goroutine is pinned.
func Pin() {
	runtime.LockOSThread()
	if t := Current(); t != nil {
		t.pins++
		return
	}
	pin.Add(&Thread{id: pin.ThreadID(), pins: 1})
}

// Unpin takes back one Pin of the calling goroutine. It panics if there was none.
//
// After the last Unpin other goroutines may run on the thread, unless it was changed by [SetName],
// [SetPriority] or [SetAffinity], or given up by [Discard].
func Unpin() {
	t := current("Unpin")
	t.pins--
	if t.pins == 0 {
		pin.Remove()
		if t.discarded {
			return // and so the goroutine stays locked to the thread, which ends with it
		}
	}
	runtime.UnlockOSThread()
}

// Discard makes the calling goroutine the last one on its thread: the thread ends with the
// goroutine, also if that is unpinned before. It panics if the goroutine is not pinned.
//
// It is for a goroutine that changes its thread in a way that the next one there must not find: a
// namespace, the user or a capability of the thread alone, a signal mask, a filter of system calls,
// what a foreign library keeps for each thread. Call it before the change, so that it counts however
// the goroutine ends.
//
// The main thread of the program does not end: Go lets it sleep for good. On Linux, where /proc/self
// shows its namespaces, [Spawn] leaves it alone.
func Discard() { current("Discard").discarded = true }

// Pinned reports whether the calling goroutine is pinned.
func Pinned() bool { return pin.Here() }
