// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && !386 && !arm && !mips && !mipsle

package linux

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A shortTimespec is not needed here: on 64-bit systems there is one futex call, and its
// times are of 64 bits.
type shortTimespec struct{}

// futexTrap returns the number of the futex call.
func futexTrap(*Timespec) uintptr { return unix.SYS_FUTEX }

func clockGettime(clockid int32, now *Timespec) syscall.Errno {
	_, _, errno := syscall.RawSyscall(unix.SYS_CLOCK_GETTIME, uintptr(clockid), uintptr(unsafe.Pointer(now)), 0)
	return errno
}

// timeArg returns t in the form that the futex call takes.
func timeArg(_ uintptr, t *Timespec, _ *shortTimespec) unsafe.Pointer { return unsafe.Pointer(t) }
