// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import (
	"structs"
	"unsafe"
)

// Attributes of a mutex, by the calls that set them. Condition variables and locks for readers and writers have only pshared.
const (
	PTHREAD_MUTEX_NORMAL     = 0 // type: a thread that locks twice waits for itself
	PTHREAD_MUTEX_ERRORCHECK = 1 // type: it gets EDEADLK, and unlocking what another thread holds returns EPERM
	PTHREAD_MUTEX_RECURSIVE  = 2 // type: it holds the mutex until it has unlocked it as many times
	PTHREAD_MUTEX_DEFAULT    = PTHREAD_MUTEX_NORMAL

	PTHREAD_PRIO_NONE    = 0 // protocol
	PTHREAD_PRIO_INHERIT = 1 // protocol: see PthreadMutexattrSetprotocol
	PTHREAD_PRIO_PROTECT = 2 // protocol

	PTHREAD_PROCESS_SHARED  = 1 // pshared: for all processes that map the memory
	PTHREAD_PROCESS_PRIVATE = 2 // pshared; not 0, as on Linux

	PTHREAD_MUTEX_POLICY_FAIRSHARE_NP = 1 // policy: an unlock hands the mutex to the thread that has waited longest
	PTHREAD_MUTEX_POLICY_FIRSTFIT_NP  = 3 // policy: the first thread that tries gets it; since macOS 10.14
)

// A PthreadMutexattr is a pthread_mutexattr_t. It is made by [PthreadMutexattrInit]; the zero value has no attributes. A
// mutex that was made with it does not change when it does.
type PthreadMutexattr struct {
	_      structs.HostLayout
	sig    int64
	opaque [8]byte
}

// A PthreadCondattr is a pthread_condattr_t. It is made by [PthreadCondattrInit].
type PthreadCondattr struct {
	_      structs.HostLayout
	sig    int64
	opaque [8]byte
}

// A PthreadRwlockattr is a pthread_rwlockattr_t. It is made by [PthreadRwlockattrInit].
type PthreadRwlockattr struct {
	_      structs.HostLayout
	sig    int64
	opaque [16]byte
}

//go:cgo_import_dynamic libc_pthread_mutexattr_init pthread_mutexattr_init "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_mutexattr_destroy pthread_mutexattr_destroy "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_mutexattr_gettype pthread_mutexattr_gettype "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_mutexattr_settype pthread_mutexattr_settype "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_mutexattr_getprotocol pthread_mutexattr_getprotocol "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_mutexattr_setprotocol pthread_mutexattr_setprotocol "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_mutexattr_getpshared pthread_mutexattr_getpshared "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_mutexattr_setpshared pthread_mutexattr_setpshared "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_mutexattr_getpolicy_np pthread_mutexattr_getpolicy_np "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_mutexattr_setpolicy_np pthread_mutexattr_setpolicy_np "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_condattr_init pthread_condattr_init "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_condattr_destroy pthread_condattr_destroy "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_condattr_getpshared pthread_condattr_getpshared "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_condattr_setpshared pthread_condattr_setpshared "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_rwlockattr_init pthread_rwlockattr_init "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_rwlockattr_destroy pthread_rwlockattr_destroy "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_rwlockattr_getpshared pthread_rwlockattr_getpshared "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_rwlockattr_setpshared pthread_rwlockattr_setpshared "/usr/lib/libSystem.B.dylib"

var (
	pthreadMutexattrInitAddr        uintptr
	pthreadMutexattrDestroyAddr     uintptr
	pthreadMutexattrGettypeAddr     uintptr
	pthreadMutexattrSettypeAddr     uintptr
	pthreadMutexattrGetprotocolAddr uintptr
	pthreadMutexattrSetprotocolAddr uintptr
	pthreadMutexattrGetpsharedAddr  uintptr
	pthreadMutexattrSetpsharedAddr  uintptr
	pthreadMutexattrGetpolicyNpAddr uintptr
	pthreadMutexattrSetpolicyNpAddr uintptr
	pthreadCondattrInitAddr         uintptr
	pthreadCondattrDestroyAddr      uintptr
	pthreadCondattrGetpsharedAddr   uintptr
	pthreadCondattrSetpsharedAddr   uintptr
	pthreadRwlockattrInitAddr       uintptr
	pthreadRwlockattrDestroyAddr    uintptr
	pthreadRwlockattrGetpsharedAddr uintptr
	pthreadRwlockattrSetpsharedAddr uintptr
)

