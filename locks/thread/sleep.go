// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"errors"
	"os"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/thread/internal/osthread"
	"github.com/osync-go/osync/sys/futex"
)

// Sleep blocks the calling thread for at least d. The thread sleeps in the kernel, where the
// system has a binding, and not as a timer of the Go scheduler; a goroutine that
// is not pinned wants [time.Sleep]. In a bubble of testing/synctest it sleeps in real time, and the
// bubble's stands still.
//
// The sleep ends as exactly as the system's timers can. On Linux the thread has no timer slack meanwhile, which else
// is 50 µs. What remains is the time until the system lets the thread run, for which [SetRealtime] is.
func Sleep(d time.Duration) {
	if d > 0 {
		SleepUntil(time.Now().Add(d))
	}
}

// SleepUntil blocks the calling thread until t, as [Sleep] does for a duration. It returns at once if t has
// passed. If t has a monotonic clock reading, as a sum of [time.Now] and a duration has, changes of the
// wall clock do not move it; otherwise it counts as the duration from now until t. On Windows it may return
// up to a tick of the system's clock too early, 0.5 to 16 ms.
func SleepUntil(t time.Time) {
	if self := Current(); self != nil {
		sleepUntil(t, &self.alarm, nil)
		return
	}
	sleepUntil(t, new(atomic.Uint32), nil)
}

// sleepUntil is SleepUntil unless word is not 0, which a wake of the futex announces, or done is closed, which is the
// same moment. It reports whether it has slept until t.
func sleepUntil(t time.Time, word *atomic.Uint32, done <-chan struct{}) bool {
	now := time.Now()
	d := t.Sub(now)
	if d <= 0 {
		return true
	}
	t = now.Add(d)         // with a monotonic clock reading
	runtime.LockOSThread() // whose sleep is exact
	defer runtime.UnlockOSThread()
	defer osthread.Inexact(osthread.Exact())
	for word.Load() == 0 {
		err := futex.WaitUntil(word, 0, t, futex.Private)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return true
		}
		if err != nil { // no binding
			timer := time.NewTimer(time.Until(t))
			defer timer.Stop()
			select {
			case <-timer.C:
				return true
			case <-done:
				return false
			}
		}
	}
	return false
}
