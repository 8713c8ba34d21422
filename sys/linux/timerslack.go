// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// PrctlSetTimerslack sets how late the kernel may end the calling thread's sleeps, which lets it
// end several at the same time.
//
//	prctl(PR_SET_TIMERSLACK, ns)
//
// The slack applies to deadlines and timeouts, such as those of [FutexWait] and [FutexWaitBitset].
// It is in nanoseconds. The least is 1; 0 means the thread's default, which is the slack of the
// thread's creator, or 50 µs if no other was set. Sleeps end late for other reasons, too.
//
// A thread of SCHED_FIFO, SCHED_RR or SCHED_DEADLINE has no slack. Since Linux 6.12, and in newer
// patches of older releases, its slack is 0, and the call then changes nothing.
//
// Errors are of type [syscall.Errno]: the kernel returns none, but a system call filter may.
//
// The call does not block. The slack belongs to the OS thread: call [runtime.LockOSThread] before.
// It remains when the goroutine unlocks the thread, so restore the old slack, or let the goroutine
// end locked. The slack of another thread is in /proc/TID/timerslack_ns.
//
// Since Linux 2.6.28. See PR_SET_TIMERSLACK(2const).
func PrctlSetTimerslack(ns uintptr) error {
	_, _, errno := syscall.RawSyscall(unix.SYS_PRCTL, unix.PR_SET_TIMERSLACK, ns, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// PrctlGetTimerslack returns how late the kernel may end the calling thread's sleeps, in
// nanoseconds.
//
//	prctl(PR_GET_TIMERSLACK)
//
// See [PrctlSetTimerslack]. The kernel returns the slack in place of an error, so the 4,095 largest
// values of a uintptr cannot be distinguished from one. Other errors, of type [syscall.Errno], can
// come only from a system call filter.
//
// The call does not block. The slack belongs to the OS thread: call [runtime.LockOSThread] before.
//
// Since Linux 2.6.28. See PR_GET_TIMERSLACK(2const).
func PrctlGetTimerslack() (uintptr, error) {
	ns, _, errno := syscall.RawSyscall(unix.SYS_PRCTL, unix.PR_GET_TIMERSLACK, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return ns, nil
}
