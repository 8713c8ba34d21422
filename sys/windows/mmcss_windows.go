// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The Multimedia Class Scheduler service (MMCSS) raises the priority of threads that register for a task, such as
// "Audio" or "Pro Audio". It leaves a part of each period, 20 % by default, to all other threads, so that a thread
// that computes without end cannot stop the machine. It is Windows' real-time class for audio.

// Priorities of a thread relative to the others of its task, for AvSetMmThreadPriority.
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

// AvSetMmThreadCharacteristics registers the calling thread for a task, from now until
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
// Errors are of type [syscall.Errno]: ERROR_INVALID_TASK_NAME for a task that does not exist,
// ERROR_INVALID_TASK_INDEX for an invalid number, ERROR_PRIVILEGE_NOT_HELD for a caller without the privilege. Other
// errors come from the service, if it is not running.
//
// The call asks a service and may take milliseconds. It applies to the thread: lock the goroutine to it with
// [runtime.LockOSThread] until the revert. It does not speed up a thread whose Go code waits for the scheduler or
// the garbage collector.
//
// Since Windows Vista. See "AvSetMmThreadCharacteristicsW function (avrt.h)".
func AvSetMmThreadCharacteristics(task *uint16, taskIndex *uint32) (Handle, error) {
	addr, err := procAvSetMmThreadCharacteristicsW.find()
	if err != nil {
		return 0, err
	}
	return opened(syscall.SyscallN(addr, uintptr(unsafe.Pointer(task)), uintptr(unsafe.Pointer(taskIndex))))
}

// AvSetMmMaxThreadCharacteristics registers the calling thread for two tasks. The thread gets the characteristics of
// the one with the higher priority.
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

// AvRevertMmThreadCharacteristics ends the effect of [AvSetMmThreadCharacteristics]. The thread has its old priority
// again.
//
//	BOOL AvRevertMmThreadCharacteristics(HANDLE AvrtHandle)
//
// It must be called once, by the thread for which the handle was made. Otherwise it fails, with an error of type
// [syscall.Errno] that Microsoft does not name. It may take milliseconds.
//
// Since Windows Vista. See "AvRevertMmThreadCharacteristics function (avrt.h)".
func AvRevertMmThreadCharacteristics(h Handle) error {
	return procAvRevertMmThreadCharacteristics.onHandle(h)
}

// AvSetMmThreadPriority sets the priority of the calling thread relative to others that work on the same task.
//
//	BOOL AvSetMmThreadPriority(HANDLE AvrtHandle, AVRT_PRIORITY Priority)
//
// The priority is one of the constants above. Errors are of type [syscall.Errno]; Microsoft names none. The thread
// must be the one for which the handle was made. The call may take milliseconds.
//
// Since Windows Vista. See "AvSetMmThreadPriority function (avrt.h)".
func AvSetMmThreadPriority(h Handle, priority int32) error {
	addr, err := procAvSetMmThreadPriority.find()
	if err != nil {
		return err
	}
	return succeeded(syscall.SyscallN(addr, uintptr(h), uintptr(priority)))
}

// AvQuerySystemResponsiveness returns the part of the time, in percent, that is reserved for threads of low priority:
// 10 to 100.
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
