// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import "syscall"

// Points in time for [DispatchSemaphoreWait] and [DispatchTime].
const (
	DISPATCH_TIME_NOW     = 0
	DISPATCH_TIME_FOREVER = ^uint64(0)
	DISPATCH_WALLTIME_NOW = ^uint64(1) // now, on the wall clock: for DispatchTime; since macOS 10.14
)

// A DispatchSemaphore is a dispatch_semaphore_t: an object of libdispatch's. 0 is none.
type DispatchSemaphore uintptr

//go:cgo_import_dynamic libc_dispatch_semaphore_create dispatch_semaphore_create "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_dispatch_semaphore_wait dispatch_semaphore_wait "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_dispatch_semaphore_signal dispatch_semaphore_signal "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_dispatch_release dispatch_release "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_dispatch_time dispatch_time "/usr/lib/libSystem.B.dylib"

var (
	dispatchSemaphoreCreateAddr uintptr
	dispatchSemaphoreWaitAddr   uintptr
	dispatchSemaphoreSignalAddr uintptr
	dispatchReleaseAddr         uintptr
	dispatchTimeAddr            uintptr
)

// DispatchSemaphoreCreate makes a semaphore.
//
//	dispatch_semaphore_create(value)
//
// The value is how many waits go through at first. It is also how many there must be again when the semaphore is
// released: one that starts at 0 and is signaled up to its value need not care. Its only error is EINVAL, of type [syscall.Errno],
// for a value below 0. The call does not block, and it may be made from any thread. Since macOS 10.6. See dispatch/semaphore.h.
func DispatchSemaphoreCreate(value int) (DispatchSemaphore, error) {
	r1, _, _ := rawSyscall6(dispatchSemaphoreCreateAddr, uintptr(value), 0, 0, 0, 0, 0)
	if r1 == 0 {
		return 0, syscall.EINVAL
	}
	return DispatchSemaphore(r1), nil
}

// DispatchSemaphoreWait takes one from the semaphore, and blocks until there is one, or until a point in time. It reports whether it
// took one.
//
//	dispatch_semaphore_wait(dsema, timeout)
//
// The timeout is DISPATCH_TIME_NOW, which does not wait, DISPATCH_TIME_FOREVER, or made by [DispatchTime]. It returns no error;
// signals do not end the wait. Waiters are woken in the order they came; while none waits, neither this call nor
// [DispatchSemaphoreSignal] enters the kernel. A waiting thread lends its priority to no thread: a semaphore has no owner.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another one. It may be called from any thread. Since macOS 10.6.
// See dispatch/semaphore.h and libdispatch, src/semaphore.c.
func DispatchSemaphoreWait(s DispatchSemaphore, timeout uint64) bool {
	r1, _, _ := syscall6(dispatchSemaphoreWaitAddr, uintptr(s), uintptr(timeout), 0, 0, 0, 0)
	return r1 == 0
}

// DispatchSemaphoreSignal wakes a thread that waits on the semaphore, or lets one wait more go through if none does. It
// reports whether it woke one.
//
//	dispatch_semaphore_signal(dsema)
//
// It returns no error. The call does not block, and it may be made from any thread. Since macOS 10.6. See dispatch/semaphore.h.
func DispatchSemaphoreSignal(s DispatchSemaphore) bool {
	r1, _, _ := rawSyscall6(dispatchSemaphoreSignalAddr, uintptr(s), 0, 0, 0, 0, 0)
	return r1 != 0
}

// DispatchRelease gives the reference to a semaphore back that [DispatchSemaphoreCreate] gave, and so frees it.
//
//	dispatch_release(object)
//
// No thread may wait on it, and what was taken must have been put back up to the value it was made with: else the system ends the
// process, by a signal. It returns no error. The call does not block, and it may be made from any thread. Since
// macOS 10.6. See dispatch/object.h and libdispatch, src/semaphore.c.
func DispatchRelease(s DispatchSemaphore) {
	rawSyscall6(dispatchReleaseAddr, uintptr(s), 0, 0, 0, 0, 0)
}

// DispatchTime returns a point in time for [DispatchSemaphoreWait].
//
//	dispatch_time(when, delta)
//
// It is delta nanoseconds after when. That is DISPATCH_TIME_NOW, for the clock of [MachAbsoluteTime], which stands still
// while the machine sleeps; DISPATCH_WALLTIME_NOW, for the wall clock; or what DispatchTime returned. The result
// is DISPATCH_TIME_FOREVER if that is out of reach, and means nothing but to calls of libdispatch. It returns no error. The
// call does not block, and it may be made from any thread. Since macOS 10.6. See dispatch/time.h.
func DispatchTime(when uint64, delta int64) uint64 {
	r1, _, _ := rawSyscall6(dispatchTimeAddr, uintptr(when), uintptr(delta), 0, 0, 0, 0)
	return uint64(r1)
}
