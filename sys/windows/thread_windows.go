// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"math"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// CurrentThread is the handle by which a thread refers to itself, as GetCurrentThread returns
// it in C. It is valid for every call about a thread, means the caller wherever it is used, and
// need not be closed.
const CurrentThread = ^Handle(1) // -2

// Priorities of a thread, relative to the class of its process.
const (
	THREAD_PRIORITY_IDLE          = -15
	THREAD_PRIORITY_LOWEST        = -2
	THREAD_PRIORITY_BELOW_NORMAL  = -1
	THREAD_PRIORITY_NORMAL        = 0
	THREAD_PRIORITY_ABOVE_NORMAL  = 1
	THREAD_PRIORITY_HIGHEST       = 2
	THREAD_PRIORITY_TIME_CRITICAL = 15

	THREAD_PRIORITY_ERROR_RETURN = math.MaxInt32 // what C sees when GetThreadPriority fails
)

var (
	procGetCurrentThreadID   = proc{dll: kernel32, name: "GetCurrentThreadId"}
	procSwitchToThread       = proc{dll: kernel32, name: "SwitchToThread"}
	procSetThreadPriority    = proc{dll: kernel32, name: "SetThreadPriority"}
	procGetThreadPriority    = proc{dll: kernel32, name: "GetThreadPriority"}
	procSetThreadDescription = proc{dll: kernelbase, name: "SetThreadDescription"} // not in kernel32 of version 1607
	procGetThreadDescription = proc{dll: kernelbase, name: "GetThreadDescription"}

	procSleepEx = proc{dll: kernel32, name: "SleepEx"}

	procFlushProcessWriteBuffers = proc{dll: kernel32, name: "FlushProcessWriteBuffers"}
)

// GetCurrentThreadId returns the id of the calling thread. No other thread of the machine has
// the same id as long as this one lives. It is a multiple of 4 and not 0.
//
//	DWORD GetCurrentThreadId()
//
// It does not block. It may be called from any thread, but a goroutine that is not locked to
// its thread with [runtime.LockOSThread] may run on another one by the time it uses the result.
// It fails only if the function is missing.
//
// Since Windows 2000. See "GetCurrentThreadId function (processthreadsapi.h)".
func GetCurrentThreadId() (uint32, error) {
	addr, err := procGetCurrentThreadID.find()
	if err != nil {
		return 0, err
	}
	id, _, _ := syscall.SyscallN(addr)
	return uint32(id), nil
}

// SwitchToThread lets another thread that is ready run on the caller's processor, and reports
// whether there was one.
//
//	BOOL SwitchToThread()
//
// The yield lasts for at most one time slice. The call may be made from any thread and fails
// only if the function is missing.
//
// Since Windows 2000. See "SwitchToThread function (processthreadsapi.h)".
func SwitchToThread() (bool, error) {
	addr, err := procSwitchToThread.find()
	if err != nil {
		return false, err
	}
	r, _, _ := syscall.SyscallN(addr)
	return uint32(r) != 0, nil
}

// SleepEx puts the calling thread to sleep for a time. If it is alertable, it also ends once a completion
// routine or an APC has run on the thread.
//
//	DWORD SleepEx(DWORD dwMilliseconds, BOOL bAlertable)
//
// ms is in milliseconds; 0 lets another thread run whose priority is no lower, INFINITE means no limit. The
// result is WAIT_IO_COMPLETION if a routine has run, and 0 after the time. Routines that were queued before
// run at once, all of them. The sleep ends at a tick of the system's clock; a waitable timer of high
// resolution is finer.
//
// Go code as a routine is called on the sleeping thread, in the middle of this call: see [QueueUserAPC].
// The call blocks its thread. It fails only if the function is missing.
//
// Since Windows XP. See "SleepEx function (synchapi.h)".
func SleepEx(ms uint32, alertable bool) (WaitResult, error) {
	addr, err := procSleepEx.find()
	if err != nil {
		return WAIT_FAILED, err
	}
	r, _, _ := syscall.SyscallN(addr, uintptr(ms), flag(alertable))
	return WaitResult(r), nil
}

