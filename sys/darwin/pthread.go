// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import (
	"structs"
	"unsafe"
)

// A PthreadMutex is a pthread_mutex_t: 64 bytes of libSystem's. It is made by
// [PthreadMutexInit]; the zero value is not a mutex. It must not move or be copied. A variable that is passed to
// PthreadMutexInit is never on the stack of a goroutine.
type PthreadMutex struct {
	_      noCopy
	_      structs.HostLayout
	sig    int64
	opaque [56]byte
}

// A PthreadCond is a pthread_cond_t: 48 bytes of libSystem's. It is made by
// [PthreadCondInit]; the zero value is not a condition variable. It must not move or be copied. A variable that is
// passed to PthreadCondInit is never on the stack of a goroutine.
type PthreadCond struct {
	_      noCopy
	_      structs.HostLayout
	sig    int64
	opaque [40]byte
}

// A Timespec is a struct timespec: a time in seconds and nanoseconds. The nanoseconds are below
// 1e9.
type Timespec struct {
	_    structs.HostLayout
	Sec  int64
	Nsec int64
}

//go:cgo_import_dynamic libc_pthread_mutex_init pthread_mutex_init "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_mutex_destroy pthread_mutex_destroy "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_mutex_lock pthread_mutex_lock "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_mutex_trylock pthread_mutex_trylock "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_mutex_unlock pthread_mutex_unlock "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_cond_init pthread_cond_init "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_cond_destroy pthread_cond_destroy "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_cond_wait pthread_cond_wait "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_cond_timedwait_relative_np pthread_cond_timedwait_relative_np "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_cond_signal pthread_cond_signal "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_cond_broadcast pthread_cond_broadcast "/usr/lib/libSystem.B.dylib"

var (
	pthreadMutexInitAddr               uintptr
	pthreadMutexDestroyAddr            uintptr
	pthreadMutexLockAddr               uintptr
	pthreadMutexTrylockAddr            uintptr
	pthreadMutexUnlockAddr             uintptr
	pthreadCondInitAddr                uintptr
	pthreadCondDestroyAddr             uintptr
	pthreadCondWaitAddr                uintptr
	pthreadCondTimedwaitRelativeNpAddr uintptr
	pthreadCondSignalAddr              uintptr
	pthreadCondBroadcastAddr           uintptr
)

// PthreadMutexInit makes m an unlocked mutex.
//
//	pthread_mutex_init(m, attr)
//
// The attributes, which [PthreadMutexattrInit] makes, may be nil. The mutex is then of the normal
// type and private to the process. It is also first fit: the first thread that tries gets it. Waiters
// raise the QoS class of the thread that holds it.
//
// Errors are of type [syscall.Errno]: EINVAL if attr holds no attributes; ENOMEM and EAGAIN for lack of memory, which POSIX
// allows and Apple's code does not return. The call does not block, and it may be made from
// any thread. Since macOS 10.4. See pthread_mutex_init(3).
func PthreadMutexInit(m *PthreadMutex, attr *PthreadMutexattr) error {
	return status(pinned(pthreadMutexInitAddr, uintptr(unsafe.Pointer(m)), uintptr(unsafe.Pointer(attr))))
}

// PthreadMutexDestroy ends the use of m, which [PthreadMutexInit] may begin again.
//
//	pthread_mutex_destroy(m)
//
// Errors are of type [syscall.Errno]: EBUSY if m is locked, EINVAL if m is not a mutex. The call does not block, and it
// may be made from any thread. Since macOS 10.4. See pthread_mutex_destroy(3).
func PthreadMutexDestroy(m *PthreadMutex) error {
	r1, _, _ := rawSyscall6(pthreadMutexDestroyAddr, uintptr(unsafe.Pointer(m)), 0, 0, 0, 0, 0)
	return status(r1)
}

// PthreadMutexLock locks m, and blocks until it can.
//
//	pthread_mutex_lock(m)
//
// Errors are of type [syscall.Errno]: EINVAL if m is not a mutex. A thread that locks m twice waits for itself, or gets
// EDEADLK if the type is PTHREAD_MUTEX_ERRORCHECK. If the type is PTHREAD_MUTEX_RECURSIVE, the thread holds m twice, and
// gets EAGAIN after 65,535 times. Signals do not end the wait.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another
// one. The thread becomes the owner: the caller needs [runtime.LockOSThread] from before
// this call until after [PthreadMutexUnlock].
//
// Since macOS 10.4. See pthread_mutex_lock(3).
func PthreadMutexLock(m *PthreadMutex) error {
	r1, _, _ := syscall6(pthreadMutexLockAddr, uintptr(unsafe.Pointer(m)), 0, 0, 0, 0, 0)
	return status(r1)
}

// PthreadMutexTrylock locks m if it is free.
//
//	pthread_mutex_trylock(m)
//
// Errors are of type [syscall.Errno]: EBUSY if m is locked, EINVAL if m is not a mutex. The call does not block.
// Without an error the thread is the owner, as after [PthreadMutexLock]. Since macOS 10.4. See
// pthread_mutex_trylock(3).
func PthreadMutexTrylock(m *PthreadMutex) error {
	r1, _, _ := rawSyscall6(pthreadMutexTrylockAddr, uintptr(unsafe.Pointer(m)), 0, 0, 0, 0, 0)
	return status(r1)
}

