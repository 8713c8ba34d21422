// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

// Package darwin binds the calls of libSystem on which locks are built on macOS and iOS,
// one to one: without cgo, without retries, without fallbacks.
//
//	calls                                        since          private
//	UnfairLock…                                  macOS 10.12
//	UnfairLockLockWithFlags                      macOS 15.0
//	SyncWaitOnAddress…, SyncWakeByAddress…       macOS 14.4
//	UlockWait, UlockWake                         macOS 10.12    yes
//	UlockWait2                                   macOS 11.0     yes
//	Pthread…, QosClassSelf, SchedYield           macOS 10.13
//	Dispatch…                                    macOS 10.6
//	Mach…, Semaphore…, ThreadPolicy…             macOS 10.12
//	Workgroup…, AudioWorkIntervalCreate          macOS 11.0     ports: on iOS
//
// A call that the running system lacks returns [syscall.ENOSYS], which matches
// [errors.ErrUnsupported]. So a program can just make the call and look at the error.
//
// The private calls are not in Apple's SDK, and the App Store refuses programs that name
// them. The build tag osync_noulock leaves them out, their names included; on iOS, whose
// programs all go through the store, they are always left out. They then return ENOSYS.
//
// Waits come in two layers. [SyncWaitOnAddress] and [UlockWait2] are futexes: they compare
// and sleep, and the caller owns the word. [UnfairLock] and [PthreadMutex] are complete locks:
// libSystem owns their memory, and a thread owns the lock. A goroutine stays on its thread
// from lock to unlock only if it calls [runtime.LockOSThread].
//
// Errors are of type [syscall.Errno], except for the calls of Mach, whose errors are of type [KernReturn].
//
// The portable package is sys/futex; this one is for features that only this system has.
package darwin
