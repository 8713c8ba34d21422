// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import (
	"structs"
	"unsafe"
)

// The policies of [SemaphoreCreate]: the order in which a Mach semaphore wakes its waiters.
const (
	SYNC_POLICY_FIFO           = 0
	SYNC_POLICY_FIXED_PRIORITY = 1 // the most urgent thread first
	SYNC_POLICY_REVERSED       = 2
	SYNC_POLICY_LIFO           = SYNC_POLICY_FIFO | SYNC_POLICY_REVERSED
)

// A MachTimespec is a mach_timespec_t: a time in seconds and nanoseconds. The nanoseconds are below 1e9.
type MachTimespec struct {
	_    structs.HostLayout
	Sec  uint32
	Nsec int32
}

// register returns t in the form in which C passes it by value: both fields in one register.
func (t MachTimespec) register() uintptr { return uintptr(t.Sec) | uintptr(uint32(t.Nsec))<<32 }

//go:cgo_import_dynamic libc_semaphore_create semaphore_create "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_semaphore_destroy semaphore_destroy "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_semaphore_signal semaphore_signal "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_semaphore_signal_all semaphore_signal_all "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_semaphore_signal_thread semaphore_signal_thread "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_semaphore_wait semaphore_wait "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_semaphore_timedwait semaphore_timedwait "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_semaphore_wait_signal semaphore_wait_signal "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_semaphore_timedwait_signal semaphore_timedwait_signal "/usr/lib/libSystem.B.dylib"

var (
	semaphoreCreateAddr          uintptr
	semaphoreDestroyAddr         uintptr
	semaphoreSignalAddr          uintptr
	semaphoreSignalAllAddr       uintptr
	semaphoreSignalThreadAddr    uintptr
	semaphoreWaitAddr            uintptr
	semaphoreTimedwaitAddr       uintptr
	semaphoreWaitSignalAddr      uintptr
	semaphoreTimedwaitSignalAddr uintptr
)

// SemaphoreCreate makes a semaphore of the kernel, and returns its port.
//
//	semaphore_create(task, &semaphore, policy, value)
//
// The task is [MachTaskSelf]. The policy, a SYNC_POLICY_…, selects the order in which waiters are woken. The value, at least
// 0, is the number of waits that succeed at first. The port is a number that other processes do not know.
//
// Errors are of type [KernReturn]: KERN_INVALID_ARGUMENT for another policy, a value below 0 or a port that is not that of
// a process; MACH_SEND_INVALID_DEST for a task that is not a port; KERN_INVALID_TASK for a process that is ending. The
// call does not block, and it may be made from any thread. Since macOS 10.0. See mach/semaphore.h and xnu, osfmk/kern/sync_sema.c.
func SemaphoreCreate(task uint32, policy, value int32) (semaphore uint32, err error) {
	r1, _, _ := rawSyscall6(semaphoreCreateAddr, uintptr(task), uintptr(unsafe.Pointer(&semaphore)), uintptr(policy), uintptr(value), 0, 0)
	return semaphore, kernError(r1)
}

// SemaphoreDestroy ends a semaphore, and releases the caller's reference to its port. Threads that wait return with
// KERN_TERMINATED.
//
//	semaphore_destroy(task, semaphore)
//
// The task is [MachTaskSelf]. Errors are of type [KernReturn]: KERN_INVALID_ARGUMENT for 0 or for a port of another kind, whose
// reference is lost; MACH_SEND_INVALID_RIGHT for a semaphore that is not a port, MACH_SEND_INVALID_DEST for a task that is not one.
// The call does not block, and it may be made from any thread. Since macOS 10.0. See mach/semaphore.h and xnu,
// osfmk/kern/sync_sema.c.
func SemaphoreDestroy(task, semaphore uint32) error {
	r1, _, _ := rawSyscall6(semaphoreDestroyAddr, uintptr(task), uintptr(semaphore), 0, 0, 0, 0)
	return kernError(r1)
}

// SemaphoreSignal wakes a thread that waits on the semaphore. If no thread waits, one more wait succeeds.
//
//	semaphore_signal(semaphore)
//
// Errors are of type [KernReturn]: KERN_INVALID_NAME for a number that is not a port, as after [SemaphoreDestroy];
// KERN_INVALID_CAPABILITY for a port of another kind; KERN_TERMINATED if the semaphore ends during the call, or its process has ended.
// Each signal calls the kernel, whether or not a thread waits; [DispatchSemaphoreSignal] does not.
//
// The call does not block, and it may be made from any thread. Since macOS 10.0. See mach/semaphore.h and xnu,
// osfmk/kern/sync_sema.c.
func SemaphoreSignal(semaphore uint32) error {
	r1, _, _ := rawSyscall6(semaphoreSignalAddr, uintptr(semaphore), 0, 0, 0, 0, 0)
	return kernError(r1)
}

