// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"structs"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// A ConditionVariable is CONDITION_VARIABLE: one pointer, private to the process.
//
// The zero value is ready for use. It must not be copied after first use. Wake-ups may be
// spurious, and another thread may acquire the lock between a wake and the return: check the
// condition again, in a loop.
type ConditionVariable struct {
	_    structs.HostLayout
	word atomic.Uintptr // only the system reads it; atomic so that go vet reports copies
}

// CONDITION_VARIABLE_LOCKMODE_SHARED tells SleepConditionVariableSRW that the lock is held
// in shared mode.
const CONDITION_VARIABLE_LOCKMODE_SHARED = 0x1

var (
	procInitializeConditionVariable = proc{dll: kernel32, name: "InitializeConditionVariable"}
	procSleepConditionVariableSRW   = proc{dll: kernel32, name: "SleepConditionVariableSRW"}
	procSleepConditionVariableCS    = proc{dll: kernel32, name: "SleepConditionVariableCS"}
	procWakeConditionVariable       = proc{dll: kernel32, name: "WakeConditionVariable"}
	procWakeAllConditionVariable    = proc{dll: kernel32, name: "WakeAllConditionVariable"}
)

// InitializeConditionVariable makes *c ready, as its zero value is.
//
//	VOID InitializeConditionVariable(PCONDITION_VARIABLE ConditionVariable)
//
// No thread may be sleeping on c. The call does not block, may be made from any thread, and fails only
// if the function is missing.
//
// Since Windows Vista. See "InitializeConditionVariable function (synchapi.h)".
func InitializeConditionVariable(c *ConditionVariable) error {
	return procInitializeConditionVariable.void(unsafe.Pointer(c))
}

// SleepConditionVariableSRW releases l, sleeps until c is woken, and acquires l again. Releasing l
// and going to sleep is one atomic step with respect to threads that wake c while they hold l.
//
//	BOOL SleepConditionVariableSRW(PCONDITION_VARIABLE ConditionVariable, PSRWLOCK SRWLock,
//	                               DWORD dwMilliseconds, ULONG Flags)
//
// The caller holds l, exclusively if flags is 0 and shared if it is
// CONDITION_VARIABLE_LOCKMODE_SHARED. ms is a timeout in milliseconds; INFINITE means none. With
// 0 the call does not sleep, but it still releases l and acquires it again.
//
// The error is nil after a wake, which may be spurious, and ERROR_TIMEOUT when the timeout has
// expired. Either way the caller holds l again, and may have waited for it longer than ms.
//
// The call blocks its thread, which must be the one that holds l.
//
// Since Windows Vista. See "SleepConditionVariableSRW function (synchapi.h)".
func SleepConditionVariableSRW(c *ConditionVariable, l *SRWLock, ms, flags uint32) error {
	addr, err := procSleepConditionVariableSRW.find()
	if err != nil {
		return err
	}
	return succeeded(syscall.SyscallN(addr, uintptr(unsafe.Pointer(c)), uintptr(unsafe.Pointer(l)), uintptr(ms), uintptr(flags)))
}

// SleepConditionVariableCS leaves cs, sleeps until c is woken, and enters cs again.
//
//	BOOL SleepConditionVariableCS(PCONDITION_VARIABLE ConditionVariable,
//	                              PCRITICAL_SECTION CriticalSection, DWORD dwMilliseconds)
//
// The calling thread is in cs, once and not recursively, so the goroutine is locked to its
// thread with [runtime.LockOSThread]. Otherwise it is [SleepConditionVariableSRW].
//
// Since Windows Vista. See "SleepConditionVariableCS function (synchapi.h)".
func SleepConditionVariableCS(c *ConditionVariable, cs *CriticalSection, ms uint32) error {
	addr, err := procSleepConditionVariableCS.find()
	if err != nil {
		return err
	}
	return succeeded(syscall.SyscallN(addr, uintptr(unsafe.Pointer(c)), uintptr(unsafe.Pointer(cs)), uintptr(ms)))
}

// WakeConditionVariable wakes one thread that sleeps on c, if there is one.
//
//	VOID WakeConditionVariable(PCONDITION_VARIABLE ConditionVariable)
//
// It may be called with or without the lock, from any thread. It does not block, and fails
// only if the function is missing.
//
// Since Windows Vista. See "WakeConditionVariable function (synchapi.h)".
func WakeConditionVariable(c *ConditionVariable) error {
	return procWakeConditionVariable.void(unsafe.Pointer(c))
}

// WakeAllConditionVariable wakes all threads that sleep on c.
//
//	VOID WakeAllConditionVariable(PCONDITION_VARIABLE ConditionVariable)
//
// Otherwise it is [WakeConditionVariable].
//
// Since Windows Vista. See "WakeAllConditionVariable function (synchapi.h)".
func WakeAllConditionVariable(c *ConditionVariable) error {
	return procWakeAllConditionVariable.void(unsafe.Pointer(c))
}
