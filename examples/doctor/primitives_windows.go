// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"sync/atomic"
	"syscall"
	"unsafe"

	"github.com/osync-go/osync/locks/thread"
	xwindows "golang.org/x/sys/windows"

	"github.com/osync-go/osync/sys/windows"
)

// systemVersion returns the name and version of the system.
func systemVersion() string {
	v := xwindows.RtlGetVersion()
	return fmt.Sprintf("Windows %d.%d.%d", v.MajorVersion, v.MinorVersion, v.BuildNumber)
}

// primitives returns what Windows has for locks. A function that is missing says so when
// it is called.
func primitives() []primitive {
	rows := []primitive{
		{
			"SRWLOCK", "Vista", "lock, for one writer or many readers, in one word",
			probeSRW, testSRW,
		},
		{
			"CONDITION_VARIABLE", "Vista", "sleep with an SRWLOCK, and wake",
			func() error { return windows.WakeConditionVariable(new(windows.ConditionVariable)) }, testConditionVariable,
		},
		{
			"CRITICAL_SECTION", "2000", "lock, again in the same thread if it likes",
			probeCriticalSection, testCriticalSection,
		},
		{
			"WaitOnAddress", "8", "sleep while a word holds a value, in milliseconds",
			func() error { return windows.WakeByAddressSingle(unsafe.Pointer(new(atomic.Uint32))) }, testWaitOnAddress,
		},
		{
			"RtlWaitOnAddress", "8", "the same in units of 100 ns: here osync sleeps",
			func() error { return windows.RtlWakeAddressSingle(unsafe.Pointer(new(atomic.Uint32))) }, testRtlWaitOnAddress,
		},
		{
			"INIT_ONCE", "Vista", "let one of many threads do a thing first",
			func() error { return windows.InitOnceInitialize(new(windows.InitOnce)) }, testInitOnce,
		},
		{
			"SYNCHRONIZATION_BARRIER", "8", "let threads wait for each other",
			probeBarrier, testBarrier,
		},
		{
			"mutex object", "2000", "lock between processes; tells of a dead owner",
			probeObject(func() (windows.Handle, error) { return windows.CreateMutex(nil, false, nil) }), testMutexObject,
		},
		{
			"event object", "2000", "sleep until another thread or process says so",
			probeObject(func() (windows.Handle, error) { return windows.CreateEvent(nil, false, false, nil) }), testEventObject,
		},
		{
			"waitable timer", "10 1803", "sleep for less than a tick of the system's clock",
			probeTimer, testTimer,
		},
	}
	return append(rows, threadPrimitives()...)
}

func probeSRW() error {
	_, err := windows.TryAcquireSRWLockExclusive(new(windows.SRWLock))
	return err
}

func testSRW() error {
	lock, inside := new(windows.SRWLock), 0
	if err := windows.AcquireSRWLockExclusive(lock); err != nil {
		return err
	}
	other := thread.Spawn(func() error {
		if err := windows.AcquireSRWLockExclusive(lock); err != nil {
			return err
		}
		inside++
		return windows.ReleaseSRWLockExclusive(lock)
	})
	if ok, err := windows.TryAcquireSRWLockShared(lock); ok || err != nil {
		return fmt.Errorf("a reader came in beside a writer: %v, %w", ok, err)
	}
	inside++
	if err := windows.ReleaseSRWLockExclusive(lock); err != nil {
		return err
	}
	if err := other.Join(); err != nil {
		return err
	}
	if inside != 2 {
		return fmt.Errorf("%d of 2 threads were inside", inside)
	}
	return nil
}

func testConditionVariable() error {
	lock, cond, ready := new(windows.SRWLock), new(windows.ConditionVariable), false
	sleeper := thread.Spawn(func() error {
		windows.AcquireSRWLockExclusive(lock)
		defer windows.ReleaseSRWLockExclusive(lock)
		for !ready {
			if err := windows.SleepConditionVariableSRW(cond, lock, windows.INFINITE, 0); err != nil {
				return err
			}
		}
		return nil
	})
	windows.AcquireSRWLockExclusive(lock)
	ready = true
	windows.ReleaseSRWLockExclusive(lock)
	if err := windows.WakeConditionVariable(cond); err != nil {
		return err
	}
	return sleeper.Join()
}

func probeCriticalSection() error {
	section := new(windows.CriticalSection)
	if err := windows.InitializeCriticalSection(section); err != nil {
		return err
	}
	return windows.DeleteCriticalSection(section)
}

func testCriticalSection() error {
	section, inside := new(windows.CriticalSection), 0
	if err := windows.InitializeCriticalSection(section); err != nil {
		return err
	}
	defer windows.DeleteCriticalSection(section)
	enter := func() error {
		for range 2 { // it is the same thread, so it may
			if err := windows.EnterCriticalSection(section); err != nil {
				return err
			}
			inside++
		}
		windows.LeaveCriticalSection(section)
		return windows.LeaveCriticalSection(section)
	}
	a, b := thread.Spawn(enter), thread.Spawn(enter)
	if err := errors.Join(a.Join(), b.Join()); err != nil {
		return err
	}
	if inside != 4 {
		return fmt.Errorf("counted %d, want 4", inside)
	}
	return nil
}

