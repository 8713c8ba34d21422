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

// Classes of threads: the type of an [Rtprio]. Threads of a class run only if none of the classes above it can.
// The numbers differ from those of FreeBSD.
const (
	RTP_PRIO_REALTIME = 0 // the threads of one priority take turns
	RTP_PRIO_NORMAL   = 1 // all share the time
	RTP_PRIO_IDLE     = 2 // runs if no other thread can
	RTP_PRIO_THREAD   = 3 // the kernel's own; LwpRtprio does not set it
	RTP_PRIO_FIFO     = 4 // a real-time thread runs until it sleeps: SCHED_FIFO of POSIX
)

// The priorities of a class, of which the lowest number is the most urgent.
const (
	RTP_PRIO_MIN = 0
	RTP_PRIO_MAX = 31
)

// What [LwpRtprio] does.
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

// LwpRtprio gets or sets the class and the priority of a thread.
//
//	lwp_rtprio(function, pid, tid, rtp)
//
// The function is RTP_LOOKUP, which writes *rtp, or RTP_SET, which reads it. A pid of 0 means this process, a
// tid of -1 the calling thread.
//
// Errors are of type [syscall.Errno]: EINVAL for another function or class, a priority above RTP_PRIO_MAX, a
// negative pid or a tid below -1; EPERM to set a thread of another process, or a class of real time, without
// the privilege; ESRCH if there is no such thread; EFAULT for an rtp that cannot be read or written.
//
// The call does not block. With a tid of -1 it applies to the OS thread, so the caller must be locked to it, see
// [runtime.LockOSThread]. Threads that Go starts from a changed one inherit the change.
//
// Since DragonFly 1.12. See lwp_rtprio(2), and sys/kern/kern_resource.c.
func LwpRtprio(function, pid, tid int32, rtp *Rtprio) error {
	_, _, errno := syscall.RawSyscall6(unix.SYS_LWP_RTPRIO, uintptr(function), uintptr(pid), uintptr(tid),
		uintptr(unsafe.Pointer(rtp)), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// A Cpumask is a set of CPUs: CPU n is bit n%64 of word n/64. It is cpumask_t.
type Cpumask [4]uint64

// LwpGetaffinity stores in *mask the CPUs on which a thread may run.
//
//	lwp_getaffinity(pid, tid, mask)
//
// A pid of 0 means this process. A negative tid means its first thread, not the calling one.
//
// Errors are of type [syscall.Errno]: EINVAL for a negative pid; ESRCH if there is no such thread; EFAULT for a
// mask that cannot be written. The call does not block, and it may be made from any thread.
//
// Since DragonFly 4.7. See lwp_getaffinity(2).
func LwpGetaffinity(pid, tid int32, mask *Cpumask) error {
	_, _, errno := syscall.RawSyscall(unix.SYS_LWP_GETAFFINITY, uintptr(pid), uintptr(tid), uintptr(unsafe.Pointer(mask)))
	if errno != 0 {
		return errno
	}
	return nil
}

// LwpSetaffinity restricts a thread to some CPUs. CPUs that do not exist do not count.
//
//	lwp_setaffinity(pid, tid, mask)
//
// A pid of 0 means this process. A negative tid means all its threads, not the calling one.
//
// Errors are of type [syscall.Errno]: EPERM for a mask without a CPU that exists, or a thread of another
// process without the privilege; EINVAL for a negative pid; ESRCH if there is no such thread; EFAULT for a mask
// that cannot be read. If the call is for the calling thread, the thread moves to another CPU at once. The call may be
// made from any thread. Threads that Go starts from a changed one inherit the change.
//
// Since DragonFly 4.7. See lwp_setaffinity(2), and sys/kern/kern_usched.c.
func LwpSetaffinity(pid, tid int32, mask *Cpumask) error {
	_, _, errno := syscall.RawSyscall(unix.SYS_LWP_SETAFFINITY, uintptr(pid), uintptr(tid), uintptr(unsafe.Pointer(mask)))
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
// In DragonFly since its beginning. See sched_yield(2).
func SchedYield() {
	syscall.Syscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
}
