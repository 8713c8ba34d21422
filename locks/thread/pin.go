// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"runtime"

	"github.com/osync-go/osync/internal/pin"
)

// Pin locks the calling goroutine to its thread, as [runtime.LockOSThread] does, and
// makes its waits for osync's locks sleep in the kernel. Calls nest: the goroutine is pinned
// until Unpin was called as often.
//
// A goroutine that ends while it is pinned ends its thread, too; osync then still takes the
// thread's id for pinned. So end with Unpin, or use [Spawn].
func Pin() {
	runtime.LockOSThread()
	pin.Add()
}

// Unpin takes back one Pin of the calling goroutine. It panics if there was none.
func Unpin() {
	if !pin.Remove() {
		panic("thread: Unpin without Pin")
	}
	runtime.UnlockOSThread()
}

// Pinned reports whether the calling goroutine is pinned.
func Pinned() bool { return pin.Here() }
