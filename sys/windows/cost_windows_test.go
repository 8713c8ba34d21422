// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"runtime"
	"syscall"
	"testing"
	"unsafe"

	xwindows "golang.org/x/sys/windows"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/sys/windows"
)

// TestAllocations checks that calls do not allocate, whether they succeed or fail with an
// error that their comments name.
func TestAllocations(t *testing.T) {
	pinned(t)
	var (
		l     windows.SRWLock
		cond  windows.ConditionVariable
		cs    windows.CriticalSection
		value uint32
		once  windows.InitOnce
	)
	ok(t, windows.InitializeCriticalSection(&cs))
	defer windows.DeleteCriticalSection(&cs)
	event := opened(t)(windows.CreateEvent(nil, true, true, nil))
	mutex := opened(t)(windows.CreateMutex(nil, false, nil))
	full := opened(t)(windows.CreateSemaphore(nil, 1, 1, nil))
	timer := opened(t)(windows.CreateWaitableTimer(nil, true, nil))
	name, audio := objectName(t), utf16(t, "Audio")
	resetPool(t)

	for what, call := range map[string]func(){
		"SRW lock": func() {
			windows.AcquireSRWLockExclusive(&l)
			windows.TryAcquireSRWLockShared(&l)
			windows.ReleaseSRWLockExclusive(&l)
		},
		"condition variable": func() {
			windows.AcquireSRWLockExclusive(&l)
			windows.SleepConditionVariableSRW(&cond, &l, 0, 0)
			windows.ReleaseSRWLockExclusive(&l)
			windows.WakeConditionVariable(&cond)
		},
		"critical section": func() {
			windows.EnterCriticalSection(&cs)
			windows.TryEnterCriticalSection(&cs)
			windows.SleepConditionVariableCS(&cond, &cs, 0)
			windows.LeaveCriticalSection(&cs)
			windows.LeaveCriticalSection(&cs)
		},
		"WaitOnAddress": func() {
			compare := value
			windows.WaitOnAddress(unsafe.Pointer(&value), unsafe.Pointer(&compare), 4, 0)
			windows.WaitOnAddress(unsafe.Pointer(&value), unsafe.Pointer(&compare), 3, 0)
			windows.WakeByAddressAll(unsafe.Pointer(&value))
		},
		"RtlWaitOnAddress": func() {
			compare, timeout := value, int64(-1)
			windows.RtlWaitOnAddress(unsafe.Pointer(&value), unsafe.Pointer(&compare), 4, &timeout)
			windows.RtlWaitOnAddress(unsafe.Pointer(&value), unsafe.Pointer(&compare), 3, nil)
			windows.RtlWakeAddressSingle(unsafe.Pointer(&value))
		},
		"one-time initialization": func() {
			windows.InitOnceBeginInitialize(&once, windows.INIT_ONCE_CHECK_ONLY)
			windows.InitOnceBeginInitialize(&once, 0)
			windows.InitOnceComplete(&once, windows.INIT_ONCE_INIT_FAILED, 0)
		},
		"objects": func() {
			h, _ := windows.CreateEvent(nil, true, true, name)
			again, _ := windows.OpenEvent(windows.SYNCHRONIZE, false, name)
			windows.CloseHandle(again)
			windows.CloseHandle(h)
			windows.SetEvent(event)
			windows.ReleaseMutex(mutex)
			windows.ReleaseSemaphore(full, 1)
			windows.SetWaitableTimer(timer, -1, 0, 0, 0, false)
			windows.SetWaitableTimerEx(timer, -1, 0, 0, 0, nil, 1)
		},
		"waits": func() {
			handles := [2]windows.Handle{event, full}
			windows.WaitForSingleObject(event, 0)
			windows.WaitForMultipleObjects(handles[:], false, 0)
			windows.SignalObjectAndWait(mutex, event, 0, false)
		},
		"asynchronous procedure calls": func() {
			windows.QueueUserAPC(record, 0, 0)
			windows.QueueUserAPC2(record, 0, 0, 0)
			windows.SleepEx(0, true)
		},
		"keyed events": func() {
			timeout := int64(0)
			h, _ := windows.NtCreateKeyedEvent(windows.KEYEDEVENT_WAIT, nil, 0)
			windows.NtWaitForKeyedEvent(h, 2, false, &timeout)
			windows.NtReleaseKeyedEvent(h, 2, false, &timeout)
			windows.NtWaitForKeyedEvent(0, 3, false, nil)
			windows.CloseHandle(h)
		},
		"alerts": func() {
			timeout := int64(0)
			windows.NtAlertThreadByThreadId(0)
			windows.NtWaitForAlertByThreadId(0, &timeout)
		},
		"the thread pool": func() {
			wait, _ := windows.RegisterWaitForSingleObject(full, onRegistered, 0, windows.INFINITE, windows.WT_EXECUTEONLYONCE)
			windows.UnregisterWaitEx(wait, windows.INVALID_HANDLE_VALUE)
			w, _ := windows.CreateThreadpoolWait(onPoolWait, 0, nil)
			windows.SetThreadpoolWait(w, 0, nil)
			windows.WaitForThreadpoolWaitCallbacks(w, true)
			windows.CloseThreadpoolWait(w)
		},
		"processors": func() {
			var ids [4]uint32
			var masks [4]windows.GroupAffinity
			windows.GetActiveProcessorGroupCount()
			windows.GetActiveProcessorCount(windows.ALL_PROCESSOR_GROUPS)
			windows.GetSystemCpuSetInformation(nil, 0, 0, 0)
			windows.SetThreadSelectedCpuSets(windows.CurrentThread, nil)
			windows.GetThreadSelectedCpuSets(windows.CurrentThread, ids[:])
			windows.GetThreadSelectedCpuSetMasks(windows.CurrentThread, masks[:])
		},
		"properties of threads": func() {
			info := windows.MemoryPriorityInformation{MemoryPriority: windows.MEMORY_PRIORITY_NORMAL}
			windows.SetThreadInformation(windows.CurrentThread, windows.ThreadMemoryPriority, unsafe.Pointer(&info), 4)
			windows.GetThreadInformation(windows.CurrentThread, windows.ThreadMemoryPriority, unsafe.Pointer(&info), 4)
		},
		"MMCSS": func() {
			index := uint32(0)
			h, _ := windows.AvSetMmThreadCharacteristics(audio, &index)
			windows.AvSetMmThreadPriority(h, windows.AVRT_PRIORITY_NORMAL)
			windows.AvRevertMmThreadCharacteristics(h)
		},
		"clocks": func() {
			windows.QueryInterruptTime()
			windows.QueryInterruptTimePrecise()
			windows.QueryUnbiasedInterruptTimePrecise()
		},
		"threads": func() {
			windows.GetCurrentThreadId()
			windows.SwitchToThread()
			windows.GetThreadPriority(windows.CurrentThread)
			windows.GetThreadGroupAffinity(windows.CurrentThread)
			windows.GetCurrentProcessorNumberEx()
			windows.QueryUnbiasedInterruptTime()
		},
	} {
		if n := allocs.PerRun(t, 20, call); n != 0 {
			t.Errorf("%s: %v allocations a round", what, n)
		}
	}
}