// wakesWaiter lets a thread wait on a word for as long as it is 0, and wakes it.
func wakesWaiter(wait func(word, zero unsafe.Pointer) error, wake func(unsafe.Pointer) error) error {
	word, zero := new(atomic.Uint32), new(uint32)
	sleeper := thread.Spawn(func() error {
		for word.Load() == 0 {
			if err := wait(unsafe.Pointer(word), unsafe.Pointer(zero)); err != nil {
				return err
			}
		}
		return nil
	})
	word.Store(1)
	if err := wake(unsafe.Pointer(word)); err != nil {
		return err
	}
	return sleeper.Join()
}

func testWaitOnAddress() error {
	return wakesWaiter(func(word, zero unsafe.Pointer) error {
		return windows.WaitOnAddress(word, zero, 4, windows.INFINITE)
	}, windows.WakeByAddressSingle)
}

func testRtlWaitOnAddress() error {
	return wakesWaiter(func(word, zero unsafe.Pointer) error {
		return windows.RtlWaitOnAddress(word, zero, 4, nil)
	}, windows.RtlWakeAddressSingle)
}

func testInitOnce() error {
	once := new(windows.InitOnce)
	for i, want := range []bool{true, false} {
		pending, _, err := windows.InitOnceBeginInitialize(once, 0)
		if err != nil || pending != want {
			return fmt.Errorf("thread %d is to begin: %v, %w", i, pending, err)
		}
		if pending {
			if err := windows.InitOnceComplete(once, 0, 0); err != nil {
				return err
			}
		}
	}
	return nil
}

func probeBarrier() error {
	barrier := new(windows.SynchronizationBarrier)
	err := windows.InitializeSynchronizationBarrier(barrier, 1, -1)
	if errors.Is(err, errors.ErrUnsupported) {
		return errors.New("not in this system")
	}
	if err != nil {
		return err
	}
	return windows.DeleteSynchronizationBarrier(barrier)
}

func testBarrier() error {
	barrier := new(windows.SynchronizationBarrier)
	if err := windows.InitializeSynchronizationBarrier(barrier, 2, -1); err != nil {
		return err
	}
	var last atomic.Int32
	enter := func() error {
		isLast, err := windows.EnterSynchronizationBarrier(barrier, 0)
		if isLast {
			last.Add(1)
		}
		return err
	}
	a, b := thread.Spawn(enter), thread.Spawn(enter)
	if err := errors.Join(a.Join(), b.Join(), windows.DeleteSynchronizationBarrier(barrier)); err != nil {
		return err
	}
	if n := last.Load(); n != 1 {
		return fmt.Errorf("%d threads were told that they came last", n)
	}
	return nil
}

// probeObject makes an object and closes it.
func probeObject(create func() (windows.Handle, error)) func() error {
	return func() error {
		h, err := create()
		if err != nil {
			return err
		}
		return windows.CloseHandle(h)
	}
}

func testMutexObject() error {
	mutex, err := windows.CreateMutex(nil, false, nil)
	if err != nil {
		return err
	}
	defer windows.CloseHandle(mutex)
	lock := func() error {
		if _, err := windows.WaitForSingleObject(mutex, windows.INFINITE); err != nil {
			return err
		}
		return windows.ReleaseMutex(mutex)
	}
	a, b := thread.Spawn(lock), thread.Spawn(lock)
	return errors.Join(a.Join(), b.Join())
}

func testEventObject() error {
	event, err := windows.CreateEvent(nil, false, false, nil)
	if err != nil {
		return err
	}
	defer windows.CloseHandle(event)
	sleeper := thread.Spawn(func() error {
		_, err := windows.WaitForSingleObject(event, windows.INFINITE)
		return err
	})
	if err := windows.SetEvent(event); err != nil {
		return err
	}
	return sleeper.Join()
}

// createTimer makes a timer of high resolution, which older systems refuse.
func createTimer() (windows.Handle, error) {
	return windows.CreateWaitableTimerEx(nil, nil, windows.CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, windows.TIMER_ALL_ACCESS)
}

func probeTimer() error {
	err := probeObject(createTimer)()
	if errors.Is(err, syscall.Errno(87)) { // ERROR_INVALID_PARAMETER
		return errors.New("too old for timers of high resolution")
	}
	return err
}

func testTimer() error {
	timer, err := createTimer()
	if err != nil {
		return err
	}
	defer windows.CloseHandle(timer)
	const due = -int64(10_000) // in 1 ms, in units of 100 ns
	if err := windows.SetWaitableTimer(timer, due, 0, 0, 0, false); err != nil {
		return err
	}
	_, err = windows.WaitForSingleObject(timer, windows.INFINITE)
	return err
}
