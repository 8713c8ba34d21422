// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"errors"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	xwindows "golang.org/x/sys/windows"
)

// patience is how long a test waits for something that must happen.
const patience = 30 * time.Second

// until waits for a condition.
func until(t *testing.T, fact string, true func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !true(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("in vain: %s", fact)
		}
	}
}

// clockTick is the longest time between two ticks of the clock that measures waits. A wait may
// begin at the end of a tick and end at the start of one.
const clockTick = 15625 * time.Microsecond

var (
	kernel32        = xwindows.NewLazySystemDLL("kernel32.dll")
	queryCounter    = kernel32.NewProc("QueryPerformanceCounter")
	queryFrequency  = kernel32.NewProc("QueryPerformanceFrequency")
	wineVersionCall = xwindows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version")
)

// now reads a clock that is finer than the ticks.
func now(t *testing.T) time.Duration {
	t.Helper()
	var count, perSecond int64
	counted, _, err := queryCounter.Call(uintptr(unsafe.Pointer(&count)))
	known, _, _ := queryFrequency.Call(uintptr(unsafe.Pointer(&perSecond)))
	if counted == 0 || known == 0 {
		t.Fatal(err)
	}
	return time.Duration(float64(count) / float64(perSecond) * float64(time.Second))
}

// start runs f on a thread of its own, and returns a function that waits for its end.
func start(t *testing.T, f func()) (join func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		f()
	}()
	return func() {
		t.Helper()
		select {
		case <-done:
		case <-time.After(patience):
			t.Fatal("a thread does not end")
		}
	}
}

// elsewhere runs f on another thread, to its end.
func elsewhere(t *testing.T, f func()) {
	t.Helper()
	start(t, f)()
}

// together runs f on n threads at a time, to their end.
func together(t *testing.T, n int, f func(i int)) {
	t.Helper()
	var joins []func()
	var ready sync.WaitGroup
	ready.Add(n)
	for i := range n {
		joins = append(joins, start(t, func() {
			ready.Done()
			ready.Wait()
			f(i)
		}))
	}
	for _, join := range joins {
		join()
	}
}

// pinned locks the test to its thread until its end.
func pinned(t *testing.T) {
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
}

// ok ends the test if a call has failed.
func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tried returns the result of a call that has not failed. It may be used on any goroutine.
func tried(t *testing.T) func(done bool, err error) bool {
	return func(done bool, err error) bool {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
		return done
	}
}

// notWine reports whether this is Windows itself. If it is not, it logs what Wine does
// differently, so what was not checked.
func notWine(t *testing.T, what string) bool {
	t.Helper()
	if wineVersionCall.Find() != nil {
		return true
	}
	t.Logf("not checked under Wine: %s", what)
	return false
}

// wantError checks for an error of this very value, which errors.Is finds as well.
func wantError(t *testing.T, what string, got, want error) {
	t.Helper()
	if got != want || !errors.Is(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// fails checks for an error that Microsoft does not name: one of Windows, not that of a missing function.
func fails(t *testing.T, what string, err error) {
	t.Helper()
	if _, isErrno := err.(syscall.Errno); !isErrno {
		t.Errorf("%s: got %v, want an error of the system", what, err)
	}
}

// unsupported checks the error of a call, and reports whether the system lacks the function.
func unsupported(t *testing.T, name string, err error) bool {
	t.Helper()
	if !errors.Is(err, errors.ErrUnsupported) {
		return false
	}
	if !strings.Contains(err.Error(), name) {
		t.Errorf("the error of a missing %s does not name it: %v", name, err)
	}
	return true
}