// raw returns the address of a function, for a call without a binding.
func raw(b *testing.B, library, name string) uintptr {
	b.Helper()
	p := xwindows.NewLazySystemDLL(library).NewProc(name)
	if err := p.Find(); err != nil {
		b.Fatal(err)
	}
	return p.Addr()
}

func BenchmarkSRWLock(b *testing.B) {
	var l windows.SRWLock
	b.Run("impl=osync", func(b *testing.B) {
		for b.Loop() {
			windows.AcquireSRWLockExclusive(&l)
			windows.ReleaseSRWLockExclusive(&l)
		}
	})
	b.Run("impl=raw", func(b *testing.B) {
		acquire, release := raw(b, "kernel32.dll", "AcquireSRWLockExclusive"), raw(b, "kernel32.dll", "ReleaseSRWLockExclusive")
		for b.Loop() {
			syscall.SyscallN(acquire, uintptr(unsafe.Pointer(&l)))
			syscall.SyscallN(release, uintptr(unsafe.Pointer(&l)))
		}
	})
}

func BenchmarkGetCurrentThreadId(b *testing.B) {
	b.Run("impl=osync", func(b *testing.B) {
		for b.Loop() {
			windows.GetCurrentThreadId()
		}
	})
	b.Run("impl=raw", func(b *testing.B) {
		get := raw(b, "kernel32.dll", "GetCurrentThreadId")
		for b.Loop() {
			syscall.SyscallN(get)
		}
	})
}

func BenchmarkRtlWaitOnAddress(b *testing.B) {
	value := new(uint32)
	timeout := int64(-1)
	b.Run("impl=osync", func(b *testing.B) {
		for b.Loop() {
			compare := uint32(1)
			windows.RtlWaitOnAddress(unsafe.Pointer(value), unsafe.Pointer(&compare), 4, &timeout)
		}
	})
	b.Run("impl=raw", func(b *testing.B) {
		wait := raw(b, "ntdll.dll", "RtlWaitOnAddress")
		for b.Loop() {
			compare := uint32(1)
			syscall.SyscallN(wait, uintptr(unsafe.Pointer(value)), uintptr(unsafe.Pointer(&compare)), 4, uintptr(unsafe.Pointer(&timeout)))
		}
	})
}

func BenchmarkWakeByAddressSingle(b *testing.B) {
	value := new(uint32)
	b.Run("impl=osync", func(b *testing.B) {
		for b.Loop() {
			windows.WakeByAddressSingle(unsafe.Pointer(value))
		}
	})
	b.Run("impl=raw", func(b *testing.B) {
		wake := raw(b, "api-ms-win-core-synch-l1-2-0.dll", "WakeByAddressSingle")
		for b.Loop() {
			syscall.SyscallN(wake, uintptr(unsafe.Pointer(value)))
		}
	})
}

// BenchmarkAlert has a thread alert itself and then wait for the alert, which returns at once.
func BenchmarkAlert(b *testing.B) {
	b.Run("impl=osync", func(b *testing.B) {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		me, _ := windows.GetCurrentThreadId()
		for b.Loop() {
			windows.NtAlertThreadByThreadId(me)
			windows.NtWaitForAlertByThreadId(0, nil)
		}
	})
	b.Run("impl=raw", func(b *testing.B) {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		me, _ := windows.GetCurrentThreadId()
		alert, wait := raw(b, "ntdll.dll", "NtAlertThreadByThreadId"), raw(b, "ntdll.dll", "NtWaitForAlertByThreadId")
		for b.Loop() {
			syscall.SyscallN(alert, uintptr(me))
			syscall.SyscallN(wait, 0, 0)
		}
	})
}
