// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"sync/atomic"

	"github.com/osync-go/osync/locks/internal/pin"
	"github.com/osync-go/osync/locks/thread/internal/osthread"
)

// A Thread stands for the thread of a pinned goroutine, for as long as it is pinned.
type Thread struct {
	id     uint64
	permit atomic.Uint32 // see Park

	// Used only by the goroutine.
	pins      int       // how often it is pinned
	held      int       // how many of these Unpin must not undo, since they are not Pins of the user
	discarded bool      // the thread ends with the goroutine: see Discard
	retired   bool      // Discard was called
	executor  *Executor // the Executor to which the thread belongs
	realtime  osthread.Realtime
}

// ID returns the system's number for the thread: gettid on Linux, GetCurrentThreadId on Windows,
// pthread_threadid_np on macOS. It is 0 if osync has no binding for the system. The system may
// reuse the number after the thread has ended.
func (t *Thread) ID() uint64 { return t.id }

// ID returns the number of the calling thread, as [Thread.ID] does. The goroutine may be on
// another thread by the next line, unless it is locked to this one.
func ID() uint64 { return pin.ThreadID() }

// Current returns the thread of the calling goroutine, or nil if it is not pinned by Pin or
// Spawn.
func Current() *Thread {
	t, _ := pin.Current().(*Thread)
	return t
}

// current is Current for functions that require a pinned caller.
func current(name string) *Thread {
	t := Current()
	if t == nil {
		panic("thread: " + name + " by a goroutine that is not pinned")
	}
	return t
}