// SemaphoreSignalAll wakes all threads that wait on the semaphore. If no thread waits, nothing changes.
//
//	semaphore_signal_all(semaphore)
//
// Otherwise it is [SemaphoreSignal]. Since macOS 10.0. See mach/semaphore.h.
func SemaphoreSignalAll(semaphore uint32) error {
	r1, _, _ := rawSyscall6(semaphoreSignalAllAddr, uintptr(semaphore), 0, 0, 0, 0, 0)
	return kernError(r1)
}

// SemaphoreSignalThread wakes one thread that waits on the semaphore.
//
//	semaphore_signal_thread(semaphore, thread)
//
// The thread is a port, see [PthreadMachThreadNp]; 0 means any thread. No signal is kept for a later wait. It has two more
// errors: KERN_NOT_WAITING if the thread does not wait there, or no thread does; KERN_INVALID_ARGUMENT for anything but a thread.
// Otherwise it is [SemaphoreSignal]. Since macOS 10.0. See mach/semaphore.h.
func SemaphoreSignalThread(semaphore, thread uint32) error {
	r1, _, _ := rawSyscall6(semaphoreSignalThreadAddr, uintptr(semaphore), uintptr(thread), 0, 0, 0, 0)
	return kernError(r1)
}

// SemaphoreWait takes 1 from the semaphore, and blocks until its value is above 0.
//
//	semaphore_wait(semaphore)
//
// Errors are of type [KernReturn]: KERN_ABORTED if a signal, such as Go's runtime sends to threads, ended the wait;
// KERN_TERMINATED if [SemaphoreDestroy] ended it; KERN_INVALID_NAME for a number that is not a port, and KERN_INVALID_CAPABILITY
// for a port of another kind. After an error nothing was taken. A semaphore has no owner, so a waiting thread lends its priority
// to no thread.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another one. It may be called from any thread.
// Since macOS 10.0. See mach/semaphore.h and xnu, osfmk/kern/sync_sema.c.
func SemaphoreWait(semaphore uint32) error {
	r1, _, _ := syscall6(semaphoreWaitAddr, uintptr(semaphore), 0, 0, 0, 0, 0)
	return kernError(r1)
}

// SemaphoreTimedwait is [SemaphoreWait] with a timeout.
//
//	semaphore_timedwait(semaphore, wait_time)
//
// The time is a duration; 0 does not wait. It does not run down while the machine sleeps. There are two more errors:
// KERN_OPERATION_TIMED_OUT when the timeout has expired, and KERN_INVALID_VALUE if Nsec is a whole second or more, or below 0.
// Otherwise it is SemaphoreWait. Since macOS 10.0. See mach/semaphore.h.
func SemaphoreTimedwait(semaphore uint32, waitTime MachTimespec) error {
	r1, _, _ := syscall6(semaphoreTimedwaitAddr, uintptr(semaphore), waitTime.register(), 0, 0, 0, 0)
	return kernError(r1)
}

// SemaphoreWaitSignal is [SemaphoreWait], but signals another semaphore, as [SemaphoreSignal] does, once the caller is a waiter.
//
//	semaphore_wait_signal(wait_semaphore, signal_semaphore)
//
// A thread that this signal wakes finds the caller waiting. The errors for invalid semaphores apply to both. Otherwise it is
// SemaphoreWait. The other semaphore was signaled even after KERN_ABORTED. Since macOS 10.0. See mach/semaphore.h.
func SemaphoreWaitSignal(waitSemaphore, signalSemaphore uint32) error {
	r1, _, _ := syscall6(semaphoreWaitSignalAddr, uintptr(waitSemaphore), uintptr(signalSemaphore), 0, 0, 0, 0)
	return kernError(r1)
}

// SemaphoreTimedwaitSignal is [SemaphoreWaitSignal] with a timeout.
//
//	semaphore_timedwait_signal(wait_semaphore, signal_semaphore, wait_time)
//
// The time and the errors it adds are those of [SemaphoreTimedwait]. Since macOS 10.0. See mach/semaphore.h.
func SemaphoreTimedwaitSignal(waitSemaphore, signalSemaphore uint32, waitTime MachTimespec) error {
	r1, _, _ := syscall6(semaphoreTimedwaitSignalAddr, uintptr(waitSemaphore), uintptr(signalSemaphore), waitTime.register(), 0, 0, 0)
	return kernError(r1)
}
