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

// Sleep blocks the calling thread for at least d. The thread sleeps in the kernel, if the system
// has a binding, and not on a timer of the Go scheduler; a goroutine that is not pinned should use
// [time.Sleep]. In a bubble of testing/synctest the thread sleeps in real time, and the bubble's
// time stands still.
//
// The sleep is as exact as the system's timers are. On Linux it does not use the timer slack of the thread, which is 50
// µs and is restored afterwards. On Windows, since version 1803 of Windows 10, it uses a high-resolution timer, which
// does not wait for a tick of the clock. On macOS it uses mach_wait_until, which the kernel delays by up to an eighth
// of the sleep and a millisecond for an ordinary thread, and not at all for a real-time thread. The remaining delay is
// the time until the system runs the thread, which [SetRealtime] shortens.
func Sleep(d time.Duration) {
	if d > 0 {
		SleepUntil(osthread.Now().Add(d))
	}
}

// SleepUntil blocks the calling thread until t, as [Sleep] does for a duration. It returns at once if t has passed. If
// t has a monotonic clock reading, as the sum of [time.Now] and a duration has, changes of the wall clock do not affect
// the sleep; otherwise the sleep lasts for the duration from now until t. On Windows, [time.Now] may afterwards still
// be earlier than t by up to a tick of its clock, 0.5 to 16 ms; before version 1803 of Windows 10 the sleep itself may
// end that much too early.
func SleepUntil(t time.Time) { sleepUntil(t, new(atomic.Uint32), nil, nil) }

// sleepUntil is SleepUntil, but ends early when word is not 0. That is announced by a wake of the futex, by bell if it
// is not nil, and by the close of done, at the same moment. It reports whether it has slept until t.
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
	runtime.LockOSThread() // the timer slack is the thread's
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
