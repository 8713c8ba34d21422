// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import "syscall"

// Flags of QueueUserAPC2.
const (
	QUEUE_USER_APC_FLAGS_NONE             = 0x0
	QUEUE_USER_APC_FLAGS_SPECIAL_USER_APC = 0x1 // wherever the thread is: never for Go code
)

// THREAD_SET_CONTEXT is the right that a handle needs for QueueUserAPC.
const THREAD_SET_CONTEXT = 0x10

var (
	procQueueUserAPC  = proc{dll: kernel32, name: "QueueUserAPC"}
	procQueueUserAPC2 = proc{dll: kernel32, name: "QueueUserAPC2"}
)

// QueueUserAPC queues a function call to a thread: an APC, an asynchronous procedure call. The thread runs it in
// its next alertable wait.
//
//	DWORD QueueUserAPC(PAPCFUNC pfnAPC, HANDLE hThread, ULONG_PTR dwData)
//
// apc is a function of one argument, data. The alertable waits are [SleepEx], [WaitForSingleObjectEx],
// [WaitForMultipleObjectsEx], [SignalObjectAndWait] and [NtWaitForKeyedEvent], with alertable true. Such a wait
// calls all functions that were queued to its thread, in FIFO order, and then ends with WAIT_IO_COMPLETION. The Go
// runtime makes no alertable wait.
//
// In Go, apc comes from [syscall.NewCallback] of a func(data uintptr) uintptr: see the package documentation. The
// function runs on the goroutine that waits, inside its call. It may allocate, and it may block; an alertable wait
// inside it runs the next function.
//
// The thread is [CurrentThread], or one that was opened with THREAD_SET_CONTEXT. Lock its goroutine to it with
// [runtime.LockOSThread] from before the call until after the wait: otherwise the goroutine may wait on another
// thread, and the function runs in an unrelated wait, or never. Calls queued to a thread that ends without a wait
// are lost.
//
// Errors are of type [syscall.Errno]: ERROR_INVALID_HANDLE for a handle that is not a thread's,
// ERROR_ACCESS_DENIED for one without the right, ERROR_GEN_FAILURE for a thread that has ended. The call does not
// block.
//
// Since Windows XP. See "QueueUserAPC function (processthreadsapi.h)".
func QueueUserAPC(apc uintptr, thread Handle, data uintptr) error {
	addr, err := procQueueUserAPC.find()
	if err != nil {
		return err
	}
	return succeeded(syscall.SyscallN(addr, apc, uintptr(thread), data))
}

// QueueUserAPC2 is [QueueUserAPC] with flags.
//
//	BOOL QueueUserAPC2(PAPCFUNC ApcRoutine, HANDLE Thread, ULONG_PTR Data, QUEUE_USER_APC_FLAGS Flags)
//
// With QUEUE_USER_APC_FLAGS_SPECIAL_USER_APC the system interrupts the thread wherever it is and calls the
// function there. That may be in the middle of the Go runtime's own work, where no Go code can run: a function
// made with [syscall.NewCallback] then ends the program. Queue only code in another language that touches nothing
// of Go's. The thread must not be one that may be running Go code, unless the function can run at every instruction.
//
// Other flags return an error that Microsoft does not name. 32-bit programs on a 64-bit system have no special
// APCs.
//
// Since Windows 11, and Windows Server 2022. See "QueueUserAPC2 function (processthreadsapi.h)".
func QueueUserAPC2(apc uintptr, thread Handle, data uintptr, flags uint32) error {
	addr, err := procQueueUserAPC2.find()
	if err != nil {
		return err
	}
	return succeeded(syscall.SyscallN(addr, apc, uintptr(thread), data, uintptr(flags)))
}
