// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// PrctlSetTimerslack sets how late the kernel may end the calling thread's sleeps, which lets it
// end several at once.
//
//	prctl(PR_SET_TIMERSLACK, ns)
//
// It is about deadlines and timeouts, such as those of [FutexWait] and [FutexWaitBitset]. The slack
// is in nanoseconds. The least is 1; 0 means the thread's default, which is the slack that the
// thread's creator had, and 50 µs where nobody has set another. Sleeps end late for other reasons,
// too.
//
// A thread of SCHED_FIFO, SCHED_RR or SCHED_DEADLINE has no slack. Since Linux 6.12, and in newer
// patches of older releases, its slack is 0, and the call then changes nothing.
//
// Errors are of type [syscall.Errno]: the kernel knows none, a filter of system calls may.
//
// The call does not block. The slack belongs to the OS thread: call [runtime.LockOSThread] before.
// It stays when the goroutine unlocks the thread, so set it back, or let the goroutine end locked.
// The slack of another thread is in /proc/TID/timerslack_ns.
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
// See [PrctlSetTimerslack]. The kernel returns the slack where it returns errors, so the 4,095
// largest numbers of a uintptr cannot be told from one. Other errors, of type [syscall.Errno], can
// come only from a filter of system calls.
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