// attribute reads an int of an object.
func attribute(fn uintptr, object unsafe.Pointer) (int32, error) {
	var value int32
	r1, _, _ := rawSyscall6(fn, uintptr(object), uintptr(unsafe.Pointer(&value)), 0, 0, 0, 0)
	return value, status(r1)
}

// PthreadMutexattrInit sets a to the default attributes of a mutex: the normal type, no protocol, private to the process, and the policy
// of the process, which is PTHREAD_MUTEX_POLICY_FIRSTFIT_NP unless the environment says otherwise.
//
//	pthread_mutexattr_init(attr)
//
// It cannot fail in Apple's code; POSIX allows ENOMEM, of type [syscall.Errno]. The call does not block, and it may be
// made from any thread. Since macOS 10.4. See pthread_mutexattr(3).
func PthreadMutexattrInit(a *PthreadMutexattr) error {
	r1, _, _ := rawSyscall6(pthreadMutexattrInitAddr, uintptr(unsafe.Pointer(a)), 0, 0, 0, 0, 0)
	return status(r1)
}

// PthreadMutexattrDestroy ends the use of a, which [PthreadMutexattrInit] may begin again.
//
//	pthread_mutexattr_destroy(attr)
//
// Its only error is EINVAL, of type [syscall.Errno], if a holds no attributes. The call does not block, and it may be
// made from any thread. Since macOS 10.4. See pthread_mutexattr(3).
func PthreadMutexattrDestroy(a *PthreadMutexattr) error {
	r1, _, _ := rawSyscall6(pthreadMutexattrDestroyAddr, uintptr(unsafe.Pointer(a)), 0, 0, 0, 0, 0)
	return status(r1)
}

// PthreadMutexattrGettype returns the type of mutexes, one of PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ERRORCHECK and PTHREAD_MUTEX_RECURSIVE.
//
//	pthread_mutexattr_gettype(attr, &type)
//
// Its only error is EINVAL, of type [syscall.Errno], if a holds no attributes. The call does not block, and it may be
// made from any thread. Since macOS 10.4. See pthread_mutexattr(3).
func PthreadMutexattrGettype(a *PthreadMutexattr) (kind int32, err error) {
	return attribute(pthreadMutexattrGettypeAddr, unsafe.Pointer(a))
}

// PthreadMutexattrSettype sets the type of mutexes.
//
//	pthread_mutexattr_settype(attr, type)
//
// Its only error is EINVAL, of type [syscall.Errno], if a holds no attributes, or for a type that [PthreadMutexattrGettype] does not return.
// The call does not block, and it may be made from any thread. Since macOS 10.4. See pthread_mutexattr(3).
func PthreadMutexattrSettype(a *PthreadMutexattr, kind int32) error {
	r1, _, _ := rawSyscall6(pthreadMutexattrSettypeAddr, uintptr(unsafe.Pointer(a)), uintptr(kind), 0, 0, 0, 0)
	return status(r1)
}

// PthreadMutexattrGetprotocol returns the protocol of mutexes, one of PTHREAD_PRIO_NONE, PTHREAD_PRIO_INHERIT and PTHREAD_PRIO_PROTECT.
//
//	pthread_mutexattr_getprotocol(attr, &protocol)
//
// Its only error is EINVAL, of type [syscall.Errno], if a holds no attributes. The call does not block, and it may be
// made from any thread. Since macOS 10.4. See pthread_mutexattr(3).
func PthreadMutexattrGetprotocol(a *PthreadMutexattr) (protocol int32, err error) {
	return attribute(pthreadMutexattrGetprotocolAddr, unsafe.Pointer(a))
}

// PthreadMutexattrSetprotocol sets the protocol of mutexes.
//
//	pthread_mutexattr_setprotocol(attr, protocol)
//
// Apple's code stores the protocol but does not use it: waiters of any mutex lend its
// owner their priority, and no mutex has a ceiling. Its only error is EINVAL, of type [syscall.Errno], if a holds no
// attributes, or for a protocol that [PthreadMutexattrGetprotocol] does not return. The call does not block, and it may be made from
// any thread. Since macOS 10.4. See pthread_mutexattr(3) and
// libpthread, src/pthread_mutex.c and kern/kern_synch.c.
func PthreadMutexattrSetprotocol(a *PthreadMutexattr, protocol int32) error {
	r1, _, _ := rawSyscall6(pthreadMutexattrSetprotocolAddr, uintptr(unsafe.Pointer(a)), uintptr(protocol), 0, 0, 0, 0)
	return status(r1)
}

