// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"testing"

	"github.com/osync-go/osync/sys/windows"
)

// waitFor are the two ways to wait for several handles.
var waitFor = map[string]func(handles []windows.Handle, all bool, ms uint32) (windows.WaitResult, error){
	"WaitForMultipleObjects": windows.WaitForMultipleObjects,
	"WaitForMultipleObjectsEx": func(handles []windows.Handle, all bool, ms uint32) (windows.WaitResult, error) {
		return windows.WaitForMultipleObjectsEx(handles, all, ms, false)
	},
}

func TestWaitForMultipleObjects(t *testing.T) {
	for name, waitFor := range waitFor {
		a := opened(t)(windows.CreateEvent(nil, false, false, nil))
		b := opened(t)(windows.CreateEvent(nil, false, false, nil))
		check := func(all bool, want windows.WaitResult) {
			t.Helper()
			got, err := waitFor([]windows.Handle{a, b}, all, 0)
			if err != nil || got != want {
				t.Errorf("%s, all = %v: %v, %v; want %v", name, all, got, err, want)
			}
		}
		check(false, windows.WAIT_TIMEOUT)
		check(true, windows.WAIT_TIMEOUT)
		ok(t, windows.SetEvent(b))
		check(true, windows.WAIT_TIMEOUT) // which leaves b set
		check(false, windows.WAIT_OBJECT_0+1)
		check(false, windows.WAIT_TIMEOUT) // b was reset
		ok(t, windows.SetEvent(b))
		ok(t, windows.SetEvent(a))
		check(false, windows.WAIT_OBJECT_0) // only the lowest
		ok(t, windows.SetEvent(a))
		got, err := waitFor([]windows.Handle{a, b}, true, windows.INFINITE)
		if err != nil || got >= windows.MAXIMUM_WAIT_OBJECTS {
			t.Errorf("%s for all of them: %v, %v; want a WAIT_OBJECT_0", name, got, err)
		}
		check(false, windows.WAIT_TIMEOUT) // both were reset
	}
}

func TestWaitForMultipleObjectsNumbers(t *testing.T) {
	handles := make([]windows.Handle, windows.MAXIMUM_WAIT_OBJECTS+1)
	for i := range handles {
		handles[i] = opened(t)(windows.CreateEvent(nil, true, true, nil))
	}
	for name, waitFor := range waitFor {
		for _, all := range []bool{false, true} {
			if got, err := waitFor(handles[:windows.MAXIMUM_WAIT_OBJECTS], all, windows.INFINITE); err != nil || got != windows.WAIT_OBJECT_0 {
				t.Errorf("%s of 64: %v, %v", name, got, err)
			}
			_, err := waitFor(handles, all, 0)
			wantError(t, name+" of 65", err, windows.ERROR_INVALID_PARAMETER)
			_, err = waitFor(nil, all, 0)
			wantError(t, name+" of none", err, windows.ERROR_INVALID_PARAMETER)
		}
		if notWine(t, "it waits for one handle twice") {
			_, err := waitFor([]windows.Handle{handles[0], handles[0]}, true, 0)
			wantError(t, name+" of one twice", err, windows.ERROR_INVALID_PARAMETER)
		}
	}
}

func TestSignalObjectAndWait(t *testing.T) {
	pinned(t)
	event := opened(t)(windows.CreateEvent(nil, true, false, nil))
	other := opened(t)(windows.CreateEvent(nil, true, false, nil))
	full := opened(t)(windows.CreateSemaphore(nil, 1, 1, nil))
	mutex := opened(t)(windows.CreateMutex(nil, false, nil))

	if got, err := windows.SignalObjectAndWait(event, event, windows.INFINITE, false); err != nil || got != windows.WAIT_OBJECT_0 {
		t.Errorf("signal an event and wait for it: %v, %v", got, err)
	}
	if got, err := windows.SignalObjectAndWait(event, other, 0, false); err != nil || got != windows.WAIT_TIMEOUT {
		t.Errorf("signal one and wait for another: %v, %v", got, err)
	}
	for what, c := range map[string]struct {
		signal windows.Handle
		want   error
	}{
		"nobody's mutex":    {mutex, windows.ERROR_NOT_OWNER},
		"a full semaphore":  {full, windows.ERROR_TOO_MANY_POSTS},
		"the thread itself": {windows.CurrentThread, windows.ERROR_INVALID_HANDLE},
	} {
		got, err := windows.SignalObjectAndWait(c.signal, event, 0, false)
		wantError(t, what, err, c.want)
		if got != windows.WAIT_FAILED {
			t.Errorf("%s: %v, want WAIT_FAILED", what, got)
		}
	}

	wait(t, mutex, 0, windows.WAIT_OBJECT_0)
	if got, err := windows.SignalObjectAndWait(mutex, event, windows.INFINITE, false); err != nil || got != windows.WAIT_OBJECT_0 {
		t.Errorf("release a mutex and wait: %v, %v", got, err)
	}
	elsewhere(t, func() {
		wait(t, mutex, 0, windows.WAIT_OBJECT_0)
		ok(t, windows.ReleaseMutex(mutex))
	})
}

func TestWaitResultString(t *testing.T) {
	for r, want := range map[windows.WaitResult]string{
		windows.WAIT_OBJECT_0:        "WAIT_OBJECT_0+0",
		windows.WAIT_OBJECT_0 + 63:   "WAIT_OBJECT_0+63",
		64:                           "WaitResult(64)",
		windows.WAIT_ABANDONED:       "WAIT_ABANDONED_0+0",
		windows.WAIT_ABANDONED_0 + 2: "WAIT_ABANDONED_0+2",
		windows.WAIT_IO_COMPLETION:   "WAIT_IO_COMPLETION",
		windows.WAIT_TIMEOUT:         "WAIT_TIMEOUT",
		windows.WAIT_FAILED:          "WAIT_FAILED",
	} {
		if got := r.String(); got != want {
			t.Errorf("WaitResult(%#x) is %q, want %q", uint32(r), got, want)
		}
	}
}
