// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"structs"
	"syscall"
	"unsafe"
)

// Classes of information about a thread: THREAD_INFORMATION_CLASS.
const (
	ThreadMemoryPriority  = 0 // a MemoryPriorityInformation
	ThreadPowerThrottling = 3 // a ThreadPowerThrottlingState; since Windows 10, version 1709
)

// A MemoryPriorityInformation specifies how early the pages that a thread brings into memory are evicted:
// MEMORY_PRIORITY_INFORMATION.
type MemoryPriorityInformation struct {
	_              structs.HostLayout
	MemoryPriority uint32
}

// Memory priorities, in their order.
const (
	MEMORY_PRIORITY_VERY_LOW     = 1
	MEMORY_PRIORITY_LOW          = 2
	MEMORY_PRIORITY_MEDIUM       = 3
	MEMORY_PRIORITY_BELOW_NORMAL = 4
	MEMORY_PRIORITY_NORMAL       = 5 // of a new thread
)

// A ThreadPowerThrottlingState specifies whether the system may slow a thread down to save power:
// THREAD_POWER_THROTTLING_STATE.
//
//	ControlMask      StateMask
//	EXECUTION_SPEED  EXECUTION_SPEED  EcoQoS: the thread runs on efficient cores, at low frequencies
//	EXECUTION_SPEED  0                HighQoS: it never does so
//	0                0                the system decides
type ThreadPowerThrottlingState struct {
	_           structs.HostLayout
	Version     uint32 // THREAD_POWER_THROTTLING_CURRENT_VERSION
	ControlMask uint32 // what is set
	StateMask   uint32 // what it is set to
}

// Version and flags of a ThreadPowerThrottlingState.
const (
	THREAD_POWER_THROTTLING_CURRENT_VERSION = 1
	THREAD_POWER_THROTTLING_EXECUTION_SPEED = 0x1
)

var (
	procSetThreadInformation = proc{dll: kernel32, name: "SetThreadInformation"}
	procGetThreadInformation = proc{dll: kernel32, name: "GetThreadInformation"}
)

// SetThreadInformation sets a property of a thread: its memory priority, or whether it may run slowly to save
// power (EcoQoS).
//
//	BOOL SetThreadInformation(HANDLE hThread, THREAD_INFORMATION_CLASS ThreadInformationClass,
//	                          LPVOID ThreadInformation, DWORD ThreadInformationSize)
//
// info points to size bytes of the type that class selects: a [MemoryPriorityInformation] or a
// [ThreadPowerThrottlingState]. The thread is [CurrentThread], or one that was opened with THREAD_SET_INFORMATION.
// For CurrentThread, lock the goroutine to its thread, and set the property back before you unlock it.
//
// Errors are of type [syscall.Errno]: ERROR_INVALID_HANDLE for a handle that is not a thread's,
// ERROR_ACCESS_DENIED for one without the right; another class, size, version, mask or priority is an error that
// Microsoft does not name. The call does not block.
//
// Since Windows 8. See "SetThreadInformation function (processthreadsapi.h)".
func SetThreadInformation(thread Handle, class uint32, info unsafe.Pointer, size uint32) error {
	return procSetThreadInformation.information(thread, class, info, size)
}

// GetThreadInformation gets a property of a thread.
//
//	BOOL GetThreadInformation(HANDLE hThread, THREAD_INFORMATION_CLASS ThreadInformationClass,
//	                          LPVOID ThreadInformation, DWORD ThreadInformationSize)
//
// The arguments are those of [SetThreadInformation]. Set the Version of a ThreadPowerThrottlingState before the
// call. The thread is [CurrentThread], or one that was opened with THREAD_QUERY_INFORMATION. Errors are those of
// SetThreadInformation. The call does not block and may be made from any thread.
//
// Since Windows 8. See "GetThreadInformation function (processthreadsapi.h)".
func GetThreadInformation(thread Handle, class uint32, info unsafe.Pointer, size uint32) error {
	return procGetThreadInformation.information(thread, class, info, size)
}

// information calls a function of a handle, a class, and the information that the class selects.
func (p *proc) information(h Handle, class uint32, info unsafe.Pointer, size uint32) error {
	addr, err := p.find()
	if err != nil {
		return err
	}
	return succeeded(syscall.SyscallN(addr, uintptr(h), uintptr(class), uintptr(info), uintptr(size)))
}