// PthreadMutexUnlock unlocks m, and wakes a thread that waits for it.
//
//	pthread_mutex_unlock(m)
//
// Errors are of type [syscall.Errno]: EINVAL if m is not a mutex, EPERM if the thread does not hold m. A mutex of the
// normal type does not check this, but the thread must hold it.
//
// The call does not block. Since macOS 10.4. See pthread_mutex_unlock(3).
func PthreadMutexUnlock(m *PthreadMutex) error {
	r1, _, _ := rawSyscall6(pthreadMutexUnlockAddr, uintptr(unsafe.Pointer(m)), 0, 0, 0, 0, 0)
	return status(r1)
}

// PthreadCondInit makes c a condition variable without waiters.
//
//	pthread_cond_init(c, attr)
//
// The attributes, which [PthreadCondattrInit] makes, may be nil: the condition variable is then private to the process.
// Apple's code does not check whether attr holds any. Errors are of type [syscall.Errno]: ENOMEM and EAGAIN for lack of
// memory, which POSIX allows and Apple's code does not return. The call does not block, and it may be made from
// any thread. Since macOS 10.4. See pthread_cond_init(3).
func PthreadCondInit(c *PthreadCond, attr *PthreadCondattr) error {
	return status(pinned(pthreadCondInitAddr, uintptr(unsafe.Pointer(c)), uintptr(unsafe.Pointer(attr))))
}

// PthreadCondDestroy ends the use of c, which [PthreadCondInit] may begin again.
//
//	pthread_cond_destroy(c)
//
// Errors are of type [syscall.Errno]: EBUSY if a thread waits on c, EINVAL if c is not a condition variable. The call
// does not block, and it may be made from any thread. Since macOS 10.4. See pthread_cond_destroy(3).
func PthreadCondDestroy(c *PthreadCond) error {
	r1, _, _ := rawSyscall6(pthreadCondDestroyAddr, uintptr(unsafe.Pointer(c)), 0, 0, 0, 0, 0)
	return status(r1)
}

// PthreadCondWait unlocks m, sleeps until c is signaled, and locks m again.
//
//	pthread_cond_wait(c, m)
//
// Unlocking and going to sleep is one atomic step with respect to signals sent under m. A nil error means that the
// thread was woken, which may be spurious. Its only error is EINVAL, of type [syscall.Errno], if c is not a condition
// variable, m is not a mutex, or other threads wait on c with another mutex.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another
// one. The thread must hold m, so its goroutine is locked to it.
//
// Since macOS 10.4. See pthread_cond_wait(3).
func PthreadCondWait(c *PthreadCond, m *PthreadMutex) error {
	r1, _, _ := syscall6(pthreadCondWaitAddr, uintptr(unsafe.Pointer(c)), uintptr(unsafe.Pointer(m)), 0, 0, 0, 0)
	return status(r1)
}

// PthreadCondTimedwaitRelativeNp is [PthreadCondWait] with a timeout.
//
//	pthread_cond_timedwait_relative_np(c, m, timeout)
//
// The timeout is a duration, so changes of the wall clock do not affect it; nil means no limit.
// pthread_cond_timedwait, which the wall clock affects, has no binding here.
//
// It has two more errors: ETIMEDOUT when the timeout has expired, and EINVAL if Nsec is a whole
// second or more. The thread holds m after these errors too. Otherwise it is PthreadCondWait.
//
// Since macOS 10.4. See pthread.h.
func PthreadCondTimedwaitRelativeNp(c *PthreadCond, m *PthreadMutex, timeout *Timespec) error {
	r1, _, _ := syscall6(pthreadCondTimedwaitRelativeNpAddr, uintptr(unsafe.Pointer(c)), uintptr(unsafe.Pointer(m)), uintptr(unsafe.Pointer(timeout)), 0, 0, 0)
	return status(r1)
}

// PthreadCondSignal wakes a thread that waits on c, if there is one.
//
//	pthread_cond_signal(c)
//
// Its only error is EINVAL, of type [syscall.Errno], if c is not a condition variable. The call does not block, and it
// may be made from any thread, with or without the mutex. Since macOS 10.4. See pthread_cond_signal(3).
func PthreadCondSignal(c *PthreadCond) error {
	r1, _, _ := rawSyscall6(pthreadCondSignalAddr, uintptr(unsafe.Pointer(c)), 0, 0, 0, 0, 0)
	return status(r1)
}

// PthreadCondBroadcast wakes all threads that wait on c.
//
//	pthread_cond_broadcast(c)
//
// Otherwise it is [PthreadCondSignal]. Since macOS 10.4. See pthread_cond_broadcast(3).
func PthreadCondBroadcast(c *PthreadCond) error {
	r1, _, _ := rawSyscall6(pthreadCondBroadcastAddr, uintptr(unsafe.Pointer(c)), 0, 0, 0, 0, 0)
	return status(r1)
}
