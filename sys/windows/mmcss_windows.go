// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The Multimedia Class Scheduler service (MMCSS) raises the priority of threads that say which task they work on,
// such as "Audio" or "Pro Audio", and leaves some time to all others: a part of each period, 20 % by default, in
// which a thread that computes without end cannot stop the machine. It is Windows' real-time class for audio.

// Priorities of a thread among those of its task, for AvSetMmThreadPriority.
const (
	AVRT_PRIORITY_VERYLOW  = -2
	AVRT_PRIORITY_LOW      = -1
	AVRT_PRIORITY_NORMAL   = 0
	AVRT_PRIORITY_HIGH     = 1
	AVRT_PRIORITY_CRITICAL = 2
)

var (
	avrt = windows.NewLazySystemDLL("avrt.dll")

	procAvSetMmThreadCharacteristicsW    = proc{dll: avrt, name: "AvSetMmThreadCharacteristicsW"}
	procAvSetMmMaxThreadCharacteristicsW = proc{dll: avrt, name: "AvSetMmMaxThreadCharacteristicsW"}
	procAvRevertMmThreadCharacteristics  = proc{dll: avrt, name: "AvRevertMmThreadCharacteristics"}
	procAvSetMmThreadPriority            = proc{dll: avrt, name: "AvSetMmThreadPriority"}
	procAvQuerySystemResponsiveness      = proc{dll: avrt, name: "AvQuerySystemResponsiveness"}
)

// AvSetMmThreadCharacteristics says that the calling thread works on a task, from now until
// [AvRevertMmThreadCharacteristics].
//
//	HANDLE AvSetMmThreadCharacteristicsW(LPCWSTR TaskName, LPDWORD TaskIndex)
//
// The tasks are the keys below HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows
// NT\CurrentVersion\Multimedia\SystemProfile\Tasks. Windows has Audio, Capture, Distribution, Games, Playback, Pro
// Audio and Window Manager; Pro Audio has the highest priority, 23 to 26. *taskIndex is 0 for the first thread of
// a task and is set to the number of the task, which the other threads of that task pass. The handle is not one
// for [CloseHandle].
//
// Errors are of type [syscall.Errno]: ERROR_INVALID_TASK_NAME for a task that is not there,
// ERROR_INVALID_TASK_INDEX for a number that is none, ERROR_PRIVILEGE_NOT_HELD for a caller who may not. Others
// come from the service, if it does not run.
//
// The call asks a service and may take milliseconds. What it does is the thread's: the goroutine is locked to it
// with [runtime.LockOSThread] until the revert. It does not make a thread faster whose Go code waits for the
// scheduler or the garbage collector.
//
// Since Windows Vista. See "AvSetMmThreadCharacteristicsW function (avrt.h)".
func AvSetMmThreadCharacteristics(task *uint16, taskIndex *uint32) (Handle, error) {
	addr, err := procAvSetMmThreadCharacteristicsW.find()
	if err != nil {
		return 0, err
	}
	return opened(syscall.SyscallN(addr, uintptr(unsafe.Pointer(task)), uintptr(unsafe.Pointer(taskIndex))))
}

// AvSetMmMaxThreadCharacteristics says that the calling thread works on two tasks. It gets what the one with the
// higher priority has.
//
//	HANDLE AvSetMmMaxThreadCharacteristicsW(LPCWSTR FirstTask, LPCWSTR SecondTask, LPDWORD TaskIndex)
//
// Otherwise it is [AvSetMmThreadCharacteristics].
//
// Since Windows Vista. See "AvSetMmMaxThreadCharacteristicsW function (avrt.h)".
func AvSetMmMaxThreadCharacteristics(first, second *uint16, taskIndex *uint32) (Handle, error) {
	addr, err := procAvSetMmMaxThreadCharacteristicsW.find()
	if err != nil {
		return 0, err
	}
	return opened(syscall.SyscallN(addr, uintptr(unsafe.Pointer(first)), uintptr(unsafe.Pointer(second)), uintptr(unsafe.Pointer(taskIndex))))
}

// AvRevertMmThreadCharacteristics ends what [AvSetMmThreadCharacteristics] began. The thread has its old priority
// again.
//
//	BOOL AvRevertMmThreadCharacteristics(HANDLE AvrtHandle)
//
// It is called by the thread that the handle was made by, once. Otherwise it fails, with an error of type
// [syscall.Errno] that Microsoft does not name. It may take milliseconds.
//
// Since Windows Vista. See "AvRevertMmThreadCharacteristics function (avrt.h)".
func AvRevertMmThreadCharacteristics(h Handle) error {
	return procAvRevertMmThreadCharacteristics.onHandle(h)
}

// AvSetMmThreadPriority sets the priority of the calling thread among those that work on the same task.
//
//	BOOL AvSetMmThreadPriority(HANDLE AvrtHandle, AVRT_PRIORITY Priority)
//
// The priority is one of the constants above. Errors are of type [syscall.Errno]; Microsoft names none. The thread
// is the one that the handle was made by. The call may take milliseconds.
//
// Since Windows Vista. See "AvSetMmThreadPriority function (avrt.h)".
func AvSetMmThreadPriority(h Handle, priority int32) error {
	addr, err := procAvSetMmThreadPriority.find()
	if err != nil {
		return err
	}
	return succeeded(syscall.SyscallN(addr, uintptr(h), uintptr(priority)))
}

// AvQuerySystemResponsiveness returns which part of the time, in percent, is kept for threads of low priority: 10
// to 100.
//
//	BOOL AvQuerySystemResponsiveness(HANDLE AvrtHandle, PULONG SystemResponsivenessValue)
//
// Errors are of type [syscall.Errno]; Microsoft names none. The call does not block.
//
// Since Windows Vista. See "AvQuerySystemResponsiveness function (avrt.h)".
func AvQuerySystemResponsiveness(h Handle) (uint32, error) {
	addr, err := procAvQuerySystemResponsiveness.find()
	if err != nil {
		return 0, err
	}
	var percent uint32
	err = succeeded(syscall.SyscallN(addr, uintptr(h), uintptr(unsafe.Pointer(&percent))))
	return percent, err
}
