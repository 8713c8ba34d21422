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
// The sleep ends as exactly as the system's timers can: on Linux without the timer slack of the thread, 50 µs, which it has
// again afterwards; on Windows by a timer of high resolution, which does not wait for a tick of the clock, since version
// 1803 of Windows 10; on macOS by mach_wait_until, which the kernel puts off for an ordinary thread by up to an eighth of the sleep and a
// millisecond, and not for a real-time one. What remains is the time until the system lets the thread run, for which
// [SetRealtime] is.
func Sleep(d time.Duration) {
	if d > 0 {
		SleepUntil(osthread.Now().Add(d))
	}
}

// SleepUntil blocks the calling thread until t, as [Sleep] does for a duration. It returns at once if t has
// passed. If t has a monotonic clock reading, as a sum of [time.Now] and a duration has, changes of the
// wall clock do not move it; otherwise it counts as the duration from now until t. On Windows [time.Now] may then be
// earlier than t by up to a tick of its clock, 0.5 to 16 ms; before version 1803 of Windows 10 the sleep itself may end so early.
func SleepUntil(t time.Time) { sleepUntil(t, new(atomic.Uint32), nil, nil) }

// sleepUntil is SleepUntil unless word is not 0, which a wake of the futex announces, and bell, if it is not nil, or done is
// closed, which is the same moment. It reports whether it has slept until t.
func sleepUntil(t time.Time, word *atomic.Uint32, done <-chan struct{}, bell *osthread.Bell) bool {
	now := osthread.Now()
	d := t.Sub(now)
	if d <= 0 {
		return true
	}
	if (done == nil || bell != nil) && osthread.SleepFor(d, bell) {
		return word.Load() == 0
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
