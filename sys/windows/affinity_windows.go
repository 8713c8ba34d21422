// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"structs"
	"syscall"
	"unsafe"
)

// A GroupAffinity is GROUP_AFFINITY: a set of processors of one group. A machine with more
// than 64 logical processors has several groups of up to 64.
type GroupAffinity struct {
	_        structs.HostLayout
	Mask     uintptr // bit i is processor i of the group
	Group    uint16
	reserved [3]uint16
}

// A ProcessorNumber is PROCESSOR_NUMBER: a logical processor, by its group and its number in it.
type ProcessorNumber struct {
	_        structs.HostLayout
	Group    uint16
	Number   uint8
	reserved uint8
}

// ALL_PROCESSOR_GROUPS means all groups, where a function takes a group.
const ALL_PROCESSOR_GROUPS = 0xFFFF

var (
	procGetActiveProcessorGroupCount  = proc{dll: kernel32, name: "GetActiveProcessorGroupCount"}
	procGetMaximumProcessorGroupCount = proc{dll: kernel32, name: "GetMaximumProcessorGroupCount"}
	procGetActiveProcessorCount       = proc{dll: kernel32, name: "GetActiveProcessorCount"}
	procGetMaximumProcessorCount      = proc{dll: kernel32, name: "GetMaximumProcessorCount"}

	procSetThreadAffinityMask       = proc{dll: kernel32, name: "SetThreadAffinityMask"}
	procSetThreadGroupAffinity      = proc{dll: kernel32, name: "SetThreadGroupAffinity"}
	procGetThreadGroupAffinity      = proc{dll: kernel32, name: "GetThreadGroupAffinity"}
	procGetCurrentProcessorNumber   = proc{dll: kernel32, name: "GetCurrentProcessorNumber"}
	procGetCurrentProcessorNumberEx = proc{dll: kernel32, name: "GetCurrentProcessorNumberEx"}
)

// SetThreadAffinityMask sets the processors of its group on which a thread may run, and
// returns the mask that was set before.
//
//	DWORD_PTR SetThreadAffinityMask(HANDLE hThread, DWORD_PTR dwThreadAffinityMask)
//
// Bit i of mask is processor i. The thread is [CurrentThread], or one that was opened with
// THREAD_SET_INFORMATION and THREAD_QUERY_INFORMATION. For CurrentThread, lock the goroutine
// to its thread, and set the mask back before you unlock it.
//
// Errors are of type [syscall.Errno]: ERROR_INVALID_PARAMETER for a mask with no processor or
// one that the process does not have, ERROR_INVALID_HANDLE for a handle that is not a
// thread's, ERROR_ACCESS_DENIED for one without the rights. The call does not block.
//
// Since Windows XP. See "SetThreadAffinityMask function (winbase.h)".
func SetThreadAffinityMask(thread Handle, mask uintptr) (previous uintptr, err error) {
	addr, err := procSetThreadAffinityMask.find()
	if err != nil {
		return 0, err
	}
	r, _, errno := syscall.SyscallN(addr, uintptr(thread), mask)
	if r == 0 {
		return 0, errnoError(errno)
	}
	return r, nil
}

// SetThreadGroupAffinity sets the group, and its processors, on which a thread may run, and
// returns those that were set before.
//
//	BOOL SetThreadGroupAffinity(HANDLE hThread, const GROUP_AFFINITY *GroupAffinity,
//	                            PGROUP_AFFINITY PreviousGroupAffinity)
//
// Otherwise it is [SetThreadAffinityMask].
//
// Since Windows 7. See "SetThreadGroupAffinity function (processtopologyapi.h)".
func SetThreadGroupAffinity(thread Handle, affinity *GroupAffinity) (previous GroupAffinity, err error) {
	addr, err := procSetThreadGroupAffinity.find()
	if err != nil {
		return GroupAffinity{}, err
	}
	err = succeeded(syscall.SyscallN(addr, uintptr(thread), uintptr(unsafe.Pointer(affinity)), uintptr(unsafe.Pointer(&previous))))
	return previous, err
}