// PthreadMutexattrGetpshared returns PTHREAD_PROCESS_SHARED or PTHREAD_PROCESS_PRIVATE.
//
//	pthread_mutexattr_getpshared(attr, &pshared)
//
// Its only error is EINVAL, of type [syscall.Errno], if a holds no attributes. The call does not block, and it may be
// made from any thread. Since macOS 10.4. See pthread_mutexattr(3).
func PthreadMutexattrGetpshared(a *PthreadMutexattr) (pshared int32, err error) {
	return attribute(pthreadMutexattrGetpsharedAddr, unsafe.Pointer(a))
}

// PthreadMutexattrSetpshared sets whether mutexes work between processes that map the memory that holds them. macOS has no robust
// mutexes: a mutex whose owner dies stays locked.
//
//	pthread_mutexattr_setpshared(attr, pshared)
//
// Its only error is EINVAL, of type [syscall.Errno], if a holds no attributes, or for a value that [PthreadMutexattrGetpshared]
// does not return. The call does not block, and it may be made from any thread. Since macOS 10.4. See pthread_mutexattr(3).
func PthreadMutexattrSetpshared(a *PthreadMutexattr, pshared int32) error {
	r1, _, _ := rawSyscall6(pthreadMutexattrSetpsharedAddr, uintptr(unsafe.Pointer(a)), uintptr(pshared), 0, 0, 0, 0)
	return status(r1)
}

// PthreadMutexattrGetpolicyNp returns the policy of mutexes, PTHREAD_MUTEX_POLICY_FAIRSHARE_NP or PTHREAD_MUTEX_POLICY_FIRSTFIT_NP.
//
//	pthread_mutexattr_getpolicy_np(attr, &policy)
//
// Its only error is EINVAL, of type [syscall.Errno], if a holds no attributes. The call does not block, and it may be
// made from any thread. Since macOS 10.13.4. See pthread_mutexattr(3).
func PthreadMutexattrGetpolicyNp(a *PthreadMutexattr) (policy int32, err error) {
	return attribute(pthreadMutexattrGetpolicyNpAddr, unsafe.Pointer(a))
}

// PthreadMutexattrSetpolicyNp sets the policy of mutexes: whether an unlock hands the mutex to the thread that has waited
// longest, or frees it for the first thread that tries.
//
//	pthread_mutexattr_setpolicy_np(attr, policy)
//
// Its only error is EINVAL, of type [syscall.Errno], if a holds no attributes, or for a policy that [PthreadMutexattrGetpolicyNp]
// does not return. The call does not block, and it may be made from any thread. Since macOS 10.7. See pthread_mutexattr(3).
func PthreadMutexattrSetpolicyNp(a *PthreadMutexattr, policy int32) error {
	r1, _, _ := rawSyscall6(pthreadMutexattrSetpolicyNpAddr, uintptr(unsafe.Pointer(a)), uintptr(policy), 0, 0, 0, 0)
	return status(r1)
}

// PthreadCondattrInit sets a to the default attributes of a condition variable: it is private to the process. macOS has no attribute
// for the clock.
//
//	pthread_condattr_init(attr)
//
// It cannot fail in Apple's code; POSIX allows ENOMEM, of type [syscall.Errno]. The call does not block, and it may be
// made from any thread. Since macOS 10.4. See pthread_condattr_init(3).
func PthreadCondattrInit(a *PthreadCondattr) error {
	r1, _, _ := rawSyscall6(pthreadCondattrInitAddr, uintptr(unsafe.Pointer(a)), 0, 0, 0, 0, 0)
	return status(r1)
}

// PthreadCondattrDestroy ends the use of a, which [PthreadCondattrInit] may begin again.
//
//	pthread_condattr_destroy(attr)
//
// Apple's code returns no error, whatever a holds; POSIX allows EINVAL, of type [syscall.Errno]. The call does not block, and it may be
// made from any thread. Since macOS 10.4. See pthread_condattr_destroy(3) and libpthread, src/pthread_cond.c.
func PthreadCondattrDestroy(a *PthreadCondattr) error {
	r1, _, _ := rawSyscall6(pthreadCondattrDestroyAddr, uintptr(unsafe.Pointer(a)), 0, 0, 0, 0, 0)
	return status(r1)
}

