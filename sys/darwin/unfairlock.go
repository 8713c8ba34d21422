// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import (
	"structs"
	"syscall"
	"unsafe"
)

// An UnfairLock is an os_unfair_lock: mutual exclusion between the threads of a process,
// owned by the thread that locked it.
//
// The zero value is unlocked. It must not be copied after first use. It is four bytes
// long; they are opaque, and only the functions of this package may touch them. The lock
// has no order: the first thread that tries gets it. Threads that wait lend the owner their
// priority. It cannot be shared between processes.
//
// Misuse ends the process by a trap from which Go cannot recover: locking a lock that the
// thread already holds, unlocking one that it does not hold, and waiting for an owner that has
// exited.
type UnfairLock struct {
	_      noCopy
	_      structs.HostLayout
	opaque uint32
}

// A noCopy makes go vet report copies of the struct that holds it.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// Flags of [UnfairLockLockWithFlags].
const (
	OS_UNFAIR_LOCK_FLAG_NONE          = 0x00000000
	OS_UNFAIR_LOCK_FLAG_ADAPTIVE_SPIN = 0x00040000 // spin while the owner runs
)

//go:cgo_import_dynamic libc_os_unfair_lock_lock os_unfair_lock_lock "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_os_unfair_lock_trylock os_unfair_lock_trylock "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_os_unfair_lock_unlock os_unfair_lock_unlock "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_os_unfair_lock_assert_owner os_unfair_lock_assert_owner "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_os_unfair_lock_assert_not_owner os_unfair_lock_assert_not_owner "/usr/lib/libSystem.B.dylib"

var (
	unfairLockLockAddr           uintptr
	unfairLockTrylockAddr        uintptr
	unfairLockUnlockAddr         uintptr
	unfairLockAssertOwnerAddr    uintptr
	unfairLockAssertNotOwnerAddr uintptr

	unfairLockLockWithFlags = lateSymbol{name: "os_unfair_lock_lock_with_flags\x00"}
)

// UnfairLockLock locks l, and blocks until it can.
//
//	os_unfair_lock_lock(l)
//
// It has no result. If the calling thread, or one that has exited, holds l, it ends the
// process.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another
// one: a thousand waiters are a thousand threads. The thread becomes the owner: the caller
// needs [runtime.LockOSThread] from before this call until after [UnfairLockUnlock].
//
// Since macOS 10.12 and iOS 10. See os/lock.h.
func UnfairLockLock(l *UnfairLock) {
	syscall6(unfairLockLockAddr, uintptr(unsafe.Pointer(l)), 0, 0, 0, 0, 0)
}

// UnfairLockLockWithFlags is [UnfairLockLock] with a choice of how to wait.
//
//	os_unfair_lock_lock_with_flags(l, flags)
//
// With OS_UNFAIR_LOCK_FLAG_ADAPTIVE_SPIN the thread spins for as long as the owner runs,
// before it sleeps. Unknown flags end the process, at the latest when l is held.
//
// Its only error is [syscall.ENOSYS], on older systems; l is then not locked.
// Blocking and ownership are those of UnfairLockLock.
//
// Since macOS 15.0 and iOS 18. See os/lock.h.
func UnfairLockLockWithFlags(l *UnfairLock, flags uint32) error {
	fn, ok := unfairLockLockWithFlags.lookUp()
	if !ok {
		return syscall.ENOSYS
	}
	syscall6(fn, uintptr(unsafe.Pointer(l)), uintptr(flags), 0, 0, 0, 0)
	return nil
}

// UnfairLockTrylock locks l if it is free, and reports whether it did.
//
//	os_unfair_lock_trylock(l)
//
// It reports false even if the calling thread itself holds l. The header warns against
// calling it in a loop: to wait, use [UnfairLockLock], which lends its priority.
//
// The call does not block. If it reports true, the thread is the owner, as after
// UnfairLockLock.
//
// Since macOS 10.12 and iOS 10. See os/lock.h.
func UnfairLockTrylock(l *UnfairLock) bool {
	r1, _, _ := rawSyscall6(unfairLockTrylockAddr, uintptr(unsafe.Pointer(l)), 0, 0, 0, 0, 0)
	return r1&0xff != 0
}

// UnfairLockUnlock unlocks l, and wakes a thread that waits for it.
//
//	os_unfair_lock_unlock(l)
//
// It has no result. If the calling thread does not hold l, it ends the process.
//
// The call does not block. It must be made by the thread that locked l.
//
// Since macOS 10.12 and iOS 10. See os/lock.h.
func UnfairLockUnlock(l *UnfairLock) {
	rawSyscall6(unfairLockUnlockAddr, uintptr(unsafe.Pointer(l)), 0, 0, 0, 0, 0)
}

// UnfairLockAssertOwner ends the process unless the calling thread holds l.
//
//	os_unfair_lock_assert_owner(l)
//
// The call does not block. It is a question about the calling thread, so it makes sense
// only between [runtime.LockOSThread] and [runtime.UnlockOSThread].
//
// Since macOS 10.12 and iOS 10. See os/lock.h.
func UnfairLockAssertOwner(l *UnfairLock) {
	rawSyscall6(unfairLockAssertOwnerAddr, uintptr(unsafe.Pointer(l)), 0, 0, 0, 0, 0)
}

// UnfairLockAssertNotOwner ends the process if the calling thread holds l.
//
//	os_unfair_lock_assert_not_owner(l)
//
// The call does not block. It is a question about the calling thread, so it makes sense
// only between [runtime.LockOSThread] and [runtime.UnlockOSThread].
//
// Since macOS 10.12 and iOS 10. See os/lock.h.
func UnfairLockAssertNotOwner(l *UnfairLock) {
	rawSyscall6(unfairLockAssertNotOwnerAddr, uintptr(unsafe.Pointer(l)), 0, 0, 0, 0, 0)
}
