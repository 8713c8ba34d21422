// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"syscall"
	"unsafe"
)

// The thread pool of the process waits for any number of handles, and calls a function when one of them is
// signaled. It is the way to wait for more than MAXIMUM_WAIT_OBJECTS handles. There are two forms of it:
// RegisterWaitForSingleObject, the older one, which goes on waiting after each call, and CreateThreadpoolWait,
// whose wait ends with the first call and must then be set again.
//
// In Go the function comes from syscall.NewCallback: see the package documentation. It runs on a thread of the pool,
// as a goroutine of its own that is locked to the thread, and Go returns the thread when the function returns. It
// should be short: set an event, count, or send on a channel that has room.

// Flags of RegisterWaitForSingleObject.
const (
	WT_EXECUTEDEFAULT            = 0x0   // on a thread of the pool
	WT_EXECUTEINWAITTHREAD       = 0x4   // on the thread that waits: it must be very short
	WT_EXECUTEONLYONCE           = 0x8   // the wait is over after the first call
	WT_EXECUTELONGFUNCTION       = 0x10  // the function may take long
	WT_EXECUTEINPERSISTENTTHREAD = 0x80  // on a thread that does not end
	WT_TRANSFER_IMPERSONATION    = 0x100 // with the access token of the caller
)

// INVALID_HANDLE_VALUE is not a valid handle. For UnregisterWaitEx it means "wait until the calls have returned".
const INVALID_HANDLE_VALUE = ^Handle(0)

// A ThreadpoolWait is PTP_WAIT: a wait of the thread pool, which the system keeps in memory of its own. 0 means none.
type ThreadpoolWait uintptr

var (
	procRegisterWaitForSingleObject    = proc{dll: kernel32, name: "RegisterWaitForSingleObject"}
	procUnregisterWaitEx               = proc{dll: kernel32, name: "UnregisterWaitEx"}
	procCreateThreadpoolWait           = proc{dll: kernel32, name: "CreateThreadpoolWait"}
	procSetThreadpoolWait              = proc{dll: kernel32, name: "SetThreadpoolWait"}
	procSetThreadpoolWaitEx            = proc{dll: kernel32, name: "SetThreadpoolWaitEx"}
	procWaitForThreadpoolWaitCallbacks = proc{dll: kernel32, name: "WaitForThreadpoolWaitCallbacks"}
	procCloseThreadpoolWait            = proc{dll: kernel32, name: "CloseThreadpoolWait"}
)

// RegisterWaitForSingleObject makes the thread pool wait for an object. The pool calls a function whenever the
// object is signaled or the timeout has expired.
//
//	BOOL RegisterWaitForSingleObject(PHANDLE phNewWaitObject, HANDLE hObject, WAITORTIMERCALLBACK Callback,
//	                                 PVOID Context, ULONG dwMilliseconds, ULONG dwFlags)
//
// callback is made with [syscall.NewCallback] of a func(context uintptr, timedOut bool) uintptr. It runs on a
// thread of the pool, and should be short: set an event, count, or send on a channel that has room. timedOut is
// true if the timeout has expired. ms is the timeout in milliseconds, which starts again after each call; INFINITE
// means no limit. The wait affects the object as its kind defines. Register an object that stays signaled, such as an
// event with manual reset, with WT_EXECUTEONLYONCE, or the function is called without end. Do not wait for a mutex in
// this way: it would belong to a thread of the pool.
//
// End the result with [UnregisterWaitEx], also with WT_EXECUTEONLYONCE; it is not a handle for any other function.
// The object's handle must stay open until then, and must be one that can be waited for. Errors are of type
// [syscall.Errno]; Microsoft names none. The call does not block and may be made from any thread. The function may
// be called before it returns.
//
// Since Windows XP. See "RegisterWaitForSingleObject function (winbase.h)".
func RegisterWaitForSingleObject(h Handle, callback, context uintptr, ms, flags uint32) (wait Handle, err error) {
	addr, err := procRegisterWaitForSingleObject.find()
	if err != nil {
		return 0, err
	}
	err = succeeded(syscall.SyscallN(addr, uintptr(unsafe.Pointer(&wait)), uintptr(h), callback, context, uintptr(ms), uintptr(flags)))
	return wait, err
}

// UnregisterWaitEx ends a wait of [RegisterWaitForSingleObject]. No call of the function begins after it.
//
//	BOOL UnregisterWaitEx(HANDLE WaitHandle, HANDLE CompletionEvent)
//
// With INVALID_HANDLE_VALUE as completion it blocks until the calls that have begun have returned; the function
// itself must not do that. With an event it does not block, and sets the event when they have returned. With 0 it
// does neither.
//
// Errors are of type [syscall.Errno]: ERROR_IO_PENDING may be returned if completion is not INVALID_HANDLE_VALUE and
// calls have begun that have not returned: the wait is ended all the same, and an event will be set. It must be
// called once for each wait, from any thread.
//
// Since Windows XP. See "UnregisterWaitEx function (threadpoollegacyapiset.h)".
func UnregisterWaitEx(wait, completion Handle) error {
	addr, err := procUnregisterWaitEx.find()
	if err != nil {
		return err
	}
	return succeeded(syscall.SyscallN(addr, uintptr(wait), uintptr(completion)))
}

