// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import (
	"structs"
	"unsafe"
)

// A PthreadRwlock is a pthread_rwlock_t: 200 bytes of libSystem's. It is made by [PthreadRwlockInit]; the zero value is not a lock. It must not move or
// be copied. A variable that is passed to PthreadRwlockInit is never on the stack of a goroutine. Waiting threads lend their priority to no thread.
type PthreadRwlock struct {
	_      noCopy
	_      structs.HostLayout
	sig    int64
	opaque [192]byte
}

//go:cgo_import_dynamic libc_pthread_rwlock_init pthread_rwlock_init "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_rwlock_destroy pthread_rwlock_destroy "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_rwlock_rdlock pthread_rwlock_rdlock "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_rwlock_tryrdlock pthread_rwlock_tryrdlock "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_rwlock_wrlock pthread_rwlock_wrlock "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_rwlock_trywrlock pthread_rwlock_trywrlock "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_rwlock_unlock pthread_rwlock_unlock "/usr/lib/libSystem.B.dylib"

var (
	pthreadRwlockInitAddr      uintptr
	pthreadRwlockDestroyAddr   uintptr
	pthreadRwlockRdlockAddr    uintptr
	pthreadRwlockTryrdlockAddr uintptr
	pthreadRwlockWrlockAddr    uintptr
	pthreadRwlockTrywrlockAddr uintptr
	pthreadRwlockUnlockAddr    uintptr
)

// PthreadRwlockInit makes l an unlocked lock for readers and writers.
//
//	pthread_rwlock_init(l, attr)
//
// The attributes, which [PthreadRwlockattrInit] makes, may be nil: the lock is then private to the process. Errors are of type [syscall.Errno]:
// EBUSY if l is a lock that is held, EINVAL if attr holds no attributes. The call does not block, and it may be made from
// any thread. Since macOS 10.4. See pthread_rwlock_init(3).
func PthreadRwlockInit(l *PthreadRwlock, attr *PthreadRwlockattr) error {
	return status(pinned(pthreadRwlockInitAddr, uintptr(unsafe.Pointer(l)), uintptr(unsafe.Pointer(attr))))
}

// PthreadRwlockDestroy ends the use of l, which [PthreadRwlockInit] may begin again.
//
//	pthread_rwlock_destroy(l)
//
// Errors are of type [syscall.Errno]: EBUSY if l is held, EINVAL if l is not a lock. The call does not block, and it may be made
// from any thread. Since macOS 10.4. See pthread_rwlock_destroy(3).
func PthreadRwlockDestroy(l *PthreadRwlock) error {
	r1, _, _ := rawSyscall6(pthreadRwlockDestroyAddr, uintptr(unsafe.Pointer(l)), 0, 0, 0, 0, 0)
	return status(r1)
}

// PthreadRwlockRdlock locks l for reading, with any number of other readers, and blocks until it can. A waiting writer blocks new
// readers, so a reader that locks again may wait for itself.
//
//	pthread_rwlock_rdlock(l)
//
// Errors are of type [syscall.Errno]: EDEADLK if the thread holds l for writing, EAGAIN for millions of readers, EINVAL if l is
// not a lock. Signals do not end the wait.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another one. The thread holds the lock: the caller
// needs [runtime.LockOSThread] from before this call until after [PthreadRwlockUnlock]. Since macOS 10.4. See pthread_rwlock_rdlock(3).
func PthreadRwlockRdlock(l *PthreadRwlock) error {
	r1, _, _ := syscall6(pthreadRwlockRdlockAddr, uintptr(unsafe.Pointer(l)), 0, 0, 0, 0, 0)
	return status(r1)
}

// PthreadRwlockTryrdlock locks l for reading if no writer holds it or waits for it.
//
//	pthread_rwlock_tryrdlock(l)
//
// Errors are of type [syscall.Errno]: EBUSY if a writer does, and those of [PthreadRwlockRdlock]. The call does not block. Without
// an error the thread holds the lock, as after PthreadRwlockRdlock. Since macOS 10.4. See pthread_rwlock_rdlock(3).
func PthreadRwlockTryrdlock(l *PthreadRwlock) error {
	r1, _, _ := rawSyscall6(pthreadRwlockTryrdlockAddr, uintptr(unsafe.Pointer(l)), 0, 0, 0, 0, 0)
	return status(r1)
}

// PthreadRwlockWrlock locks l for writing, and blocks until it can.
//
//	pthread_rwlock_wrlock(l)
//
// Errors are of type [syscall.Errno]: EDEADLK if the thread holds l for writing, EINVAL if l is not a lock. A thread that holds l
// for reading waits for itself. Otherwise it is [PthreadRwlockRdlock]. Since macOS 10.4. See pthread_rwlock_wrlock(3).
func PthreadRwlockWrlock(l *PthreadRwlock) error {
	r1, _, _ := syscall6(pthreadRwlockWrlockAddr, uintptr(unsafe.Pointer(l)), 0, 0, 0, 0, 0)
	return status(r1)
}

// PthreadRwlockTrywrlock locks l for writing if no thread holds it.
//
//	pthread_rwlock_trywrlock(l)
//
// Errors are of type [syscall.Errno]: EBUSY if a thread does, and those of [PthreadRwlockWrlock]. The call does not block.
// Without an error the thread holds the lock, as after PthreadRwlockWrlock. Since macOS 10.4. See pthread_rwlock_wrlock(3).
func PthreadRwlockTrywrlock(l *PthreadRwlock) error {
	r1, _, _ := rawSyscall6(pthreadRwlockTrywrlockAddr, uintptr(unsafe.Pointer(l)), 0, 0, 0, 0, 0)
	return status(r1)
}

// PthreadRwlockUnlock releases one lock of l, for reading or for writing, and wakes the waiters that may proceed.
//
//	pthread_rwlock_unlock(l)
//
// Its only error is EINVAL, of type [syscall.Errno], if l is not a lock. The call does not check that the calling thread, or any
// thread, holds l; the caller must. The call does not block. Since macOS 10.4. See pthread_rwlock_unlock(3) and libpthread,
// src/pthread_rwlock.c.
func PthreadRwlockUnlock(l *PthreadRwlock) error {
	r1, _, _ := rawSyscall6(pthreadRwlockUnlockAddr, uintptr(unsafe.Pointer(l)), 0, 0, 0, 0, 0)
	return status(r1)
}
