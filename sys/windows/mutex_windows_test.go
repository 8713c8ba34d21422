// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"runtime"
	"testing"

	"github.com/osync-go/osync/sys/windows"
)

func TestMutex(t *testing.T) {
	pinned(t)
	owned := func(m windows.Handle) (got bool) { // by a thread that is not another one
		elsewhere(t, func() {
			result, err := windows.WaitForSingleObject(m, 0)
			ok(t, err)
			switch result {
			case windows.WAIT_OBJECT_0:
				ok(t, windows.ReleaseMutex(m))
			case windows.WAIT_TIMEOUT:
				got = true
				wantError(t, "release another thread's mutex", windows.ReleaseMutex(m), windows.ERROR_NOT_OWNER)
			default:
				t.Errorf("got %v", result)
			}
		})
		return got
	}
	for name, create := range map[string]func(bool) (windows.Handle, error){
		"CreateMutex": func(initialOwner bool) (windows.Handle, error) { return windows.CreateMutex(nil, initialOwner, nil) },
		"CreateMutexEx": func(initialOwner bool) (windows.Handle, error) {
			flags := uint32(0)
			if initialOwner {
				flags = windows.CREATE_MUTEX_INITIAL_OWNER
			}
			return windows.CreateMutexEx(nil, nil, flags, windows.SYNCHRONIZE|windows.MUTEX_MODIFY_STATE)
		},
	} {
		t.Run(name, func(t *testing.T) {
			pinned(t)
			m := opened(t)(create(false))
			if owned(m) {
				t.Error("a new mutex is owned")
			}
			wantError(t, "release nobody's mutex", windows.ReleaseMutex(m), windows.ERROR_NOT_OWNER)
			wait(t, m, windows.INFINITE, windows.WAIT_OBJECT_0)
			wait(t, m, 0, windows.WAIT_OBJECT_0) // it is recursive
			for range 2 {
				if !owned(m) {
					t.Error("not owned before the last release")
				}
				ok(t, windows.ReleaseMutex(m))
			}
			if owned(m) {
				t.Error("owned after the last release")
			}

			mine := opened(t)(create(true))
			if !owned(mine) {
				t.Error("a mutex made with an initial owner has none")
			}
			ok(t, windows.ReleaseMutex(mine))
		})
	}
}

// TestMutexExclusion counts without atomics, under the mutex.
func TestMutexExclusion(t *testing.T) {
	m := opened(t)(windows.CreateMutex(nil, false, nil))
	n := 0
	together(t, 3, func(int) {
		for range 50 {
			wait(t, m, windows.INFINITE, windows.WAIT_OBJECT_0)
			n++
			ok(t, windows.ReleaseMutex(m))
		}
	})
	if n != 150 {
		t.Errorf("%d increments of 150 were seen", n)
	}
}

// TestMutexAbandonedByThread ends the thread that owns a mutex.
func TestMutexAbandonedByThread(t *testing.T) {
	pinned(t)
	m := opened(t)(windows.CreateMutex(nil, false, nil))
	idle := opened(t)(windows.CreateEvent(nil, true, false, nil))
	waits := map[string]func() (windows.WaitResult, windows.WaitResult, error){
		"single": func() (windows.WaitResult, windows.WaitResult, error) {
			result, err := windows.WaitForSingleObject(m, windows.Milliseconds(patience))
			return result, windows.WAIT_ABANDONED, err
		},
		"any": func() (windows.WaitResult, windows.WaitResult, error) {
			result, err := windows.WaitForMultipleObjects([]windows.Handle{idle, m}, false, windows.Milliseconds(patience))
			return result, windows.WAIT_ABANDONED_0 + 1, err
		},
	}
	for name, next := range waits {
		owns := make(chan struct{})
		go func() {
			runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
			wait(t, m, windows.INFINITE, windows.WAIT_OBJECT_0)
			close(owns)
		}()
		<-owns
		if got, want, err := next(); err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", name, got, err, want)
		}
		wait(t, m, 0, windows.WAIT_OBJECT_0) // it is this thread's now: a second time
		ok(t, windows.ReleaseMutex(m))
		ok(t, windows.ReleaseMutex(m))
		wait(t, m, 0, windows.WAIT_OBJECT_0) // and no longer abandoned
		ok(t, windows.ReleaseMutex(m))
	}
}