// PthreadCondattrGetpshared returns PTHREAD_PROCESS_SHARED or PTHREAD_PROCESS_PRIVATE.
//
//	pthread_condattr_getpshared(attr, &pshared)
//
// Its only error is EINVAL, of type [syscall.Errno], if a holds no attributes. The call does not block, and it may be
// made from any thread. Since macOS 10.4. See pthread.h.
func PthreadCondattrGetpshared(a *PthreadCondattr) (pshared int32, err error) {
	return attribute(pthreadCondattrGetpsharedAddr, unsafe.Pointer(a))
}

// PthreadCondattrSetpshared sets whether condition variables work between processes that map the memory that holds them. Their mutexes must, too.
//
//	pthread_condattr_setpshared(attr, pshared)
//
// Its only error is EINVAL, of type [syscall.Errno], if a holds no attributes, or for a value that [PthreadCondattrGetpshared]
// does not return. The call does not block, and it may be made from any thread. Since macOS 10.4. See pthread.h.
func PthreadCondattrSetpshared(a *PthreadCondattr, pshared int32) error {
	r1, _, _ := rawSyscall6(pthreadCondattrSetpsharedAddr, uintptr(unsafe.Pointer(a)), uintptr(pshared), 0, 0, 0, 0)
	return status(r1)
}

// PthreadRwlockattrInit sets a to the default attributes of a lock: it is private to the process.
//
//	pthread_rwlockattr_init(attr)
//
// It cannot fail in Apple's code; POSIX allows ENOMEM, of type [syscall.Errno]. The call does not block, and it may be
// made from any thread. Since macOS 10.4. See pthread_rwlockattr_init(3).
func PthreadRwlockattrInit(a *PthreadRwlockattr) error {
	r1, _, _ := rawSyscall6(pthreadRwlockattrInitAddr, uintptr(unsafe.Pointer(a)), 0, 0, 0, 0, 0)
	return status(r1)
}

// PthreadRwlockattrDestroy ends the use of a, which [PthreadRwlockattrInit] may begin again.
//
//	pthread_rwlockattr_destroy(attr)
//
// Apple's code returns no error, whatever a holds; POSIX allows EINVAL, of type [syscall.Errno]. The call does not block, and it may be
// made from any thread. Since macOS 10.4. See pthread_rwlockattr_destroy(3) and libpthread, src/pthread_rwlock.c.
func PthreadRwlockattrDestroy(a *PthreadRwlockattr) error {
	r1, _, _ := rawSyscall6(pthreadRwlockattrDestroyAddr, uintptr(unsafe.Pointer(a)), 0, 0, 0, 0, 0)
	return status(r1)
}

// PthreadRwlockattrGetpshared returns PTHREAD_PROCESS_SHARED or PTHREAD_PROCESS_PRIVATE.
//
//	pthread_rwlockattr_getpshared(attr, &pshared)
//
// Its only error is EINVAL, of type [syscall.Errno], if a holds no attributes. The call does not block, and it may be
// made from any thread. Since macOS 10.4. See pthread_rwlockattr_getpshared(3).
func PthreadRwlockattrGetpshared(a *PthreadRwlockattr) (pshared int32, err error) {
	return attribute(pthreadRwlockattrGetpsharedAddr, unsafe.Pointer(a))
}

// PthreadRwlockattrSetpshared sets whether locks work between processes that map the memory that holds them.
//
//	pthread_rwlockattr_setpshared(attr, pshared)
//
// Its only error is EINVAL, of type [syscall.Errno], if a holds no attributes, or for a value that [PthreadRwlockattrGetpshared]
// does not return. The call does not block, and it may be made from any thread. Since macOS 10.4. See pthread_rwlockattr_setpshared(3).
func PthreadRwlockattrSetpshared(a *PthreadRwlockattr, pshared int32) error {
	r1, _, _ := rawSyscall6(pthreadRwlockattrSetpsharedAddr, uintptr(unsafe.Pointer(a)), uintptr(pshared), 0, 0, 0, 0)
	return status(r1)
}
