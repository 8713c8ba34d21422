// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import (
	"structs"
	"unsafe"
)

// In which order a Mach semaphore wakes its waiters: the policy of [SemaphoreCreate].
const (
	SYNC_POLICY_FIFO           = 0
	SYNC_POLICY_FIXED_PRIORITY = 1 // the most urgent thread first
	SYNC_POLICY_REVERSED       = 2
	SYNC_POLICY_LIFO           = SYNC_POLICY_FIFO | SYNC_POLICY_REVERSED
)

// A MachTimespec is a mach_timespec_t: a time in seconds and nanoseconds, of which the latter are below 1e9.
type MachTimespec struct {
	_    structs.HostLayout
	Sec  uint32
	Nsec int32
}

// register returns t as C passes it by value: both fields in one register.
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

// SemaphoreCreate makes a semaphore of the kernel's, and returns its port.
//
//	semaphore_create(task, &semaphore, policy, value)
//
// The task is [MachTaskSelf]; the policy, a SYNC_POLICY_…, says in which order waiters are woken; the value, at least
// 0, is how many waits go through at first. The port is a number that other processes do not know.
//
// Errors are of type [KernReturn]: KERN_INVALID_ARGUMENT for another policy, a value below 0 or the port of something
// else than a process; MACH_SEND_INVALID_DEST for a task that is no port; KERN_INVALID_TASK for a process that is ending. The
// call does not block, and it may be made from any thread. Since macOS 10.0. See mach/semaphore.h and xnu, osfmk/kern/sync_sema.c.
func SemaphoreCreate(task uint32, policy, value int32) (semaphore uint32, err error) {
	r1, _, _ := rawSyscall6(semaphoreCreateAddr, uintptr(task), uintptr(unsafe.Pointer(&semaphore)), uintptr(policy), uintptr(value), 0, 0)
	return semaphore, kernError(r1)
}

// SemaphoreDestroy ends the life of a semaphore, and gives the caller's reference to its port back. Threads that wait
// return with KERN_TERMINATED.
//
//	semaphore_destroy(task, semaphore)
//
// The task is [MachTaskSelf]. Errors are of type [KernReturn]: KERN_INVALID_ARGUMENT for 0 or the port of something else,
// whose reference is lost; MACH_SEND_INVALID_RIGHT for a semaphore that is no port, MACH_SEND_INVALID_DEST for a task that is none. The
// call does not block, and it may be made from any thread. Since macOS 10.0. See mach/semaphore.h and xnu,
// osfmk/kern/sync_sema.c.
func SemaphoreDestroy(task, semaphore uint32) error {
	r1, _, _ := rawSyscall6(semaphoreDestroyAddr, uintptr(task), uintptr(semaphore), 0, 0, 0, 0)
	return kernError(r1)
}

// SemaphoreSignal wakes a thread that waits on the semaphore, or lets one wait more go through if none does.
//
//	semaphore_signal(semaphore)
//
// Errors are of type [KernReturn]: KERN_INVALID_NAME for anything but a port, as after [SemaphoreDestroy]; KERN_INVALID_CAPABILITY
// for the port of something else; KERN_TERMINATED if the semaphore ends during the call, or its process has. Each signal is a call
// of the kernel, whether or not a thread waits; [DispatchSemaphoreSignal] is not.
//
// The call does not block, and it may be made from any thread. Since macOS 10.0. See mach/semaphore.h and xnu,
// osfmk/kern/sync_sema.c.
func SemaphoreSignal(semaphore uint32) error {
	r1, _, _ := rawSyscall6(semaphoreSignalAddr, uintptr(semaphore), 0, 0, 0, 0, 0)
	return kernError(r1)
}

// SemaphoreSignalAll wakes all threads that wait on the semaphore. If none does, nothing changes.
//
//	semaphore_signal_all(semaphore)
//
// Otherwise it is [SemaphoreSignal]. Since macOS 10.0. See mach/semaphore.h.
func SemaphoreSignalAll(semaphore uint32) error {
	r1, _, _ := rawSyscall6(semaphoreSignalAllAddr, uintptr(semaphore), 0, 0, 0, 0, 0)
	return kernError(r1)
}

