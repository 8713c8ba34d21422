// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"structs"
	"syscall"
	"unsafe"
)

// A SynchronizationBarrier is SYNCHRONIZATION_BARRIER: a fixed number of threads wait for each
// other, again and again. It is private to the process.
//
// It is ready after [InitializeSynchronizationBarrier] and must not be copied from then on. Its
// fields are the system's own.
type SynchronizationBarrier struct {
	_         structs.HostLayout
	_         noCopy
	reserved1 uint32
	reserved2 uint32
	reserved3 [2]uintptr
	reserved4 uint32
	reserved5 uint32
}

// noCopy makes go vet report copies of the struct it is in.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// Flags of EnterSynchronizationBarrier.
const (
	SYNCHRONIZATION_BARRIER_FLAGS_SPIN_ONLY  = 0x1 // spin until the last thread arrives
	SYNCHRONIZATION_BARRIER_FLAGS_BLOCK_ONLY = 0x2 // do not spin before blocking
	SYNCHRONIZATION_BARRIER_FLAGS_NO_DELETE  = 0x4 // cheaper; the barrier is never deleted
)

var (
	procInitializeSynchronizationBarrier = proc{dll: kernel32, name: "InitializeSynchronizationBarrier"}
	procEnterSynchronizationBarrier      = proc{dll: kernel32, name: "EnterSynchronizationBarrier"}
	procDeleteSynchronizationBarrier     = proc{dll: kernel32, name: "DeleteSynchronizationBarrier"}
)

// InitializeSynchronizationBarrier makes *b a barrier for a number of threads.
//
//	BOOL InitializeSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER lpBarrier,
//	                                      LONG lTotalThreads, LONG lSpinCount)
//
// A thread that has to wait first spins for spin rounds; -1 is the system's choice, 2000.
// The only error Windows documents is ERROR_INVALID_PARAMETER, of type [syscall.Errno], for a
// number of threads below 1 or a spin count below -1.
//
// The call does not block and may be made from any thread.
//
// Since Windows 8. See "InitializeSynchronizationBarrier function (synchapi.h)".
func InitializeSynchronizationBarrier(b *SynchronizationBarrier, threads, spin int32) error {
	addr, err := procInitializeSynchronizationBarrier.find()
	if err != nil {
		return err
	}
	return succeeded(pinned(addr, uintptr(unsafe.Pointer(b)), uintptr(threads), uintptr(spin)))
}

// EnterSynchronizationBarrier waits until all threads of the barrier have called it. The
// result is true for one of them, false for the others.
//
//	BOOL EnterSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER lpBarrier, DWORD dwFlags)
//
// The flags are 0 or a sum of the constants above. If one thread passes NO_DELETE, all must.
//
// The call blocks its thread, has no timeout, and may be made from any thread. It fails only
// if the function is missing.
//
// Since Windows 8. See "EnterSynchronizationBarrier function (synchapi.h)".
func EnterSynchronizationBarrier(b *SynchronizationBarrier, flags uint32) (bool, error) {
	addr, err := procEnterSynchronizationBarrier.find()
	if err != nil {
		return false, err
	}
	r, _, _ := syscall.SyscallN(addr, uintptr(unsafe.Pointer(b)), uintptr(flags))
	return uint32(r) != 0, nil
}

// DeleteSynchronizationBarrier waits until all threads have left the barrier, whose memory
// may then be used for something else.
//
//	BOOL DeleteSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER lpBarrier)
//
// It may be called directly after the caller's own EnterSynchronizationBarrier, unless that
// call had the flag NO_DELETE. It blocks its thread for that short time, may be called from any
// thread, and fails only if the function is missing.
//
// Since Windows 8. See "DeleteSynchronizationBarrier function (synchapi.h)".
func DeleteSynchronizationBarrier(b *SynchronizationBarrier) error {
	return procDeleteSynchronizationBarrier.void(unsafe.Pointer(b)) // its BOOL is always true
}
