// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"structs"
	"syscall"
	"unsafe"
)

// A CPU set is a logical processor with an id that is the same in all processor groups. Selecting CPU sets for a
// thread gives it an affinity that the system may ignore: it runs the thread elsewhere while all of them are parked
// or given exclusively to another process. Unlike with an affinity, the sets may be in different groups.

// A SystemCpuSetInformation describes one CPU set: SYSTEM_CPU_SET_INFORMATION. Indices are within the group.
type SystemCpuSetInformation struct {
	_                     structs.HostLayout
	Size                  uint32 // of this description in bytes, and so the distance to the next one
	Type                  uint32 // CpuSetInformation; skip any other
	ID                    uint32 // for SetThreadSelectedCpuSets
	Group                 uint16
	LogicalProcessorIndex uint8 // Number of a ProcessorNumber, and the bit in the Mask of a GroupAffinity
	CoreIndex             uint8 // the same for processors that are threads of one core
	LastLevelCacheIndex   uint8 // the same for processors that share a cache
	NumaNodeIndex         uint8
	EfficiencyClass       uint8 // the higher, the faster, and the more power it takes
	AllFlags              uint8 // SYSTEM_CPU_SET_INFORMATION_PARKED and others
	SchedulingClass       uint8
	_                     [3]uint8
	AllocationTag         uint64
}

// Type and flags of a SystemCpuSetInformation.
const (
	CpuSetInformation = 0

	SYSTEM_CPU_SET_INFORMATION_PARKED                      = 0x1 // its processor sleeps to save power
	SYSTEM_CPU_SET_INFORMATION_ALLOCATED                   = 0x2 // it belongs to some processes only
	SYSTEM_CPU_SET_INFORMATION_ALLOCATED_TO_TARGET_PROCESS = 0x4 // and the one asked for is among them
	SYSTEM_CPU_SET_INFORMATION_REALTIME                    = 0x8 // interrupts and other threads are kept away from it
)

var (
	procGetSystemCpuSetInformation   = proc{dll: kernel32, name: "GetSystemCpuSetInformation"}
	procSetThreadSelectedCpuSets     = proc{dll: kernel32, name: "SetThreadSelectedCpuSets"}
	procGetThreadSelectedCpuSets     = proc{dll: kernel32, name: "GetThreadSelectedCpuSets"}
	procSetProcessDefaultCpuSets     = proc{dll: kernel32, name: "SetProcessDefaultCpuSets"}
	procGetProcessDefaultCpuSets     = proc{dll: kernel32, name: "GetProcessDefaultCpuSets"}
	procSetThreadSelectedCpuSetMasks = proc{dll: kernelbase, name: "SetThreadSelectedCpuSetMasks"}
	procGetThreadSelectedCpuSetMasks = proc{dll: kernelbase, name: "GetThreadSelectedCpuSetMasks"}
)

// GetSystemCpuSetInformation writes a description of each CPU set of the machine, and returns their size in
// bytes.
//
//	BOOL GetSystemCpuSetInformation(PSYSTEM_CPU_SET_INFORMATION Information, ULONG BufferLength,
//	                                PULONG ReturnedLength, HANDLE Process, ULONG Flags)
//
// info points to size bytes. Each description begins [SystemCpuSetInformation] Size bytes after the one before it:
// newer systems may make them longer. process is 0 or the handle of the process to which the flag
// SYSTEM_CPU_SET_INFORMATION_ALLOCATED_TO_TARGET_PROCESS refers, with PROCESS_QUERY_LIMITED_INFORMATION. flags is
// 0.
//
// Errors are of type [syscall.Errno]: ERROR_INSUFFICIENT_BUFFER if size is too small, for example 0 with a nil info,
// and then n is the size needed. For a handle that is not a process's Microsoft names no error. The call does not
// block and may be made from any thread.
//
// Since Windows 10. See "GetSystemCpuSetInformation function (processthreadsapi.h)".
func GetSystemCpuSetInformation(info *SystemCpuSetInformation, size uint32, process Handle, flags uint32) (n uint32, err error) {
	addr, err := procGetSystemCpuSetInformation.find()
	if err != nil {
		return 0, err
	}
	err = succeeded(syscall.SyscallN(addr, uintptr(unsafe.Pointer(info)), uintptr(size), uintptr(unsafe.Pointer(&n)),
		uintptr(process), uintptr(flags)))
	return n, err
}

// SetThreadSelectedCpuSets selects the CPU sets on which a thread should run. They replace the default sets of the
// process; with no ids, the defaults apply again.
//
//	BOOL SetThreadSelectedCpuSets(HANDLE Thread, const ULONG *CpuSetIds, ULONG CpuSetIdCount)
//
// An affinity of the thread applies as well: the thread runs where both allow it. The thread is [CurrentThread], or
// one that was opened with THREAD_SET_LIMITED_INFORMATION. For CurrentThread, lock the goroutine to its thread, and
// select no sets before you unlock it.
//
// Errors are of type [syscall.Errno]: ERROR_INVALID_HANDLE for a handle that is not a thread's,
// ERROR_ACCESS_DENIED for one without the right; an id that no CPU set has is an error that Microsoft does not name.
// The call does not block.
//
// Since Windows 10. See "SetThreadSelectedCpuSets function (processthreadsapi.h)".
func SetThreadSelectedCpuSets(thread Handle, ids []uint32) error {
	return procSetThreadSelectedCpuSets.setIDs(thread, ids)
}

