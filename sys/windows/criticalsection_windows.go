// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"structs"
	"syscall"
	"unsafe"
)

// A CriticalSection is CRITICAL_SECTION, a recursive lock of the threads of one process.
//
// It is ready after one of the Initialize functions, and must be deleted in the end. From then
// on until it is deleted it must not be copied, moved, or garbage collected: Windows may keep a
// list of critical sections.
//
// A thread owns it. Lock the goroutine to its thread with [runtime.LockOSThread] from before
// the first Enter until after the last Leave.
type CriticalSection struct {
	_              structs.HostLayout
	_              noCopy
	debugInfo      uintptr
	lockCount      int32
	recursionCount int32
	owningThread   uintptr
	lockSemaphore  uintptr
	spinCount      uintptr
}

// CRITICAL_SECTION_NO_DEBUG_INFO is a flag of InitializeCriticalSectionEx: the system
// allocates nothing for the critical section and does not list it.
const CRITICAL_SECTION_NO_DEBUG_INFO = 0x01000000

var (
	procInitializeCriticalSection             = proc{dll: kernel32, name: "InitializeCriticalSection"}
	procInitializeCriticalSectionAndSpinCount = proc{dll: kernel32, name: "InitializeCriticalSectionAndSpinCount"}
	procInitializeCriticalSectionEx           = proc{dll: kernel32, name: "InitializeCriticalSectionEx"}
	procSetCriticalSectionSpinCount           = proc{dll: kernel32, name: "SetCriticalSectionSpinCount"}
	procEnterCriticalSection                  = proc{dll: kernel32, name: "EnterCriticalSection"}
	procTryEnterCriticalSection               = proc{dll: kernel32, name: "TryEnterCriticalSection"}
	procLeaveCriticalSection                  = proc{dll: kernel32, name: "LeaveCriticalSection"}
	procDeleteCriticalSection                 = proc{dll: kernel32, name: "DeleteCriticalSection"}
)

// InitializeCriticalSection makes *cs a critical section that no thread is in.
//
//	VOID InitializeCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
//
// Initializing one that is in use breaks it. The call does not block, may be made from any
// thread, and fails only if the function is missing.
//
// Since Windows 2000. See "InitializeCriticalSection function (synchapi.h)".
func InitializeCriticalSection(cs *CriticalSection) error {
	addr, err := procInitializeCriticalSection.find()
	if err != nil {
		return err
	}
	pinned(addr, uintptr(unsafe.Pointer(cs)))
	return nil
}

// InitializeCriticalSectionAndSpinCount is [InitializeCriticalSection] with the number of
// rounds that a thread spins before it blocks. On a single processor Windows uses 0 instead.
//
//	BOOL InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION lpCriticalSection,
//	                                           DWORD dwSpinCount)
//
// It always succeeds since Windows Vista.
//
// Since Windows 2000. See "InitializeCriticalSectionAndSpinCount function (synchapi.h)".
func InitializeCriticalSectionAndSpinCount(cs *CriticalSection, spin uint32) error {
	addr, err := procInitializeCriticalSectionAndSpinCount.find()
	if err != nil {
		return err
	}
	return succeeded(pinned(addr, uintptr(unsafe.Pointer(cs)), uintptr(spin)))
}

// InitializeCriticalSectionEx is [InitializeCriticalSectionAndSpinCount] with flags: 0 or
// CRITICAL_SECTION_NO_DEBUG_INFO.
//
//	BOOL InitializeCriticalSectionEx(LPCRITICAL_SECTION lpCriticalSection,
//	                                 DWORD dwSpinCount, DWORD Flags)
//
// Windows documents no error for these arguments.
//
// Since Windows Vista. See "InitializeCriticalSectionEx function (synchapi.h)".
func InitializeCriticalSectionEx(cs *CriticalSection, spin, flags uint32) error {
	addr, err := procInitializeCriticalSectionEx.find()
	if err != nil {
		return err
	}
	return succeeded(pinned(addr, uintptr(unsafe.Pointer(cs)), uintptr(spin), uintptr(flags)))
}

// SetCriticalSectionSpinCount changes the number of rounds that a thread spins before it
// blocks, and returns the old one.
//
//	DWORD SetCriticalSectionSpinCount(LPCRITICAL_SECTION lpCriticalSection, DWORD dwSpinCount)
//
// The call does not block, may be made from any thread, and fails only if the function is
// missing.
//
// Since Windows 2000. See "SetCriticalSectionSpinCount function (synchapi.h)".
func SetCriticalSectionSpinCount(cs *CriticalSection, spin uint32) (previous uint32, err error) {
	addr, err := procSetCriticalSectionSpinCount.find()
	if err != nil {
		return 0, err
	}
	r, _, _ := syscall.SyscallN(addr, uintptr(unsafe.Pointer(cs)), uintptr(spin))
	return uint32(r), nil
}

// EnterCriticalSection waits until no other thread is in cs, and enters it. A thread that is
// in it already enters it again, and must leave it as many times.
//
//	VOID EnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
//
// The call blocks its thread, which owns cs afterwards. After 30 days of waiting Windows
// raises an exception, which ends the process. It fails only if the function is missing.
//
// Since Windows 2000. See "EnterCriticalSection function (synchapi.h)".
func EnterCriticalSection(cs *CriticalSection) error {
	return procEnterCriticalSection.void(unsafe.Pointer(cs))
}

// TryEnterCriticalSection enters cs if no other thread is in it, and reports whether it did.
//
//	BOOL TryEnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
//
// It does not block. Otherwise it is [EnterCriticalSection].
//
// Since Windows 2000. See "TryEnterCriticalSection function (synchapi.h)".
func TryEnterCriticalSection(cs *CriticalSection) (bool, error) {
	addr, err := procTryEnterCriticalSection.find()
	if err != nil {
		return false, err
	}
	r, _, _ := syscall.SyscallN(addr, uintptr(unsafe.Pointer(cs)))
	return uint32(r) != 0, nil
}

// LeaveCriticalSection leaves cs once.
//
//	VOID LeaveCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
//
// The calling thread must be in cs: a call by another thread breaks it, and threads may wait
// for it forever. The call does not block, and fails only if the function is missing.
//
// Since Windows 2000. See "LeaveCriticalSection function (synchapi.h)".
func LeaveCriticalSection(cs *CriticalSection) error {
	return procLeaveCriticalSection.void(unsafe.Pointer(cs))
}

// DeleteCriticalSection frees the system's resources of cs. No thread may be in cs. It may be
// initialized again afterwards.
//
//	VOID DeleteCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
//
// The call does not block, may be made from any thread, and fails only if the function is
// missing.
//
// Since Windows 2000. See "DeleteCriticalSection function (synchapi.h)".
func DeleteCriticalSection(cs *CriticalSection) error {
	return procDeleteCriticalSection.void(unsafe.Pointer(cs))
}
