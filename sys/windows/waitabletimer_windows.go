// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"structs"
	"syscall"
	"unsafe"
)

// Flags of CreateWaitableTimerEx.
const (
	CREATE_WAITABLE_TIMER_MANUAL_RESET    = 0x1
	CREATE_WAITABLE_TIMER_HIGH_RESOLUTION = 0x2 // since Windows 10, version 1803
)

var (
	procCreateWaitableTimerW   = proc{dll: kernel32, name: "CreateWaitableTimerW"}
	procCreateWaitableTimerExW = proc{dll: kernel32, name: "CreateWaitableTimerExW"}
	procOpenWaitableTimerW     = proc{dll: kernel32, name: "OpenWaitableTimerW"}
	procSetWaitableTimer       = proc{dll: kernel32, name: "SetWaitableTimer"}
	procSetWaitableTimerEx     = proc{dll: kernel32, name: "SetWaitableTimerEx"}
	procCancelWaitableTimer    = proc{dll: kernel32, name: "CancelWaitableTimer"}
)

// CreateWaitableTimer creates a timer, or opens the one that has the name.
//
//	HANDLE CreateWaitableTimerW(LPSECURITY_ATTRIBUTES lpTimerAttributes, BOOL bManualReset,
//	                            LPCWSTR lpTimerName)
//
// It is an event that sets itself: a wait for its handle ends once it is due. A timer with
// manualReset stays due until [SetWaitableTimer]; any other is reset by the first wait that it
// ends. A new timer is neither set nor due. A nil name creates an unnamed timer.
//
// Errors are those of [CreateMutex], ERROR_ALREADY_EXISTS with a valid handle among them.
// The call does not block and may be made from any thread.
//
// Since Windows 2000. See "CreateWaitableTimerW function (synchapi.h)".
func CreateWaitableTimer(sa *SecurityAttributes, manualReset bool, name *uint16) (Handle, error) {
	addr, err := procCreateWaitableTimerW.find()
	if err != nil {
		return 0, err
	}
	return created(syscall.SyscallN(addr, uintptr(unsafe.Pointer(sa)), flag(manualReset), uintptr(unsafe.Pointer(name))))
}

// CreateWaitableTimerEx is [CreateWaitableTimer] with flags, 0 or a sum of the constants
// above, and the access rights that the handle is to have.
//
//	HANDLE CreateWaitableTimerExW(LPSECURITY_ATTRIBUTES lpTimerAttributes, LPCWSTR lpTimerName,
//	                              DWORD dwFlags, DWORD dwDesiredAccess)
//
// CREATE_WAITABLE_TIMER_HIGH_RESOLUTION makes a timer that does not wait for a tick of the
// system's clock, and is exact to about half a millisecond. Versions of Windows 10 before 1803
// refuse it with ERROR_INVALID_PARAMETER.
//
// Since Windows Vista. See "CreateWaitableTimerExW function (synchapi.h)".
func CreateWaitableTimerEx(sa *SecurityAttributes, name *uint16, flags, access uint32) (Handle, error) {
	addr, err := procCreateWaitableTimerExW.find()
	if err != nil {
		return 0, err
	}
	return created(syscall.SyscallN(addr, uintptr(unsafe.Pointer(sa)), uintptr(unsafe.Pointer(name)), uintptr(flags), uintptr(access)))
}

// OpenWaitableTimer opens the timer that has the name.
//
//	HANDLE OpenWaitableTimerW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpTimerName)
//
// Otherwise it is [OpenMutex].
//
// Since Windows 2000. See "OpenWaitableTimerW function (synchapi.h)".
func OpenWaitableTimer(access uint32, inherit bool, name *uint16) (Handle, error) {
	addr, err := procOpenWaitableTimerW.find()
	if err != nil {
		return 0, err
	}
	return opened(syscall.SyscallN(addr, uintptr(access), flag(inherit), uintptr(unsafe.Pointer(name))))
}

