// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd

package freebsd

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The _umtx_op call in the two forms in which its operations use it. The pointers become integers inside the
// call expression, so they are alive until the call returns, and the goroutine's stack, where they may point
// to, does not move during it.
//
// The calls of package syscall are the system's own on FreeBSD: they execute the instruction that enters the
// kernel, and do not go through libc.

// umtxSleep is an operation that may sleep. It notifies the Go scheduler, which runs other goroutines on another thread
// if the call lasts. The kernel tells a UmtxTime from a Timespec by its size, which is the fourth argument.
func umtxSleep(obj unsafe.Pointer, op int32, val uintptr, limit *UmtxTime) error {
	_, _, errno := syscall.Syscall6(unix.SYS__UMTX_OP, uintptr(obj), uintptr(op), val, unsafe.Sizeof(*limit),
		uintptr(unsafe.Pointer(limit)), 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// umtxNow is an operation that does not sleep, so it does not notify the scheduler.
func umtxNow(obj unsafe.Pointer, op int32, val uintptr, addr unsafe.Pointer) error {
	_, _, errno := syscall.RawSyscall6(unix.SYS__UMTX_OP, uintptr(obj), uintptr(op), val, uintptr(addr), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