// SetThreadPriority sets the priority of a thread, one of the constants above.
//
//	BOOL SetThreadPriority(HANDLE hThread, int nPriority)
//
// The thread is [CurrentThread], or one that was opened with THREAD_SET_LIMITED_INFORMATION. For
// CurrentThread, lock the goroutine to its thread, and set the priority back before you unlock it.
//
// Errors are of type [syscall.Errno]: ERROR_INVALID_PARAMETER for another priority,
// ERROR_INVALID_HANDLE for a handle that is not a thread's, ERROR_ACCESS_DENIED for one
// without the right. The call does not block.
//
// Since Windows 2000. See "SetThreadPriority function (processthreadsapi.h)".
func SetThreadPriority(thread Handle, priority int32) error {
	addr, err := procSetThreadPriority.find()
	if err != nil {
		return err
	}
	return succeeded(syscall.SyscallN(addr, uintptr(thread), uintptr(priority)))
}

// GetThreadPriority returns the priority of a thread.
//
//	int GetThreadPriority(HANDLE hThread)
//
// The thread is [CurrentThread], or one that was opened with
// THREAD_QUERY_LIMITED_INFORMATION. Errors are of type [syscall.Errno]: ERROR_INVALID_HANDLE
// for a handle that is not a thread's, ERROR_ACCESS_DENIED for one without the right. The
// call does not block and may be made from any thread.
//
// Since Windows 2000. See "GetThreadPriority function (processthreadsapi.h)".
func GetThreadPriority(thread Handle) (int32, error) {
	addr, err := procGetThreadPriority.find()
	if err != nil {
		return 0, err
	}
	r, _, errno := syscall.SyscallN(addr, uintptr(thread))
	if int32(r) == THREAD_PRIORITY_ERROR_RETURN {
		return 0, errnoError(errno)
	}
	return int32(r), nil
}

// SetThreadDescription gives a thread a name, for debuggers and profilers.
//
//	HRESULT SetThreadDescription(HANDLE hThread, PCWSTR lpThreadDescription)
//
// The thread is [CurrentThread], of a goroutine that is locked to it, or one that was opened
// with THREAD_SET_LIMITED_INFORMATION. The system copies the name.
//
// The error is the HRESULT, as a [syscall.Errno]: 0xD0000008 for an invalid handle, 0xD0000022
// for one without the right; these are NTSTATUS numbers with the bit FACILITY_NT_BIT. The call
// does not block.
//
// Since Windows 10, version 1607. See "SetThreadDescription function (processthreadsapi.h)".
func SetThreadDescription(thread Handle, name *uint16) error {
	addr, err := procSetThreadDescription.find()
	if err != nil {
		return err
	}
	r, _, _ := syscall.SyscallN(addr, uintptr(thread), uintptr(unsafe.Pointer(name)))
	return hresult(r)
}

// GetThreadDescription returns the name that [SetThreadDescription] gave to a thread, or "".
//
//	HRESULT GetThreadDescription(HANDLE hThread, PWSTR *ppszThreadDescription)
//
// The thread is [CurrentThread], or one that was opened with
// THREAD_QUERY_LIMITED_INFORMATION. Errors are those of SetThreadDescription. The result is a
// copy, which is an allocation; the system's string is freed. The call does not block and may be
// made from any thread.
//
// Since Windows 10, version 1607. See "GetThreadDescription function (processthreadsapi.h)".
func GetThreadDescription(thread Handle) (string, error) {
	addr, err := procGetThreadDescription.find()
	if err != nil {
		return "", err
	}
	var name *uint16 // in memory of the system's, which Go's garbage collector leaves alone
	r, _, _ := syscall.SyscallN(addr, uintptr(thread), uintptr(unsafe.Pointer(&name)))
	if err := hresult(r); err != nil {
		return "", err
	}
	defer windows.LocalFree(Handle(unsafe.Pointer(name)))
	return windows.UTF16PtrToString(name), nil
}

// hresult returns the error for an HRESULT. All that are not negative are successes, not
// only 0.
func hresult(r uintptr) error {
	if int32(r) >= 0 {
		return nil
	}
	return syscall.Errno(uint32(r))
}

// FlushProcessWriteBuffers makes all processors that run threads of this process execute a full
// memory barrier: their writes before it are visible to the caller afterwards.
//
//	VOID FlushProcessWriteBuffers()
//
// It makes a barrier on one side of an algorithm unnecessary, at the price of an interrupt to
// all those processors; membarrier is its counterpart on Linux. Apart from that it does not
// block. It may be called from any thread, and fails only if the function is missing.
//
// Since Windows Vista. See "FlushProcessWriteBuffers function (processthreadsapi.h)".
func FlushProcessWriteBuffers() error { return procFlushProcessWriteBuffers.void(nil) }
