// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd

package freebsd

import (
	"syscall"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/bsd"
	"golang.org/x/sys/unix"
)

// ToTimespec returns d, which is not negative, as a Timespec. On 386, where it has room for 68 years, a longer
// d is cut to those.
func ToTimespec(d time.Duration) (t Timespec) {
	sec, nsec := bsd.Split(d, maxSec)
	setTimespec(&t, sec, nsec)
	return t
}

// ClockGettime reads a clock, such as unix.CLOCK_MONOTONIC, into *now.
//
//	clock_gettime(clock_id, now)
//
// Use it to compute the points in time of this package. [time.Now] does not serve: it does not reveal the origin of its
// monotonic reading, and in a testing/synctest bubble it is not the kernel's time.
//
// The only error is EINVAL, of type [syscall.Errno], for a clock that does not exist. The call does not block,
// and it may be made from any thread. Older than FreeBSD 12. See clock_gettime(2).
func ClockGettime(clockID int32, now *Timespec) error {
	_, _, errno := syscall.RawSyscall(unix.SYS_CLOCK_GETTIME, uintptr(clockID), uintptr(unsafe.Pointer(now)), 0)
	if errno != 0 {
		return errno
	}
	return nil
}
