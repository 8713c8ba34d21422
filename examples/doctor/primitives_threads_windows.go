// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks/thread"
	xwindows "golang.org/x/sys/windows"

	"github.com/osync-go/osync/sys/windows"
)

// threadPrimitives returns what Windows has for threads: other ways to sleep and to wake, and what it can do for one.
func threadPrimitives() []primitive {
	return []primitive{
		{
			"SetWaitableTimerEx", "7", "let a timer be late, to save power",
			probeTimerEx, testTimerEx,
		},
		{
			"QueueUserAPC", "XP", "call a function in the wait of another thread",
			func() error { return isThere(windows.QueueUserAPC(called, 0, 0)) }, testAPC,
		},
		{
			"thread-pool wait", "Vista", "wait for more than 64 objects",
			probePoolWait, testPoolWait,
		},
		{
			"keyed event", "XP", "let two threads meet at a key",
			func() error { return isThere(windows.NtReleaseKeyedEvent(0, 1, false, nil)) }, testKeyedEvent,
		},
		{
			"NtAlertThreadByThreadId", "8", "wake a thread by its id: the end of SRWLOCK and WaitOnAddress",
			func() error { return isThere(windows.NtAlertThreadByThreadId(0)) }, testAlert,
		},
		{
			"processor groups", "7", "have more than 64 processors, and bind a thread to some",
			func() error { _, err := windows.GetActiveProcessorGroupCount(); return isThere(err) }, testGroups,
		},
		{
			"CPU sets", "10", "prefer processors of any group for a thread",
			func() error { _, err := windows.GetSystemCpuSetInformation(nil, 0, 0, 0); return isThere(err) }, testCPUSets,
		},
		{
			"EcoQoS", "10 1709", "run a thread on efficient cores, or never",
			func() error { return isThere(throttle(false)) }, testEcoQoS,
		},
		{
			"MMCSS", "Vista", "give a thread the real-time class of audio",
			probeMMCSS, testMMCSS,
		},
		{
			"precise interrupt time", "10", "read the clock of waits between its ticks",
			func() error { _, err := windows.QueryInterruptTimePrecise(); return isThere(err) }, testInterruptTime,
		},
		{
			"private namespace", "Vista", "keep strangers off the names of objects",
			func() error { return withBoundary(probeNamespace) }, func() error { return withBoundary(testNamespace) },
		},
	}
}

// isThere returns an error for a function that the system lacks, and none for one that found fault with its arguments.
func isThere(err error) error {
	if errors.Is(err, errors.ErrUnsupported) {
		return errors.New("not in this system")
	}
	return nil
}

func probeTimerEx() error {
	return isThere(windows.SetWaitableTimerEx(0, 0, 0, 0, 0, nil, 0))
}

func testTimerEx() error {
	timer, err := windows.CreateWaitableTimer(nil, true, nil)
	if err != nil {
		return err
	}
	defer windows.CloseHandle(timer)
	if err := windows.SetWaitableTimerEx(timer, -10_000, 0, 0, 0, nil, 1); err != nil {
		return err
	}
	_, err = windows.WaitForSingleObject(timer, windows.INFINITE)
	return err
}

var (
	calls  atomic.Int32
	called = syscall.NewCallback(func(uintptr) uintptr {
		calls.Add(1)
		return 0
	})
	signaled = syscall.NewCallback(func(_, _, _ uintptr, result windows.WaitResult) uintptr {
		if result == windows.WAIT_OBJECT_0 {
			calls.Add(1)
		}
		return 0
	})
)

// sleepingThread starts a thread that tells its id and then sleeps, and returns the id.
func sleepingThread(sleep func() error) (id uint32, sleeper *thread.Handle) {
	ids := make(chan uint32, 1)
	sleeper = thread.Spawn(func() error {
		id, err := windows.GetCurrentThreadId()
		ids <- id
		return errors.Join(err, sleep())
	})
	return <-ids, sleeper
}