// SetWaitableTimer sets when a timer is due. It replaces a due time that was set before, and a
// timer that was due no longer is.
//
//	BOOL SetWaitableTimer(HANDLE hTimer, const LARGE_INTEGER *lpDueTime, LONG lPeriod,
//	                      PTIMERAPCROUTINE pfnCompletionRoutine, LPVOID lpArgToCompletionRoutine,
//	                      BOOL fResume)
//
// due counts units of 100 ns: a negative one is a duration from now, as [Ticks] makes it; any
// other is a point in time since the year 1601 in UTC. After that the timer is due again each
// period milliseconds, or once if period is 0. A completion routine other than 0, made with
// [syscall.NewCallback], is called with arg on the calling thread, when the thread is in an
// alertable wait: lock the goroutine to it. resume wakes a sleeping machine.
//
// Errors are of type [syscall.Errno]: ERROR_INVALID_HANDLE for a handle that is not a timer's,
// ERROR_INVALID_PARAMETER for a negative period, ERROR_ACCESS_DENIED for a handle without
// TIMER_MODIFY_STATE. If the machine cannot be woken, the error is nil all the same. The call
// does not block and, without a completion routine, may be made from any thread.
//
// Since Windows 2000. See "SetWaitableTimer function (synchapi.h)".
func SetWaitableTimer(h Handle, due int64, period int32, completion, arg uintptr, resume bool) error {
	addr, err := procSetWaitableTimer.find()
	if err != nil {
		return err
	}
	return succeeded(syscall.SyscallN(addr, uintptr(h), uintptr(unsafe.Pointer(&due)), uintptr(period), completion, arg, flag(resume)))
}

// Version and flags of a ReasonContext.
const (
	POWER_REQUEST_CONTEXT_VERSION       = 0
	POWER_REQUEST_CONTEXT_SIMPLE_STRING = 0x1 // the reason is SimpleReasonString
)

// A ReasonContext is the reason for which a timer wakes the machine: REASON_CONTEXT, with a text of its own.
// Its other form, which names a text in a library's resources, is not bound.
type ReasonContext struct {
	_                  structs.HostLayout
	Version            uint32 // POWER_REQUEST_CONTEXT_VERSION
	Flags              uint32 // POWER_REQUEST_CONTEXT_SIMPLE_STRING
	SimpleReasonString *uint16
	_                  [2]uint32
	_                  uintptr
}

// SetWaitableTimerEx is [SetWaitableTimer] with a delay by which the timer may be late, so that the system can
// combine it with others and the processor sleeps longer.
//
//	BOOL SetWaitableTimerEx(HANDLE hTimer, const LARGE_INTEGER *lpDueTime, LONG lPeriod,
//	                        PTIMERAPCROUTINE pfnCompletionRoutine, LPVOID lpArgToCompletionRoutine,
//	                        PREASON_CONTEXT WakeContext, ULONG TolerableDelay)
//
// delay is in milliseconds. 0 asks for the due time itself, for a thread that must not be late. A wakeContext
// other than nil wakes a sleeping machine; powercfg shows its text. Otherwise, including the completion routine
// and the errors, it is SetWaitableTimer.
//
// Since Windows 7. See "SetWaitableTimerEx function (synchapi.h)".
func SetWaitableTimerEx(h Handle, due int64, period int32, completion, arg uintptr, wakeContext *ReasonContext, delay uint32) error {
	addr, err := procSetWaitableTimerEx.find()
	if err != nil {
		return err
	}
	return succeeded(syscall.SyscallN(addr, uintptr(h), uintptr(unsafe.Pointer(&due)), uintptr(period), completion, arg,
		uintptr(unsafe.Pointer(wakeContext)), uintptr(delay)))
}

// CancelWaitableTimer cancels a timer. One that is due stays due.
//
//	BOOL CancelWaitableTimer(HANDLE hTimer)
//
// Errors are those of [SetWaitableTimer]. The call does not block and may be made from any
// thread.
//
// Since Windows 2000. See "CancelWaitableTimer function (synchapi.h)".
func CancelWaitableTimer(h Handle) error { return procCancelWaitableTimer.onHandle(h) }