// GetThreadGroupAffinity returns the group, and its processors, on which a thread may run.
//
//	BOOL GetThreadGroupAffinity(HANDLE hThread, PGROUP_AFFINITY GroupAffinity)
//
// The thread is [CurrentThread], or one that was opened with THREAD_QUERY_INFORMATION. Errors
// are of type [syscall.Errno]: ERROR_INVALID_HANDLE for a handle that is not a thread's,
// ERROR_ACCESS_DENIED for one without the right. The call does not block and may be made from
// any thread.
//
// Since Windows 7. See "GetThreadGroupAffinity function (processtopologyapi.h)".
func GetThreadGroupAffinity(thread Handle) (affinity GroupAffinity, err error) {
	addr, err := procGetThreadGroupAffinity.find()
	if err != nil {
		return GroupAffinity{}, err
	}
	err = succeeded(syscall.SyscallN(addr, uintptr(thread), uintptr(unsafe.Pointer(&affinity))))
	return affinity, err
}

// GetCurrentProcessorNumber returns the number, within its group, of the processor that the
// thread runs on.
//
//	DWORD GetCurrentProcessorNumber()
//
// The thread may have moved by the time the caller uses the result. The call does not block
// and may be made from any thread. It fails only if the function is missing.
//
// Since Windows Vista. See "GetCurrentProcessorNumber function (processthreadsapi.h)".
func GetCurrentProcessorNumber() (uint32, error) {
	addr, err := procGetCurrentProcessorNumber.find()
	if err != nil {
		return 0, err
	}
	n, _, _ := syscall.SyscallN(addr)
	return uint32(n), nil
}

// GetCurrentProcessorNumberEx returns the processor that the thread runs on.
//
//	VOID GetCurrentProcessorNumberEx(PPROCESSOR_NUMBER ProcNumber)
//
// Otherwise it is [GetCurrentProcessorNumber].
//
// Since Windows 7. See "GetCurrentProcessorNumberEx function (processthreadsapi.h)".
func GetCurrentProcessorNumberEx() (ProcessorNumber, error) {
	var n ProcessorNumber
	err := procGetCurrentProcessorNumberEx.void(unsafe.Pointer(&n))
	return n, err
}

// GetActiveProcessorGroupCount returns the number of processor groups, which are numbered from 0.
//
//	WORD GetActiveProcessorGroupCount()
//
// The call does not block, may be made from any thread, and fails only if the function is missing.
//
// Since Windows 7. See "GetActiveProcessorGroupCount function (winbase.h)".
func GetActiveProcessorGroupCount() (uint16, error) {
	return procGetActiveProcessorGroupCount.word()
}

// GetMaximumProcessorGroupCount returns the number of processor groups that the machine can have. It counts
// those that are empty until processors are added.
//
//	WORD GetMaximumProcessorGroupCount()
//
// Otherwise it is [GetActiveProcessorGroupCount].
//
// Since Windows 7. See "GetMaximumProcessorGroupCount function (winbase.h)".
func GetMaximumProcessorGroupCount() (uint16, error) {
	return procGetMaximumProcessorGroupCount.word()
}

// GetActiveProcessorCount returns the number of logical processors in a group, or in all groups
// for ALL_PROCESSOR_GROUPS.
//
//	DWORD GetActiveProcessorCount(WORD GroupNumber)
//
// A group that does not exist is an error of type [syscall.Errno] that Microsoft does not name. The call
// does not block and may be made from any thread.
//
// Since Windows 7. See "GetActiveProcessorCount function (winbase.h)".
func GetActiveProcessorCount(group uint16) (uint32, error) {
	return procGetActiveProcessorCount.countOf(group)
}

// GetMaximumProcessorCount returns the number of logical processors that a group can have, or that all
// groups can have for ALL_PROCESSOR_GROUPS.
//
//	DWORD GetMaximumProcessorCount(WORD GroupNumber)
//
// Otherwise it is [GetActiveProcessorCount].
//
// Since Windows 7. See "GetMaximumProcessorCount function (winbase.h)".
func GetMaximumProcessorCount(group uint16) (uint32, error) {
	return procGetMaximumProcessorCount.countOf(group)
}

// word calls a function without parameters that returns a WORD and has no errors.
func (p *proc) word() (uint16, error) {
	addr, err := p.find()
	if err != nil {
		return 0, err
	}
	n, _, _ := syscall.SyscallN(addr)
	return uint16(n), nil
}

// countOf calls a function that counts something in a processor group. A result of 0 is a failure.
func (p *proc) countOf(group uint16) (uint32, error) {
	addr, err := p.find()
	if err != nil {
		return 0, err
	}
	n, _, errno := syscall.SyscallN(addr, uintptr(group))
	if uint32(n) == 0 {
		return 0, errnoError(errno)
	}
	return uint32(n), nil
}
