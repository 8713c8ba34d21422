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

// A DispatchSemaphore is a dispatch_semaphore_t: an object of libdispatch's. 0 means none.
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
// The value is the number of waits that succeed at first. The semaphore must have at least this value again when it is released. To
// avoid that limit, create it with 0 and signal it up to its value. Its only error is EINVAL, of type [syscall.Errno], for a value
// below 0. The call does not block, and it may be made from any thread. Since macOS 10.6. See dispatch/semaphore.h.
func DispatchSemaphoreCreate(value int) (DispatchSemaphore, error) {
	r1, _, _ := rawSyscall6(dispatchSemaphoreCreateAddr, uintptr(value), 0, 0, 0, 0, 0)
	if r1 == 0 {
		return 0, syscall.EINVAL
	}
	return DispatchSemaphore(r1), nil
}

// DispatchSemaphoreWait takes 1 from the semaphore. It blocks until the value is above 0, or until a point in time. It reports whether
// it took 1.
//
//	dispatch_semaphore_wait(dsema, timeout)
//
// The timeout is DISPATCH_TIME_NOW, which does not wait, DISPATCH_TIME_FOREVER, or made by [DispatchTime]. It returns no error, and
// signals do not end the wait. Waiters are woken in FIFO order. While no thread waits, neither this call nor [DispatchSemaphoreSignal]
// enters the kernel. A semaphore has no owner, so a waiting thread lends its priority to no thread.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another one. It may be called from any thread. Since macOS 10.6.
// See dispatch/semaphore.h and libdispatch, src/semaphore.c.
func DispatchSemaphoreWait(s DispatchSemaphore, timeout uint64) bool {
	r1, _, _ := syscall6(dispatchSemaphoreWaitAddr, uintptr(s), uintptr(timeout), 0, 0, 0, 0)
	return r1 == 0
}

// DispatchSemaphoreSignal wakes a thread that waits on the semaphore. If no thread waits, one more wait succeeds. It reports
// whether it woke a thread.
//
//	dispatch_semaphore_signal(dsema)
//
// It returns no error. The call does not block, and it may be made from any thread. Since macOS 10.6. See dispatch/semaphore.h.
func DispatchSemaphoreSignal(s DispatchSemaphore) bool {
	r1, _, _ := rawSyscall6(dispatchSemaphoreSignalAddr, uintptr(s), 0, 0, 0, 0, 0)
	return r1 != 0
}

// DispatchRelease releases the reference to a semaphore that [DispatchSemaphoreCreate] returned, and so frees the semaphore.
//
//	dispatch_release(object)
//
// No thread may wait on it, and its value must be at least the one it was created with: otherwise the system ends the
// process, by a signal. It returns no error. The call does not block, and it may be made from any thread. Since
// macOS 10.6. See dispatch/object.h and libdispatch, src/semaphore.c.
func DispatchRelease(s DispatchSemaphore) {
	rawSyscall6(dispatchReleaseAddr, uintptr(s), 0, 0, 0, 0, 0)
}

// DispatchTime returns a point in time for [DispatchSemaphoreWait].
//
//	dispatch_time(when, delta)
//
// The point is delta nanoseconds after when, which is DISPATCH_TIME_NOW, for the clock of [MachAbsoluteTime], which stops
// while the machine sleeps; DISPATCH_WALLTIME_NOW, for the wall clock; or a result of DispatchTime. The result is
// DISPATCH_TIME_FOREVER if the point is out of range. It is meaningful only to calls of libdispatch. It returns no error. The
// call does not block, and it may be made from any thread. Since macOS 10.6. See dispatch/time.h.
func DispatchTime(when uint64, delta int64) uint64 {
	r1, _, _ := rawSyscall6(dispatchTimeAddr, uintptr(when), uintptr(delta), 0, 0, 0, 0)
	return uint64(r1)
}
