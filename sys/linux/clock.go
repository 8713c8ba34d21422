// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

// ClockGettime reads a clock, such as unix.CLOCK_MONOTONIC, into *now.
//
//	clock_gettime(clockid, now)
//
// Use it to compute the deadlines of this package. [time.Now] does not serve: it does not reveal
// the origin of its monotonic reading, and in a testing/synctest bubble it is not the kernel's
// time.
//
// Errors are of type [syscall.Errno]: EINVAL for a clock that does not exist; ENOSYS if a filter
// or the kernel has removed the call. On 32-bit systems it is clock_gettime64 or clock_gettime, see
// Conventions; the latter ends in January 2038.
//
// The call does not block, and it may be made from any thread.
//
// Since Linux 2.6; clock_gettime64 since 5.1. See clock_gettime(2).
func ClockGettime(clockid int32, now *Timespec) error {
	if errno := clockGettime(clockid, now); errno != 0 {
		return errno
	}
	return nil
}
