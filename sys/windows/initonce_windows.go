// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"structs"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// An InitOnce is INIT_ONCE, a one-time initialization: one pointer, private to the process.
//
// The zero value has not begun. It must not be copied after first use. It holds a context, a
// number of the caller's whose lowest INIT_ONCE_CTX_RESERVED_BITS bits are 0. The context must
// not be a Go pointer, since the garbage collector does not see it.
type InitOnce struct {
	_    structs.HostLayout
	word atomic.Uintptr // only the system reads it; atomic so that go vet reports copies
}

// Flags of InitOnceBeginInitialize and InitOnceComplete.
const (
	INIT_ONCE_CHECK_ONLY  = 0x1 // Begin: only check
	INIT_ONCE_ASYNC       = 0x2 // Begin and Complete: several may try, the first to complete wins
	INIT_ONCE_INIT_FAILED = 0x4 // Complete: it failed, another may try

	INIT_ONCE_CTX_RESERVED_BITS = 2
)

var (
	procInitOnceInitialize      = proc{dll: kernel32, name: "InitOnceInitialize"}
	procInitOnceBeginInitialize = proc{dll: kernel32, name: "InitOnceBeginInitialize"}
	procInitOnceComplete        = proc{dll: kernel32, name: "InitOnceComplete"}
	procInitOnceExecuteOnce     = proc{dll: kernel32, name: "InitOnceExecuteOnce"}
)

// InitOnceInitialize resets *once to the zero value, which has not begun.
//
//	VOID InitOnceInitialize(PINIT_ONCE InitOnce)
//
// No thread may be using once. The call does not block, may be made from any thread, and fails only
// if the function is missing.
//
// Since Windows Vista. See "InitOnceInitialize function (synchapi.h)".
func InitOnceInitialize(once *InitOnce) error {
	return procInitOnceInitialize.void(unsafe.Pointer(once))
}

// InitOnceBeginInitialize begins an initialization, or finds that it is done.
//
//	BOOL InitOnceBeginInitialize(LPINIT_ONCE lpInitOnce, DWORD dwFlags, PBOOL fPending,
//	                             LPVOID *lpContext)
//
// If pending is true, the caller does the work and ends with [InitOnceComplete]. If it is
// false, the work is done, and context is the one passed to that call. In the synchronous
// protocol, flags 0, one caller at a time has it pending, and the others block until it is
// complete. In the asynchronous one, INIT_ONCE_ASYNC, no thread blocks: several may do the work,
// and all but the first to complete discard theirs. INIT_ONCE_CHECK_ONLY only checks.
//
// Errors are of type [syscall.Errno]: ERROR_GEN_FAILURE for a check of work that is not done,
// ERROR_INVALID_PARAMETER for flags that do not fit together, or for the other protocol than
// the one begun.
//
// The synchronous protocol blocks the thread. The call, and the completion, may be made from any thread.
//
// Since Windows Vista. See "InitOnceBeginInitialize function (synchapi.h)".
func InitOnceBeginInitialize(once *InitOnce, flags uint32) (pending bool, context uintptr, err error) {
	addr, err := procInitOnceBeginInitialize.find()
	if err != nil {
		return false, 0, err
	}
	var more int32
	err = succeeded(syscall.SyscallN(addr, uintptr(unsafe.Pointer(once)), uintptr(flags),
		uintptr(unsafe.Pointer(&more)), uintptr(unsafe.Pointer(&context))))
	return more != 0, context, err
}

// InitOnceComplete ends an initialization that [InitOnceBeginInitialize] reported as pending.
//
//	BOOL InitOnceComplete(LPINIT_ONCE lpInitOnce, DWORD dwFlags, LPVOID lpContext)
//
// The flags are those of the protocol, 0 or INIT_ONCE_ASYNC. INIT_ONCE_INIT_FAILED instead
// means that the work failed, and the next caller finds it pending again; context is then 0.
// The asynchronous protocol does not have this flag: a caller that fails just does not complete.
//
// Errors are of type [syscall.Errno]: ERROR_GEN_FAILURE if it was not pending or, in the
// asynchronous protocol, another caller completed it first; ERROR_INVALID_PARAMETER for flags
// that do not fit, or a context whose lowest two bits are not 0.
//
// The call does not block, and may be made from any thread.
//
// Since Windows Vista. See "InitOnceComplete function (synchapi.h)".
func InitOnceComplete(once *InitOnce, flags uint32, context uintptr) error {
	addr, err := procInitOnceComplete.find()
	if err != nil {
		return err
	}
	return succeeded(syscall.SyscallN(addr, uintptr(unsafe.Pointer(once)), uintptr(flags), context))
}

// InitOnceExecuteOnce calls a function if no call of it has succeeded yet.
//
//	BOOL InitOnceExecuteOnce(PINIT_ONCE InitOnce, PINIT_ONCE_FN InitFn, PVOID Parameter,
//	                         LPVOID *Context)
//
// initFn is a func(once *InitOnce, parameter uintptr, context *uintptr) uintptr, converted by
// [syscall.NewCallback], which a program can use a limited number of times. It returns 1 for
// success and 0 for failure. InitOnceBeginInitialize and InitOnceComplete need no callback. The
// result is the context that initFn has stored.
//
// If initFn returns 0, so does the system. The error is then of type [syscall.Errno]: the last
// error that initFn has set. Go code sets none, so the error is EINVAL.
//
// The call blocks its thread while another one runs initFn. It may be made from any thread.
//
// Since Windows Vista. See "InitOnceExecuteOnce function (synchapi.h)".
func InitOnceExecuteOnce(once *InitOnce, initFn, parameter uintptr) (context uintptr, err error) {
	addr, err := procInitOnceExecuteOnce.find()
	if err != nil {
		return 0, err
	}
	// Go code runs during the call, on this goroutine, whose stack may then move. So everything that
	// the system points to is on the heap: no other function here allocates.
	result := new(uintptr)
	err = succeeded(pinned(addr, uintptr(unsafe.Pointer(once)), initFn, parameter, uintptr(unsafe.Pointer(result))))
	return *result, err
}