func testAPC() error {
	calls.Store(0)
	id, sleeper := sleepingThread(func() error {
		result, err := windows.SleepEx(windows.INFINITE, true)
		if err == nil && result != windows.WAIT_IO_COMPLETION {
			return fmt.Errorf("the sleep ended with %v", result)
		}
		return err
	})
	h, err := xwindows.OpenThread(windows.THREAD_SET_CONTEXT, false, id)
	if err != nil {
		return err
	}
	defer windows.CloseHandle(h)
	if err := windows.QueueUserAPC(called, h, 0); err != nil {
		return err
	}
	if err := sleeper.Join(); err != nil {
		return err
	}
	if n := calls.Load(); n != 1 {
		return fmt.Errorf("the function was called %d times", n)
	}
	return nil
}

func probePoolWait() error {
	wait, err := windows.CreateThreadpoolWait(signaled, 0, nil)
	if err != nil {
		return isThere(err)
	}
	return windows.CloseThreadpoolWait(wait)
}

func testPoolWait() error {
	const n = windows.MAXIMUM_WAIT_OBJECTS + 6
	calls.Store(0)
	end, err := windows.CreateEvent(nil, true, false, nil)
	if err != nil {
		return err
	}
	defer windows.CloseHandle(end)
	keeper := thread.Spawn(func() error { // with which Go's runtime bears with the calls, without cgo and with one processor
		_, err := windows.WaitForSingleObject(end, windows.INFINITE)
		return err
	})
	defer keeper.Join()
	defer windows.SetEvent(end)
	var events []windows.Handle
	for range n {
		event, err := windows.CreateEvent(nil, false, false, nil)
		if err != nil {
			return err
		}
		defer windows.CloseHandle(event)
		wait, err := windows.CreateThreadpoolWait(signaled, 0, nil)
		if err != nil {
			return err
		}
		defer func() { // before the event is closed
			windows.SetThreadpoolWait(wait, 0, nil)
			windows.WaitForThreadpoolWaitCallbacks(wait, true)
			windows.CloseThreadpoolWait(wait)
		}()
		if err := windows.SetThreadpoolWait(wait, event, nil); err != nil {
			return err
		}
		events = append(events, event)
	}
	for _, event := range events {
		if err := windows.SetEvent(event); err != nil {
			return err
		}
	}
	for calls.Load() != n { // doctor gives up on a test that does not end
		time.Sleep(time.Millisecond)
	}
	return nil
}

func testKeyedEvent() error {
	const key = 2
	sleeper := thread.Spawn(func() error { return windows.NtWaitForKeyedEvent(0, key, false, nil) })
	return errors.Join(windows.NtReleaseKeyedEvent(0, key, false, nil), sleeper.Join())
}

func testAlert() error {
	id, sleeper := sleepingThread(func() error { return windows.NtWaitForAlertByThreadId(0, nil) })
	return errors.Join(windows.NtAlertThreadByThreadId(id), sleeper.Join())
}

// testGroups binds a thread to one processor of its group.
func testGroups() error {
	return thread.Spawn(func() error {
		affinity, err := windows.GetThreadGroupAffinity(windows.CurrentThread)
		if err != nil {
			return err
		}
		one := affinity
		one.Mask &= -one.Mask
		if _, err := windows.SetThreadGroupAffinity(windows.CurrentThread, &one); err != nil {
			return err
		}
		got, err := windows.GetCurrentProcessorNumberEx()
		if err == nil && (got.Group != one.Group || one.Mask>>got.Number != 1) {
			return fmt.Errorf("bound to %#x of group %d, the thread runs on %d of group %d", one.Mask, one.Group, got.Number, got.Group)
		}
		_, back := windows.SetThreadGroupAffinity(windows.CurrentThread, &affinity)
		return errors.Join(err, back)
	}).Join()
}

// testCPUSets selects the first CPU set for a thread.
func testCPUSets() error {
	size, _ := windows.GetSystemCpuSetInformation(nil, 0, 0, 0)
	sets := make([]windows.SystemCpuSetInformation, uintptr(size)/unsafe.Sizeof(windows.SystemCpuSetInformation{})+1)
	if _, err := windows.GetSystemCpuSetInformation(&sets[0], size, 0, 0); err != nil {
		return err
	}
	return thread.Spawn(func() error {
		return errors.Join(windows.SetThreadSelectedCpuSets(windows.CurrentThread, []uint32{sets[0].ID}),
			windows.SetThreadSelectedCpuSets(windows.CurrentThread, nil))
	}).Join()
}

