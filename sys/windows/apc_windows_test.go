// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"

	xwindows "golang.org/x/sys/windows"

	"github.com/osync-go/osync/sys/windows"
)

var (
	called     []uintptr // the arguments of the calls, in FIFO order
	calledLock sync.Mutex
	record     = syscall.NewCallback(func(data uintptr) uintptr {
		calledLock.Lock()
		defer calledLock.Unlock()
		called = append(called, data)
		return 0
	})
)

// takeCalled returns the arguments of the calls since it was called last.
func takeCalled() []uintptr {
	calledLock.Lock()
	defer calledLock.Unlock()
	taken := called
	called = nil
	return taken
}

// queues are the ways to queue a call.
func queues(t *testing.T) map[string]func(apc uintptr, thread windows.Handle, data uintptr) error {
	t.Helper()
	ways := map[string]func(apc uintptr, thread windows.Handle, data uintptr) error{
		"QueueUserAPC": windows.QueueUserAPC,
	}
	two := func(apc uintptr, thread windows.Handle, data uintptr) error {
		return windows.QueueUserAPC2(apc, thread, data, windows.QUEUE_USER_APC_FLAGS_NONE)
	}
	if err := two(record, 0, 0); unsupported(t, "QueueUserAPC2", err) {
		t.Log("not checked: there is no QueueUserAPC2 in this system")
	} else {
		ways["QueueUserAPC2"] = two
	}
	return ways
}

// myThread opens the calling thread.
func myThread(t *testing.T, access uint32) windows.Handle {
	t.Helper()
	return opened(t)(xwindows.OpenThread(access, false, threadID(t)))
}

// TestQueueUserAPC queues calls to its own thread: they run in the next alertable wait, in FIFO order.
func TestQueueUserAPC(t *testing.T) {
	pinned(t)
	takeCalled()
	set := opened(t)(windows.CreateEvent(nil, true, true, nil))
	for name, queue := range queues(t) {
		for data := range uintptr(3) {
			ok(t, queue(record, windows.CurrentThread, data))
		}
		if result, err := windows.SleepEx(1, false); err != nil || result != 0 {
			t.Errorf("%s: a sleep ends with %v, %v", name, result, err)
		}
		wait(t, set, 0, windows.WAIT_OBJECT_0)
		if got := takeCalled(); len(got) != 0 {
			t.Errorf("%s: %v ran in a wait that is not alertable", name, got)
		}
		result, err := windows.SleepEx(windows.INFINITE, true)
		if got := takeCalled(); err != nil || result != windows.WAIT_IO_COMPLETION || !slices.Equal(got, []uintptr{0, 1, 2}) {
			t.Errorf("%s: an alertable sleep ends with %v, %v, after the calls %v", name, result, err, got)
		}
		if result, err := windows.SleepEx(0, true); err != nil || result != 0 {
			t.Errorf("%s: an alertable sleep without calls ends with %v, %v", name, result, err)
		}
	}
}

// TestQueueUserAPCWakes queues a call to a thread that sleeps.
func TestQueueUserAPCWakes(t *testing.T) {
	takeCalled()
	for name, queue := range queues(t) {
		target := make(chan windows.Handle, 1)
		join := start(t, func() {
			target <- myThread(t, windows.THREAD_SET_CONTEXT)
			if result, err := windows.SleepEx(windows.INFINITE, true); err != nil || result != windows.WAIT_IO_COMPLETION {
				t.Errorf("%s: the sleep ends with %v, %v", name, result, err)
			}
		})
		ok(t, queue(record, <-target, 42))
		join()
		if got := takeCalled(); !slices.Equal(got, []uintptr{42}) {
			t.Errorf("%s: the calls were %v", name, got)
		}
	}
}

// TestQueueUserAPCGrowsStack runs a call that needs more stack than its goroutine has, and collects garbage.
func TestQueueUserAPCGrowsStack(t *testing.T) {
	pinned(t)
	var deep func(n int) byte
	deep = func(n int) byte {
		var page [512]byte
		if n == 0 {
			runtime.GC()
			return page[0]
		}
		page[n%len(page)] = deep(n - 1)
		return page[n%len(page)] + 1
	}
	apc := syscall.NewCallback(func(uintptr) uintptr { return uintptr(deep(200)) })
	ok(t, windows.QueueUserAPC(apc, windows.CurrentThread, 0))
	e := opened(t)(windows.CreateEvent(nil, true, false, nil))
	result, err := windows.WaitForMultipleObjectsEx([]windows.Handle{e, e}[:1], false, windows.INFINITE, true)
	if err != nil || result != windows.WAIT_IO_COMPLETION {
		t.Errorf("the wait ends with %v, %v", result, err)
	}
}

func TestQueueUserAPCErrors(t *testing.T) {
	pinned(t)
	event := opened(t)(windows.CreateEvent(nil, true, true, nil))
	blind := myThread(t, xwindows.THREAD_QUERY_LIMITED_INFORMATION)
	ended := make(chan windows.Handle)
	go func() { // whose thread ends with it, since it stays locked
		runtime.LockOSThread()
		id, _ := windows.GetCurrentThreadId()
		h, err := xwindows.OpenThread(windows.THREAD_SET_CONTEXT|windows.SYNCHRONIZE, false, id)
		if err != nil {
			t.Error(err)
		}
		ended <- h
	}()
	dead := opened(t)(<-ended, nil)
	wait(t, dead, uint32(patience.Milliseconds()), windows.WAIT_OBJECT_0)
	for name, queue := range queues(t) {
		for _, h := range []windows.Handle{0, 0x0BADBAD0, event} {
			wantError(t, name+" to no thread", queue(record, h, 0), windows.ERROR_INVALID_HANDLE)
		}
		wantError(t, name+" without the right", queue(record, blind, 0), windows.ERROR_ACCESS_DENIED)
		wantError(t, name+" to an ended thread", queue(record, dead, 0), windows.ERROR_GEN_FAILURE)
	}
	err := windows.QueueUserAPC2(record, windows.CurrentThread, 0, 1<<20)
	if !unsupported(t, "QueueUserAPC2", err) {
		fails(t, "QueueUserAPC2 with another flag", err)
	}
}
