// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/osync-go/osync/sys/windows"
)

const manyHandles = 2*windows.MAXIMUM_WAIT_OBJECTS + 3

// pooled counts the calls that the thread pool makes: for each context those for a signal, those for a timeout, and those
// that run now. While hold is true they do not return.
var pooled struct {
	signaled [manyHandles]atomic.Int32
	timedOut atomic.Int32
	running  atomic.Int32
	hold     atomic.Bool
}

func inPool(context uintptr, timedOut bool) {
	pooled.running.Add(1)
	defer pooled.running.Add(-1)
	if timedOut {
		pooled.timedOut.Add(1)
	} else {
		pooled.signaled[context].Add(1)
	}
	for pooled.hold.Load() {
		time.Sleep(time.Millisecond)
	}
}

var (
	onRegistered = syscall.NewCallback(func(context uintptr, timedOut bool) uintptr {
		inPool(context, timedOut)
		return 0
	})
	onPoolWait = syscall.NewCallback(func(_, context, _ uintptr, result windows.WaitResult) uintptr {
		inPool(context, result != windows.WAIT_OBJECT_0)
		return 0
	})
)

// resetPool forgets the calls. Until the end of the test a thread waits in a call, for the reason given in the package
// documentation.
func resetPool(t *testing.T) {
	t.Helper()
	end, err := windows.CreateEvent(nil, true, false, nil)
	ok(t, err)
	join := start(t, func() { wait(t, end, windows.INFINITE, windows.WAIT_OBJECT_0) })
	t.Cleanup(func() {
		ok(t, windows.SetEvent(end))
		join()
		ok(t, windows.CloseHandle(end))
	})
	for i := range pooled.signaled {
		pooled.signaled[i].Store(0)
	}
	pooled.timedOut.Store(0)
	pooled.hold.Store(false)
}

// events makes events without manual reset.
func events(t *testing.T, n int) []windows.Handle {
	t.Helper()
	list := make([]windows.Handle, n)
	for i := range list {
		list[i] = opened(t)(windows.CreateEvent(nil, false, false, nil))
	}
	return list
}

// A poolWait begins a wait of the pool, and ends it with its calls.
type poolWait struct {
	name  string
	start func(t *testing.T, h windows.Handle, context uintptr, ms uint32) (stop func())
}

var poolWaits = []poolWait{
	{"RegisterWaitForSingleObject", func(t *testing.T, h windows.Handle, context uintptr, ms uint32) func() {
		wait, err := windows.RegisterWaitForSingleObject(h, onRegistered, context, ms, windows.WT_EXECUTEONLYONCE)
		ok(t, err)
		return func() { ok(t, windows.UnregisterWaitEx(wait, windows.INVALID_HANDLE_VALUE)) }
	}},
	{"SetThreadpoolWait", func(t *testing.T, h windows.Handle, context uintptr, ms uint32) func() {
		wait, err := windows.CreateThreadpoolWait(onPoolWait, context, nil)
		ok(t, err)
		var timeout *int64
		if ms != windows.INFINITE {
			ticks := windows.Ticks(time.Duration(ms) * time.Millisecond)
			timeout = &ticks
		}
		ok(t, windows.SetThreadpoolWait(wait, h, timeout))
		return func() {
			ok(t, windows.SetThreadpoolWait(wait, 0, nil))
			ok(t, windows.WaitForThreadpoolWaitCallbacks(wait, true))
			ok(t, windows.CloseThreadpoolWait(wait))
		}
	}},
}

// TestPoolWaitsForMany waits for more handles than one wait can have, and signals each of them.
func TestPoolWaitsForMany(t *testing.T) {
	for _, w := range poolWaits {
		resetPool(t)
		handles := events(t, manyHandles)
		var stops []func()
		for i, h := range handles {
			stops = append(stops, w.start(t, h, uintptr(i), windows.INFINITE))
		}
		for _, h := range handles {
			ok(t, windows.SetEvent(h))
		}
		for i := range handles {
			until(t, w.name+": each handle has its call", func() bool { return pooled.signaled[i].Load() == 1 })
		}
		for _, stop := range stops {
			stop()
		}
		for i, h := range handles { // the calls have consumed their signals
			wait(t, h, 0, windows.WAIT_TIMEOUT)
			if n := pooled.signaled[i].Load(); n != 1 {
				t.Errorf("%s: %d calls for one signal", w.name, n)
			}
		}
		if n := pooled.timedOut.Load(); n != 0 {
			t.Errorf("%s: %d timeouts without a limit", w.name, n)
		}
	}
}

// TestPoolWaitTimesOut lets the timeout expire.
func TestPoolWaitTimesOut(t *testing.T) {
	for _, w := range poolWaits {
		resetPool(t)
		stop := w.start(t, events(t, 1)[0], 0, 1)
		until(t, w.name+": the time is over", func() bool { return pooled.timedOut.Load() == 1 })
		stop()
		if n := pooled.signaled[0].Load(); n != 0 {
			t.Errorf("%s: %d calls without a signal", w.name, n)
		}
	}
}

