// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd

package freebsd

import (
	"structs"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Classes of threads: the type of an [Rtprio]. Threads of a class run only if none of the classes above it can.
const (
	RTP_PRIO_REALTIME = 2  // the threads of one priority take turns
	RTP_PRIO_NORMAL   = 3  // all share the time
	RTP_PRIO_IDLE     = 4  // runs if no other thread can
	RTP_PRIO_FIFO     = 10 // a real-time thread runs until it sleeps: SCHED_FIFO of POSIX
)

// The priorities of a class, of which the lowest number is the most urgent.
const (
	RTP_PRIO_MIN = 0
	RTP_PRIO_MAX = 31
)

// What [RtprioThread] does.
const (
	RTP_LOOKUP = 0
	RTP_SET    = 1
)

// An Rtprio is the class and the priority of a thread. It is struct rtprio.
type Rtprio struct {
	_    structs.HostLayout
	Type uint16
	Prio uint16
}

// RtprioThread gets or sets the class and the priority of a thread of this process.
//
//	rtprio_thread(function, id, rtp)
//
// The function is RTP_LOOKUP, which writes *rtp, or RTP_SET, which reads it. An id of 0 means the calling
// thread. Within RTP_PRIO_NORMAL the scheduler chooses the priorities, whatever Prio is.
//
// Errors are of type [syscall.Errno]: EINVAL for another function or class, or a priority above RTP_PRIO_MAX;
// EPERM to set a class other than RTP_PRIO_NORMAL without the privilege, which root has, and whom
// mac_priority(4) lets; ESRCH if the process has no such thread; EFAULT for an rtp that cannot be read or
// written.
//
// The call does not block. With an id of 0 it applies to the OS thread, so the caller must be locked to it, see
// [runtime.LockOSThread]. Threads that Go starts from a changed one inherit the change.
//
// Older than FreeBSD 12. See rtprio_thread(2), and sys/kern/kern_resource.c.
func RtprioThread(function int32, id int32, rtp *Rtprio) error {
	_, _, errno := syscall.RawSyscall(unix.SYS_RTPRIO_THREAD, uintptr(function), uintptr(id), uintptr(unsafe.Pointer(rtp)))
	if errno != 0 {
		return errno
	}
	return nil
}

// SchedYield moves the calling thread behind the other runnable threads of its priority on its CPU.
//
//	sched_yield()
//
// It yields the thread; to yield a goroutine use [runtime.Gosched]. It never fails. The thread may be off its CPU for
// as long as others run, so the call notifies the Go scheduler. It may be called from any thread.
//
// Older than FreeBSD 12. See sched_yield(2).
func SchedYield() {
	syscall.Syscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
}
