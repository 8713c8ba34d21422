// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build dragonfly

package dragonfly

import (
	"structs"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Timespec is a time in seconds and nanoseconds since the start of a clock. It is struct timespec.
type Timespec struct {
	_    structs.HostLayout
	Sec  int64
	Nsec int64
}

// ClockGettime reads a clock, such as unix.CLOCK_MONOTONIC, into *now.
//
//	clock_gettime(clock_id, now)
//
// The only error is EINVAL, of type [syscall.Errno], for a clock that does not exist. The call does not block,
// and it may be made from any thread. In DragonFly since its beginning. See clock_gettime(2).
func ClockGettime(clockID int32, now *Timespec) error {
	_, _, errno := syscall.RawSyscall(unix.SYS_CLOCK_GETTIME, uintptr(clockID), uintptr(unsafe.Pointer(now)), 0)
	if errno != 0 {
		return errno
	}
	return nil
}
