// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import "unsafe"

//go:cgo_import_dynamic libc_mach_absolute_time mach_absolute_time "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_mach_continuous_time mach_continuous_time "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_mach_timebase_info mach_timebase_info "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_mach_wait_until mach_wait_until "/usr/lib/libSystem.B.dylib"

var (
	machAbsoluteTimeAddr   uintptr
	machContinuousTimeAddr uintptr
	machTimebaseInfoAddr   uintptr
	machWaitUntilAddr      uintptr
)

// MachAbsoluteTime returns the ticks since the machine was started, without the time it
// slept. Go's monotonic clock is the same clock.
//
//	mach_absolute_time()
//
// [MachTimebaseInfo] returns the length of a tick. It returns no error. The call does not block,
// and it may be made from any thread. Since macOS 10.0. See mach/mach_time.h.
func MachAbsoluteTime() uint64 {
	r1, _, _ := rawSyscall6(machAbsoluteTimeAddr, 0, 0, 0, 0, 0, 0)
	return uint64(r1)
}

// MachContinuousTime returns the ticks since the machine was started, with the time it slept.
//
//	mach_continuous_time()
//
// [MachTimebaseInfo] returns the length of a tick. The limits of this package's waits are not on this clock: they
// do not run down while the machine sleeps. It returns no error. The call does not block, and it may be
// made from any thread. Since macOS 10.12. See mach/mach_time.h.
func MachContinuousTime() uint64 {
	r1, _, _ := rawSyscall6(machContinuousTimeAddr, 0, 0, 0, 0, 0, 0)
	return uint64(r1)
}

// MachTimebaseInfo returns the length of a tick of [MachAbsoluteTime]: numer/denom nanoseconds.
//
//	mach_timebase_info(&info)
//
// It is 1/1 on Intel and 125/3 on Apple silicon, and does not change while the process
// lives. It returns no error. The call does not block, and it may be made from any thread.
// Since macOS 10.0. See mach/mach_time.h.
func MachTimebaseInfo() (numer, denom uint32) {
	var info [2]uint32 // struct mach_timebase_info
	rawSyscall6(machTimebaseInfoAddr, uintptr(unsafe.Pointer(&info)), 0, 0, 0, 0, 0)
	return info[0], info[1]
}

// MachWaitUntil puts the calling thread to sleep until a point in time.
//
//	mach_wait_until(deadline)
//
// The deadline is in ticks of [MachAbsoluteTime]; with one that has passed the call returns at once. The wait never ends early
// without an error. How late it ends depends on the thread: to let several timers fire at once, the kernel delays those of an ordinary
// thread by up to an eighth of the wait and 1 ms, and those of lower QoS classes by more. It never delays those of a thread with
// THREAD_TIME_CONSTRAINT_POLICY: see [ThreadPolicySet].
//
// Its only error is KERN_ABORTED, of type [KernReturn]: a signal, such as Go's runtime sends to
// threads, ended the wait early. Call it again with the same deadline.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another one. It may be called from any thread.
// Since macOS 10.0. See mach/mach_time.h, and xnu, osfmk/kern/clock.c and osfmk/kern/timer_call.c.
func MachWaitUntil(deadline uint64) error {
	r1, _, _ := syscall6(machWaitUntilAddr, uintptr(deadline), 0, 0, 0, 0, 0)
	return kernError(r1)
}
