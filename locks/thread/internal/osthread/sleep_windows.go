// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"sync"
	"time"

	"github.com/osync-go/osync/sys/windows"
)

// Sleeps on Windows end at a tick of its clock, 0.5 to 16 ms apart, except for sleeps on a high-resolution waitable
// timer, which needs Windows 10, version 1803.

// timers has the timers for which no thread waits. They do not belong to a thread.
var timers struct {
	mu   sync.Mutex
	free []windows.Handle
}

const mostTimers = 64 // in timers.free; others are closed

// takeTimer returns a timer that is not set.
func takeTimer() (windows.Handle, error) {
	timers.mu.Lock()
	defer timers.mu.Unlock()
	if n := len(timers.free); n > 0 {
		timer := timers.free[n-1]
		timers.free = timers.free[:n-1]
		return timer, nil
	}
	return windows.CreateWaitableTimerEx(nil, nil, windows.CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, windows.TIMER_MODIFY_STATE|windows.SYNCHRONIZE)
}

// putTimer returns a timer, which may be set: the next SetWaitableTimerEx resets it.
func putTimer(timer windows.Handle) {
	timers.mu.Lock()
	defer timers.mu.Unlock()
	if len(timers.free) < mostTimers {
		timers.free = append(timers.free, timer)
		return
	}
	_ = windows.CloseHandle(timer)
}

// A Bell ends a SleepFor. Ringing a nil Bell does nothing.
type Bell struct{ event windows.Handle }

// NewBell returns a Bell, or nil if SleepFor does not work here.
func NewBell() *Bell {
	timer, err := takeTimer()
	if err != nil {
		return nil
	}
	putTimer(timer)
	event, err := windows.CreateEvent(nil, false, false, nil)
	if err != nil {
		return nil
	}
	return &Bell{event}
}

// Ring ends the current SleepFor with b, or the next one.
func (b *Bell) Ring() {
	if b != nil {
		_ = windows.SetEvent(b.event) // cannot fail, since the event is not closed yet
	}
}

// Close frees b, which must not be rung afterwards.
func (b *Bell) Close() {
	if b != nil {
		_ = windows.CloseHandle(b.event)
	}
}

// SleepFor blocks the calling thread for d, or until bell rings, and reports whether that is possible here. If so, the
// time is measured by the performance counter, which does not wait for a tick.
func SleepFor(d time.Duration, bell *Bell) bool {
	timer, err := takeTimer()
	if err != nil {
		return false
	}
	defer putTimer(timer)
	perSecond, err := windows.QueryPerformanceFrequency()
	if err != nil {
		return false
	}
	began, err := windows.QueryPerformanceCounter()
	if err != nil {
		return false
	}
	for left := d; left > 0; {
		if windows.SetWaitableTimerEx(timer, windows.Ticks(left), 0, 0, 0, nil, 0) != nil {
			return false
		}
		if bell == nil {
			_, err = windows.WaitForSingleObject(timer, windows.INFINITE)
		} else {
			var r windows.WaitResult
			r, err = windows.WaitForMultipleObjects([]windows.Handle{bell.event, timer}, false, windows.INFINITE)
			if err == nil && r == windows.WAIT_OBJECT_0 {
				return true
			}
		}
		if err != nil {
			return false
		}
		now, err := windows.QueryPerformanceCounter()
		if err != nil {
			return false
		}
		left = d - CounterTime(now-began, perSecond)
	}
	return true
}

// Now returns the time that Go's clock would show if it did not stand still between two ticks.
func Now() time.Time {
	return Between(time.Now, windows.QueryInterruptTime, windows.QueryInterruptTimePrecise)
}