// TestPoolWaitEnds ends a wait before the signal: no call is made.
func TestPoolWaitEnds(t *testing.T) {
	for _, w := range poolWaits {
		resetPool(t)
		h := events(t, 1)[0]
		w.start(t, h, 0, windows.INFINITE)()
		ok(t, windows.SetEvent(h))
		wait(t, h, 0, windows.WAIT_OBJECT_0) // no call has consumed the signal
		if n := pooled.signaled[0].Load(); n != 0 {
			t.Errorf("%s: %d calls after the end", w.name, n)
		}
	}
}

// TestPoolWaitEndWaits ends a wait whose function runs: the end comes after its return.
func TestPoolWaitEndWaits(t *testing.T) {
	for _, w := range poolWaits {
		resetPool(t)
		pooled.hold.Store(true)
		h := events(t, 1)[0]
		stop := w.start(t, h, 0, windows.INFINITE)
		ok(t, windows.SetEvent(h))
		until(t, w.name+": the function runs", func() bool { return pooled.running.Load() == 1 })
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			stop()
		}()
		select {
		case <-ended:
			t.Errorf("%s: the end did not wait for the function", w.name)
		case <-time.After(20 * time.Millisecond):
		}
		pooled.hold.Store(false)
		<-ended
		if n := pooled.running.Load(); n != 0 {
			t.Errorf("%s: the function runs after the end", w.name)
		}
	}
}

// TestRegisteredWaitGoesOn registers a wait that goes on after a call, and unregisters it while one runs, without blocking.
func TestRegisteredWaitGoesOn(t *testing.T) {
	resetPool(t)
	h := events(t, 1)[0]
	registered, err := windows.RegisterWaitForSingleObject(h, onRegistered, 0, windows.INFINITE, windows.WT_EXECUTEDEFAULT)
	ok(t, err)
	for n := range int32(3) {
		ok(t, windows.SetEvent(h))
		until(t, "each signal has its call", func() bool { return pooled.signaled[0].Load() == n+1 && pooled.running.Load() == 0 })
	}
	pooled.hold.Store(true)
	ok(t, windows.SetEvent(h))
	until(t, "the function runs", func() bool { return pooled.running.Load() == 1 })
	done := opened(t)(windows.CreateEvent(nil, true, false, nil))
	if err := windows.UnregisterWaitEx(registered, done); err != nil { // it is pending, which Windows may report
		wantError(t, "UnregisterWaitEx while the function runs", err, windows.ERROR_IO_PENDING)
	}
	wait(t, done, 0, windows.WAIT_TIMEOUT)
	pooled.hold.Store(false)
	wait(t, done, uint32(patience.Milliseconds()), windows.WAIT_OBJECT_0)

	registered, err = windows.RegisterWaitForSingleObject(h, onRegistered, 0, windows.INFINITE, windows.WT_EXECUTEDEFAULT)
	ok(t, err)
	pooled.hold.Store(true)
	ok(t, windows.SetEvent(h))
	until(t, "the function runs", func() bool { return pooled.running.Load() == 1 })
	if err := windows.UnregisterWaitEx(registered, 0); err != nil { // it is pending, which Windows may report
		wantError(t, "UnregisterWaitEx without an event", err, windows.ERROR_IO_PENDING)
	}
	pooled.hold.Store(false)
	until(t, "the function has returned", func() bool { return pooled.running.Load() == 0 })
}

// TestSetThreadpoolWaitEx checks the report of whether a wait was ended in time.
func TestSetThreadpoolWaitEx(t *testing.T) {
	resetPool(t)
	w, err := windows.CreateThreadpoolWait(onPoolWait, 0, nil)
	ok(t, err)
	defer func() { ok(t, windows.CloseThreadpoolWait(w)) }()
	h := events(t, 1)[0]
	canceled, err := windows.SetThreadpoolWaitEx(w, h, nil)
	if unsupported(t, "SetThreadpoolWaitEx", err) {
		t.Skip("not checked: there is no SetThreadpoolWaitEx")
	}
	if err != nil || canceled {
		t.Errorf("the first wait has ended another: %v, %v", canceled, err)
	}
	if canceled, err = windows.SetThreadpoolWaitEx(w, 0, nil); err != nil || !canceled {
		t.Errorf("a wait is ended: %v, %v", canceled, err)
	}
	if canceled, err = windows.SetThreadpoolWaitEx(w, h, nil); err != nil || canceled {
		t.Errorf("a wait for nothing is ended: %v, %v", canceled, err)
	}
	ok(t, windows.SetEvent(h))
	until(t, "the signal has its call", func() bool { return pooled.signaled[0].Load() == 1 })
	if canceled, err = windows.SetThreadpoolWaitEx(w, 0, nil); err != nil || canceled {
		t.Errorf("a wait is ended after its call: %v, %v", canceled, err)
	}
	ok(t, windows.WaitForThreadpoolWaitCallbacks(w, true))
}
