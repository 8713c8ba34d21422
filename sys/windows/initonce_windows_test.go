// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/osync-go/osync/sys/windows"
)

const context = 0x1234 // a number with two low bits of 0

func TestInitOnceSynchronous(t *testing.T) {
	var (
		once     windows.InitOnce
		winners  atomic.Int32
		finished bool // written by the winner only
	)
	ok(t, windows.InitOnceInitialize(&once))
	_, _, err := windows.InitOnceBeginInitialize(&once, windows.INIT_ONCE_CHECK_ONLY)
	wantError(t, "a check before the work", err, windows.ERROR_GEN_FAILURE)

	together(t, 4, func(int) {
		pending, got, err := windows.InitOnceBeginInitialize(&once, 0)
		ok(t, err)
		if pending {
			winners.Add(1)
			finished = true
			ok(t, windows.InitOnceComplete(&once, 0, context))
		} else if got != context || !finished {
			t.Errorf("done, with the context %#x and finished = %v; want %#x and true", got, finished, context)
		}
	})
	if n := winners.Load(); n != 1 {
		t.Errorf("%d threads had it pending, want 1", n)
	}
	pending, got, err := windows.InitOnceBeginInitialize(&once, windows.INIT_ONCE_CHECK_ONLY)
	if err != nil || pending || got != context {
		t.Errorf("a check after the work: pending %v, context %#x, %v", pending, got, err)
	}
	wantError(t, "a second end", windows.InitOnceComplete(&once, 0, context), windows.ERROR_GEN_FAILURE)
}

func TestInitOnceFailure(t *testing.T) {
	var once windows.InitOnce
	for range 3 {
		pending, _, err := windows.InitOnceBeginInitialize(&once, 0)
		if err != nil || !pending {
			t.Fatalf("after a failure: pending %v, %v", pending, err)
		}
		wantError(t, "a context with low bits", windows.InitOnceComplete(&once, 0, context|1), windows.ERROR_INVALID_PARAMETER)
		ok(t, windows.InitOnceComplete(&once, windows.INIT_ONCE_INIT_FAILED, 0))
	}
}

func TestInitOnceAsynchronous(t *testing.T) {
	var once windows.InitOnce
	for range 2 { // two at a time
		pending, _, err := windows.InitOnceBeginInitialize(&once, windows.INIT_ONCE_ASYNC)
		if err != nil || !pending {
			t.Fatalf("pending %v, %v", pending, err)
		}
	}
	_, _, err := windows.InitOnceBeginInitialize(&once, 0)
	wantError(t, "the other protocol", err, windows.ERROR_INVALID_PARAMETER)
	ok(t, windows.InitOnceComplete(&once, windows.INIT_ONCE_ASYNC, context))
	wantError(t, "the loser's end", windows.InitOnceComplete(&once, windows.INIT_ONCE_ASYNC, 2*context), windows.ERROR_GEN_FAILURE)
	pending, got, err := windows.InitOnceBeginInitialize(&once, windows.INIT_ONCE_ASYNC)
	if err != nil || pending || got != context {
		t.Errorf("after it: pending %v, context %#x, %v; want the winner's %#x", pending, got, err, context)
	}
}

// callback is made once: a program has a limited number of them.
var (
	callbackRuns   atomic.Int32
	callbackResult atomic.Uintptr
	callback       = syscall.NewCallback(func(_ *windows.InitOnce, parameter uintptr, result *uintptr) uintptr {
		callbackRuns.Add(1)
		runtime.GC()
		deep(100) // makes the stack grow, and move
		*result = parameter
		return callbackResult.Load()
	})
)

func deep(n int) byte {
	var page [1024]byte
	if n > 0 {
		page[n] = deep(n - 1)
	}
	return page[n]
}

func TestInitOnceExecuteOnce(t *testing.T) {
	var once windows.InitOnce
	callbackResult.Store(0)
	if _, err := windows.InitOnceExecuteOnce(&once, callback, context); err == nil {
		t.Error("no error though the function failed")
	} else if _, isErrno := err.(syscall.Errno); !isErrno {
		t.Errorf("the error %v is a %[1]T, want a syscall.Errno", err)
	}
	callbackResult.Store(1)
	callbackRuns.Store(0)
	together(t, 3, func(int) {
		got, err := windows.InitOnceExecuteOnce(&once, callback, context)
		if err != nil || got != context {
			t.Errorf("got %#x, %v; want %#x", got, err, context)
		}
	})
	if n := callbackRuns.Load(); n != 1 {
		t.Errorf("the function ran %d times, want once", n)
	}
}