// GetThreadSelectedCpuSets stores the ids of the CPU sets that were selected for a thread in ids, and returns how
// many there are.
//
//	BOOL GetThreadSelectedCpuSets(HANDLE Thread, PULONG CpuSetIds, ULONG CpuSetIdCount, PULONG RequiredIdCount)
//
// The thread is [CurrentThread], or one that was opened with THREAD_QUERY_LIMITED_INFORMATION. Errors are of type
// [syscall.Errno]: ERROR_INSUFFICIENT_BUFFER if ids is too short, ERROR_INVALID_HANDLE for a handle that is not a
// thread's, ERROR_ACCESS_DENIED for one without the right. The call does not block and may be made from any
// thread.
//
// Since Windows 10. See "GetThreadSelectedCpuSets function (processthreadsapi.h)".
func GetThreadSelectedCpuSets(thread Handle, ids []uint32) (n uint32, err error) {
	return procGetThreadSelectedCpuSets.getIDs(thread, ids)
}

// SetProcessDefaultCpuSets selects the CPU sets for all threads of a process that have none of their own.
//
//	BOOL SetProcessDefaultCpuSets(HANDLE Process, const ULONG *CpuSetIds, ULONG CpuSetIdCount)
//
// The handle of the process must have PROCESS_SET_LIMITED_INFORMATION. Otherwise it is [SetThreadSelectedCpuSets].
//
// Since Windows 10. See "SetProcessDefaultCpuSets function (processthreadsapi.h)".
func SetProcessDefaultCpuSets(process Handle, ids []uint32) error {
	return procSetProcessDefaultCpuSets.setIDs(process, ids)
}

// GetProcessDefaultCpuSets stores the ids of the CPU sets of a process in ids, and returns how many there are.
//
//	BOOL GetProcessDefaultCpuSets(HANDLE Process, PULONG CpuSetIds, ULONG CpuSetIdCount, PULONG RequiredIdCount)
//
// The handle of the process must have PROCESS_QUERY_LIMITED_INFORMATION. Otherwise it is [GetThreadSelectedCpuSets].
//
// Since Windows 10. See "GetProcessDefaultCpuSets function (processthreadsapi.h)".
func GetProcessDefaultCpuSets(process Handle, ids []uint32) (n uint32, err error) {
	return procGetProcessDefaultCpuSets.getIDs(process, ids)
}

// SetThreadSelectedCpuSetMasks is [SetThreadSelectedCpuSets], but takes the CPU sets as processors of groups. Unlike
// with [SetThreadGroupAffinity], the masks may be of several groups.
//
//	BOOL SetThreadSelectedCpuSetMasks(HANDLE Thread, PGROUP_AFFINITY CpuSetMasks, USHORT CpuSetMaskCount)
//
// There are at most 65,535 masks; for more, the error is ERROR_INVALID_PARAMETER.
//
// Since Windows 11, and Windows Server 2022. See "SetThreadSelectedCpuSetMasks function (processthreadsapi.h)".
func SetThreadSelectedCpuSetMasks(thread Handle, masks []GroupAffinity) error {
	addr, err := procSetThreadSelectedCpuSetMasks.find()
	if err != nil {
		return err
	}
	if len(masks) > 0xFFFF { // the count has 16 bits
		return ERROR_INVALID_PARAMETER
	}
	return succeeded(syscall.SyscallN(addr, uintptr(thread), uintptr(unsafe.Pointer(first(masks))), uintptr(len(masks))))
}

// GetThreadSelectedCpuSetMasks is [GetThreadSelectedCpuSets], but returns the CPU sets as processors of groups.
//
//	BOOL GetThreadSelectedCpuSetMasks(HANDLE Thread, PGROUP_AFFINITY CpuSetMasks, USHORT CpuSetMaskCount,
//	                                  PUSHORT RequiredMaskCount)
//
// Since Windows 11, and Windows Server 2022. See "GetThreadSelectedCpuSetMasks function (processthreadsapi.h)".
func GetThreadSelectedCpuSetMasks(thread Handle, masks []GroupAffinity) (n uint16, err error) {
	addr, err := procGetThreadSelectedCpuSetMasks.find()
	if err != nil {
		return 0, err
	}
	err = succeeded(syscall.SyscallN(addr, uintptr(thread), uintptr(unsafe.Pointer(first(masks))),
		uintptr(min(len(masks), 0xFFFF)), uintptr(unsafe.Pointer(&n))))
	return n, err
}

// setIDs calls a function of a handle and a list of ids.
func (p *proc) setIDs(h Handle, ids []uint32) error {
	addr, err := p.find()
	if err != nil {
		return err
	}
	return succeeded(syscall.SyscallN(addr, uintptr(h), uintptr(unsafe.Pointer(first(ids))), uintptr(len(ids))))
}

// getIDs calls a function of a handle that writes a list of ids.
func (p *proc) getIDs(h Handle, ids []uint32) (n uint32, err error) {
	addr, err := p.find()
	if err != nil {
		return 0, err
	}
	err = succeeded(syscall.SyscallN(addr, uintptr(h), uintptr(unsafe.Pointer(first(ids))), uintptr(len(ids)), uintptr(unsafe.Pointer(&n))))
	return n, err
}

// first returns a pointer to the elements of a list, and nil for an empty list, as the system requires.
func first[T any](list []T) *T {
	if len(list) == 0 {
		return nil
	}
	return unsafe.SliceData(list)
}
