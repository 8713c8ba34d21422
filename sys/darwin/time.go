// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import "unsafe"

//go:cgo_import_dynamic libc_mach_absolute_time mach_absolute_time "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_mach_timebase_info mach_timebase_info "/usr/lib/libSystem.B.dylib"

var (
	machAbsoluteTimeAddr uintptr
	machTimebaseInfoAddr uintptr
)

// MachAbsoluteTime returns the ticks since the machine was started, without the time it
// slept. Go's monotonic clock is the same.
//
//	mach_absolute_time()
//
// A tick is what [MachTimebaseInfo] says. There are no errors. The call does not block,
// and it may be made from any thread. Since macOS 10.0. See mach/mach_time.h.
func MachAbsoluteTime() uint64 {
	r1, _, _ := rawSyscall6(machAbsoluteTimeAddr, 0, 0, 0, 0, 0, 0)
	return uint64(r1)
}

// MachTimebaseInfo returns what a tick of [MachAbsoluteTime] is: numer/denom nanoseconds.
//
//	mach_timebase_info(&info)
//
// It is 1/1 on Intel and 125/3 on Apple silicon, and does not change while the process
// lives. There are no errors. The call does not block, and it may be made from any thread.
// Since macOS 10.0. See mach/mach_time.h.
func MachTimebaseInfo() (numer, denom uint32) {
	var info [2]uint32 // struct mach_timebase_info
	rawSyscall6(machTimebaseInfoAddr, uintptr(unsafe.Pointer(&info)), 0, 0, 0, 0, 0)
	return info[0], info[1]
}