// SemaphoreSignalThread wakes one thread, which waits on the semaphore.
//
//	semaphore_signal_thread(semaphore, thread)
//
// The thread is a port, see [PthreadMachThreadNp]; 0 is any thread. Nothing is kept for a later wait. It has two more
// errors: KERN_NOT_WAITING if the thread does not wait there, or none does; KERN_INVALID_ARGUMENT for anything but a thread.
// Otherwise it is [SemaphoreSignal]. Since macOS 10.0. See mach/semaphore.h.
func SemaphoreSignalThread(semaphore, thread uint32) error {
	r1, _, _ := rawSyscall6(semaphoreSignalThreadAddr, uintptr(semaphore), uintptr(thread), 0, 0, 0, 0)
	return kernError(r1)
}

// SemaphoreWait takes one from the semaphore, and blocks until there is one.
//
//	semaphore_wait(semaphore)
//
// Errors are of type [KernReturn]: KERN_ABORTED if a signal, such as Go's runtime sends to threads, ended the wait;
// KERN_TERMINATED if [SemaphoreDestroy] did; KERN_INVALID_NAME for anything but a port, and KERN_INVALID_CAPABILITY for
// that of something else. After an error nothing was taken. A waiting thread lends its priority to no thread: a semaphore
// has no owner.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another one. It may be called from any thread.
// Since macOS 10.0. See mach/semaphore.h and xnu, osfmk/kern/sync_sema.c.
func SemaphoreWait(semaphore uint32) error {
	r1, _, _ := syscall6(semaphoreWaitAddr, uintptr(semaphore), 0, 0, 0, 0, 0)
	return kernError(r1)
}

// SemaphoreTimedwait is [SemaphoreWait] for a time.
//
//	semaphore_timedwait(semaphore, wait_time)
//
// The time is a duration; 0 does not wait. It does not run down while the machine sleeps. There are two more errors: KERN_OPERATION_TIMED_OUT
// when the timeout has expired, and KERN_INVALID_VALUE for a whole second in Nsec, or less than 0. Otherwise it is SemaphoreWait. Since macOS 10.0.
// See mach/semaphore.h.
func SemaphoreTimedwait(semaphore uint32, waitTime MachTimespec) error {
	r1, _, _ := syscall6(semaphoreTimedwaitAddr, uintptr(semaphore), waitTime.register(), 0, 0, 0, 0)
	return kernError(r1)
}

// SemaphoreWaitSignal is [SemaphoreWait] that signals another semaphore, as [SemaphoreSignal] does, once the caller is a waiter.
//
//	semaphore_wait_signal(wait_semaphore, signal_semaphore)
//
// A thread that this signal wakes finds the caller waiting. The errors for what is no semaphore are about both. Otherwise it is
// SemaphoreWait; after KERN_ABORTED, too, the other one was signaled. Since macOS 10.0. See mach/semaphore.h.
func SemaphoreWaitSignal(waitSemaphore, signalSemaphore uint32) error {
	r1, _, _ := syscall6(semaphoreWaitSignalAddr, uintptr(waitSemaphore), uintptr(signalSemaphore), 0, 0, 0, 0)
	return kernError(r1)
}

// SemaphoreTimedwaitSignal is [SemaphoreWaitSignal] for a time.
//
//	semaphore_timedwait_signal(wait_semaphore, signal_semaphore, wait_time)
//
// The time and the errors it adds are those of [SemaphoreTimedwait]. Since macOS 10.0. See mach/semaphore.h.
func SemaphoreTimedwaitSignal(waitSemaphore, signalSemaphore uint32, waitTime MachTimespec) error {
	r1, _, _ := syscall6(semaphoreTimedwaitSignalAddr, uintptr(waitSemaphore), uintptr(signalSemaphore), waitTime.register(), 0, 0, 0)
	return kernError(r1)
}
