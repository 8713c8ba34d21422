// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"runtime"

	"github.com/osync-go/osync/internal/pin"
)

// Pin locks the calling goroutine to its thread, as [runtime.LockOSThread] does, and
// makes its waits for osync's locks sleep in the kernel. Calls nest: the goroutine is pinned
// until Unpin was called as often. Where osync has no binding for the system, it is
// LockOSThread and no more.
//
// A goroutine that ends while it is pinned ends its thread, too; osync then still takes the
// thread's id for pinned. So end with Unpin, or use [Spawn].
func Pin() {
	runtime.LockOSThread()
	if !pin.Known() {
		return
	}
	if t := Current(); t != nil {
		t.pins++
		return
	}
	t := &Thread{id: pin.ThreadID(), pins: 1}
	threads.Store(t.id, t)
	pin.Add()
}

// Unpin takes back one Pin of the calling goroutine. It panics if there was none.
func Unpin() {
	if !pin.Known() {
		runtime.UnlockOSThread()
		return
	}
	t := current("Unpin")
	t.pins--
	if t.pins == 0 {
		t.forget()
	}
	runtime.UnlockOSThread()
}

// forget lets osync take t, the calling thread, for an ordinary one.
func (t *Thread) forget() {
	pin.Remove()
	threads.Delete(t.id)
}

// Pinned reports whether the calling goroutine is pinned.
func Pinned() bool { return Current() != nil }