// CreateThreadpoolWait creates a wait of the thread pool that does not wait for an object yet.
//
//	PTP_WAIT CreateThreadpoolWait(PTP_WAIT_CALLBACK pfnwa, PVOID pv, PTP_CALLBACK_ENVIRON pcbe)
//
// callback is made with [syscall.NewCallback] of a func(instance, context, wait uintptr, result WaitResult)
// uintptr. It runs as that of [RegisterWaitForSingleObject] does. result is WAIT_OBJECT_0, or WAIT_TIMEOUT if the
// timeout has expired. environment is nil or points to a TP_CALLBACK_ENVIRON, which can select another pool than that
// of the process.
//
// Close the wait with [CloseThreadpoolWait]. The error is of type [syscall.Errno]; Microsoft names none, and only a
// lack of memory is a reason. The call does not block and may be made from any thread.
//
// Since Windows Vista. See "CreateThreadpoolWait function (threadpoolapiset.h)".
func CreateThreadpoolWait(callback, context uintptr, environment unsafe.Pointer) (ThreadpoolWait, error) {
	addr, err := procCreateThreadpoolWait.find()
	if err != nil {
		return 0, err
	}
	r, _, errno := syscall.SyscallN(addr, callback, context, uintptr(environment))
	if r == 0 {
		return 0, errnoError(errno)
	}
	return ThreadpoolWait(r), nil
}

// SetThreadpoolWait makes a wait wait for an object, once, instead of the one before.
//
//	VOID SetThreadpoolWait(PTP_WAIT pwa, HANDLE h, PFILETIME pftTimeout)
//
// The function of the wait is called once, when the object is signaled or the timeout has expired; to wait again,
// set it again. With a handle of 0 it waits for nothing. timeout counts units of 100 ns: a negative one is a duration,
// as [Ticks] makes it; a positive one is a point in time since the year 1601 in UTC; 0 does not wait; nil means no
// limit. The object's handle must stay open while the wait is set.
//
// Any other number must be a handle that can be waited for. The call fails only if the function is missing. It does
// not block and may be made from any thread, and by the function too.
//
// Since Windows Vista. See "SetThreadpoolWait function (threadpoolapiset.h)".
func SetThreadpoolWait(wait ThreadpoolWait, h Handle, timeout *int64) error {
	addr, err := procSetThreadpoolWait.find()
	if err != nil {
		return err
	}
	syscall.SyscallN(addr, uintptr(wait), uintptr(h), uintptr(unsafe.Pointer(timeout)))
	return nil
}

// SetThreadpoolWaitEx is [SetThreadpoolWait], but reports whether the wait was set before, its function was not called
// for that, and never will be. If it reports false, a call may be on its way.
//
//	BOOL SetThreadpoolWaitEx(PTP_WAIT pwa, HANDLE h, PFILETIME pftTimeout, PVOID Reserved)
//
// Since Windows 8. See "SetThreadpoolWaitEx function (threadpoolapiset.h)".
func SetThreadpoolWaitEx(wait ThreadpoolWait, h Handle, timeout *int64) (canceled bool, err error) {
	addr, err := procSetThreadpoolWaitEx.find()
	if err != nil {
		return false, err
	}
	r, _, _ := syscall.SyscallN(addr, uintptr(wait), uintptr(h), uintptr(unsafe.Pointer(timeout)), 0)
	return uint32(r) != 0, nil
}

// WaitForThreadpoolWaitCallbacks waits until the calls of a wait's function have returned. With cancelPending, calls
// that have not begun are canceled.
//
//	VOID WaitForThreadpoolWaitCallbacks(PTP_WAIT pwa, BOOL fCancelPendingCallbacks)
//
// It does not end a wait that is set: [SetThreadpoolWait] with the handle 0 does. It blocks its thread, which must
// not be the one that runs the function. It fails only if the function is missing.
//
// Since Windows Vista. See "WaitForThreadpoolWaitCallbacks function (threadpoolapiset.h)".
func WaitForThreadpoolWaitCallbacks(wait ThreadpoolWait, cancelPending bool) error {
	addr, err := procWaitForThreadpoolWaitCallbacks.find()
	if err != nil {
		return err
	}
	syscall.SyscallN(addr, uintptr(wait), flag(cancelPending))
	return nil
}

// CloseThreadpoolWait closes a wait. The wait is freed when the calls of its function have returned.
//
//	VOID CloseThreadpoolWait(PTP_WAIT pwa)
//
// Calls may still begin after it, unless the wait was set to wait for nothing and [WaitForThreadpoolWaitCallbacks]
// has returned. The call does not block, may be made from any thread, and fails only if the function is missing.
//
// Since Windows Vista. See "CloseThreadpoolWait function (threadpoolapiset.h)".
func CloseThreadpoolWait(wait ThreadpoolWait) error {
	addr, err := procCloseThreadpoolWait.find()
	if err != nil {
		return err
	}
	syscall.SyscallN(addr, uintptr(wait))
	return nil
}