// throttle says that the calling thread may run slowly, or takes that back.
func throttle(on bool) error {
	state := windows.ThreadPowerThrottlingState{Version: windows.THREAD_POWER_THROTTLING_CURRENT_VERSION}
	if on {
		state.ControlMask = windows.THREAD_POWER_THROTTLING_EXECUTION_SPEED
		state.StateMask = windows.THREAD_POWER_THROTTLING_EXECUTION_SPEED
	}
	return windows.SetThreadInformation(windows.CurrentThread, windows.ThreadPowerThrottling, unsafe.Pointer(&state), uint32(unsafe.Sizeof(state)))
}

func testEcoQoS() error {
	return thread.Spawn(func() error { return errors.Join(throttle(true), throttle(false)) }).Join()
}

// joinAudio lets the calling thread have the class of audio for a moment.
func joinAudio() error {
	name, err := syscall.UTF16PtrFromString("Audio")
	if err != nil {
		return err
	}
	task, err := windows.AvSetMmThreadCharacteristics(name, new(uint32))
	if err != nil {
		return err
	}
	return errors.Join(windows.AvSetMmThreadPriority(task, windows.AVRT_PRIORITY_HIGH), windows.AvRevertMmThreadCharacteristics(task))
}

// probeMMCSS asks on a thread of its own, as all that it does is the thread's. The service may be stopped.
func probeMMCSS() error { return thread.Spawn(joinAudio).Join() }

func testMMCSS() error { return probeMMCSS() }

func testInterruptTime() error {
	before, err := windows.QueryInterruptTime()
	if err != nil {
		return err
	}
	after, err := windows.QueryInterruptTimePrecise()
	const millisecond = 10_000 // by which the two may differ, as they are made of different counters
	if err == nil && after+millisecond < before {
		return fmt.Errorf("the precise time is %d, after %d", after, before)
	}
	return err
}

// withBoundary calls f with a boundary that every process is within.
func withBoundary(f func(boundary windows.Handle) error) error {
	name, err := syscall.UTF16PtrFromString("osync's doctor")
	if err != nil {
		return err
	}
	boundary, err := windows.CreateBoundaryDescriptor(name, 0)
	if err != nil {
		return errors.New("not in this system")
	}
	defer func() { windows.DeleteBoundaryDescriptor(boundary) }()
	everyone, err := xwindows.CreateWellKnownSid(xwindows.WinWorldSid)
	if err != nil {
		return err
	}
	if err := windows.AddSIDToBoundaryDescriptor(&boundary, everyone); err != nil {
		return isThere(err)
	}
	return f(boundary)
}

func probeNamespace(boundary windows.Handle) error {
	prefix, err := syscall.UTF16PtrFromString("osync-doctor-nowhere")
	if err != nil {
		return err
	}
	_, err = windows.OpenPrivateNamespace(boundary, prefix)
	return isThere(err)
}

// testNamespace makes a namespace and an event in it, which is found by its name.
func testNamespace(boundary windows.Handle) error {
	prefix := fmt.Sprintf("osync-doctor-%d", xwindows.GetCurrentProcessId())
	prefixPtr, err := syscall.UTF16PtrFromString(prefix)
	if err != nil {
		return err
	}
	name, err := syscall.UTF16PtrFromString(prefix + `\event`)
	if err != nil {
		return err
	}
	space, err := windows.CreatePrivateNamespace(nil, boundary, prefixPtr)
	if err != nil {
		return err
	}
	defer windows.ClosePrivateNamespace(space, windows.PRIVATE_NAMESPACE_FLAG_DESTROY)
	event, err := windows.CreateEvent(nil, true, true, name)
	if err != nil {
		return err
	}
	defer windows.CloseHandle(event)
	again, err := windows.OpenEvent(windows.SYNCHRONIZE, false, name)
	if err != nil {
		return err
	}
	return windows.CloseHandle(again)
}
