// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"errors"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/osync-go/osync/sys/windows"
)

func timers(t *testing.T, manual bool) map[string]windows.Handle {
	t.Helper()
	flags := uint32(0)
	if manual {
		flags = windows.CREATE_WAITABLE_TIMER_MANUAL_RESET
	}
	list := map[string]windows.Handle{
		"CreateWaitableTimer":   opened(t)(windows.CreateWaitableTimer(nil, manual, nil)),
		"CreateWaitableTimerEx": opened(t)(windows.CreateWaitableTimerEx(nil, nil, flags, windows.TIMER_ALL_ACCESS)),
	}
	fine, err := windows.CreateWaitableTimerEx(nil, nil, flags|windows.CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, windows.TIMER_ALL_ACCESS)
	if errors.Is(err, windows.ERROR_INVALID_PARAMETER) {
		t.Log("there are no high resolution timers: this is a Windows 10 before version 1803")
		return list
	}
	list["high resolution"] = opened(t)(fine, err)
	return list
}

func TestWaitableTimer(t *testing.T) {
	for _, manual := range []bool{false, true} {
		for name, h := range timers(t, manual) {
			wait(t, h, 0, windows.WAIT_TIMEOUT) // not set
			for _, d := range []time.Duration{0, 1, 100 * time.Microsecond, 20 * time.Millisecond} {
				begin := now(t)
				ok(t, windows.SetWaitableTimer(h, windows.Ticks(d), 0, 0, 0, false))
				wait(t, h, windows.INFINITE, windows.WAIT_OBJECT_0)
				if took := now(t) - begin; took+clockTick < d {
					t.Errorf("%s: due after %v, not after %v", name, took, d)
				}
				if manual {
					wait(t, h, 0, windows.WAIT_OBJECT_0)
				} else {
					wait(t, h, 0, windows.WAIT_TIMEOUT)
				}
			}
			ok(t, windows.SetWaitableTimer(h, windows.Ticks(50*day), 0, 0, 0, false))
			wait(t, h, 1, windows.WAIT_TIMEOUT) // setting it has reset it
			ok(t, windows.SetWaitableTimer(h, windows.Ticks(time.Millisecond), 0, 0, 0, false))
			wait(t, h, windows.INFINITE, windows.WAIT_OBJECT_0)
			ok(t, windows.SetWaitableTimer(h, windows.Ticks(50*day), 0, 0, 0, false))
			ok(t, windows.CancelWaitableTimer(h))
			wait(t, h, 0, windows.WAIT_TIMEOUT)
			if notWine(t, "it takes a negative period") {
				err := windows.SetWaitableTimer(h, -1, -1, 0, 0, false)
				wantError(t, name+" with a negative period", err, windows.ERROR_INVALID_PARAMETER)
			}
		}
	}
}

func TestWaitableTimerPeriod(t *testing.T) {
	for _, h := range timers(t, false) {
		ok(t, windows.SetWaitableTimer(h, windows.Ticks(1), 1, 0, 0, false))
		for range 5 {
			wait(t, h, windows.INFINITE, windows.WAIT_OBJECT_0)
		}
		ok(t, windows.CancelWaitableTimer(h))
	}
}

var (
	completions atomic.Uintptr
	completion  = syscall.NewCallback(func(arg uintptr, _, _ uint32) uintptr {
		completions.Add(arg)
		return 0
	})
)

// TestWaitableTimerCompletion waits alertably until the completion routine has run, on this
// thread.
func TestWaitableTimerCompletion(t *testing.T) {
	pinned(t)
	idle := opened(t)(windows.CreateEvent(nil, true, false, nil))
	h := opened(t)(windows.CreateWaitableTimer(nil, true, nil))
	for name, alertable := range map[string]func() (windows.WaitResult, error){
		"WaitForSingleObjectEx": func() (windows.WaitResult, error) {
			return windows.WaitForSingleObjectEx(idle, windows.INFINITE, true)
		},
		"WaitForMultipleObjectsEx": func() (windows.WaitResult, error) {
			return windows.WaitForMultipleObjectsEx([]windows.Handle{idle}, false, windows.INFINITE, true)
		},
		"SignalObjectAndWait": func() (windows.WaitResult, error) {
			own, err := windows.CreateEvent(nil, true, false, nil)
			ok(t, err)
			defer windows.CloseHandle(own)
			return windows.SignalObjectAndWait(own, idle, windows.INFINITE, true)
		},
	} {
		completions.Store(0)
		ok(t, windows.SetWaitableTimer(h, windows.Ticks(time.Millisecond), 0, completion, 7, false))
		result, err := alertable()
		if err != nil || result != windows.WAIT_IO_COMPLETION || completions.Load() != 7 {
			t.Errorf("%s: %v, %v, and the routine has added %d; want WAIT_IO_COMPLETION and 7", name, result, err, completions.Load())
		}
	}
}

// setEx is SetWaitableTimer, through SetWaitableTimerEx.
func setEx(h windows.Handle, due int64, period int32, completion, arg uintptr, _ bool) error {
	return windows.SetWaitableTimerEx(h, due, period, completion, arg, nil, 0)
}

// TestSetWaitableTimerEx sets timers with a delay, a reason and a completion routine.
func TestSetWaitableTimerEx(t *testing.T) {
	pinned(t)
	reason := &windows.ReasonContext{
		Version: windows.POWER_REQUEST_CONTEXT_VERSION, Flags: windows.POWER_REQUEST_CONTEXT_SIMPLE_STRING,
		SimpleReasonString: utf16(t, "a test of osync"),
	}
	for name, h := range timers(t, true) {
		reasons, delays := []*windows.ReasonContext{nil, reason}, []uint32{0, 1}
		if name == "high resolution" { // it is not said to know either
			reasons, delays = reasons[:1], delays[:1]
		}
		for _, reason := range reasons {
			for _, delay := range delays {
				const d = 5 * time.Millisecond
				begin := now(t)
				ok(t, windows.SetWaitableTimerEx(h, windows.Ticks(d), 0, 0, 0, reason, delay))
				wait(t, h, windows.INFINITE, windows.WAIT_OBJECT_0)
				if took := now(t) - begin; took+clockTick < d {
					t.Errorf("%s: due after %v, not after %v", name, took, d)
				}
			}
		}
		ok(t, windows.SetWaitableTimerEx(h, windows.Ticks(50*day), 0, 0, 0, nil, 0))
		wait(t, h, 1, windows.WAIT_TIMEOUT) // setting it has reset it
		if notWine(t, "it takes a negative period") {
			wantError(t, "a negative period", setEx(h, -1, -1, 0, 0, false), windows.ERROR_INVALID_PARAMETER)
		}
	}
	completions.Store(0)
	h := opened(t)(windows.CreateWaitableTimer(nil, true, nil))
	ok(t, setEx(h, windows.Ticks(time.Millisecond), 0, completion, 7, false))
	result, err := windows.SleepEx(windows.INFINITE, true)
	if err != nil || result != windows.WAIT_IO_COMPLETION || completions.Load() != 7 {
		t.Errorf("SleepEx: %v, %v, and the routine has added %d; want WAIT_IO_COMPLETION and 7", result, err, completions.Load())
	}
}
