// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (386 || arm || mips || mipsle)

package linux

import (
	"math"
	"structs"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// 32-bit systems have two futex calls. futex_time64 takes a Timespec and is there since
// Linux 5.1; futex takes 32-bit seconds and may be left out of newer kernels. They differ
// in nothing else, so one of them serves all operations. Which one is asked once, and
// kept: this is the one fall-back of this package.

// A shortTimespec is a time as the old futex call takes it.
type shortTimespec struct {
	_    structs.HostLayout
	sec  int32
	nsec int32
}

// knownTrap is the number of the call to use, or 0 as long as nobody has asked.
var knownTrap atomic.Uint32

// futexTrap returns the number of the futex call that this kernel has.
func futexTrap() uintptr {
	trap := knownTrap.Load()
	if trap == 0 {
		trap = askTrap()
		knownTrap.Store(trap)
	}
	return uintptr(trap)
}

// askTrap asks by a wake of nobody, which cannot fail where futex_time64 exists. ENOSYS
// says that the kernel lacks it, EPERM that a seccomp filter does not know it. The wake
// is a shared one, unlike those of the Go runtime, so that a test can tell them apart.
func askTrap() uint32 {
	var word uint32
	_, _, errno := syscall.RawSyscall6(unix.SYS_FUTEX_TIME64, uintptr(unsafe.Pointer(&word)),
		FUTEX_WAKE, 1, 0, 0, 0)
	if errno == syscall.ENOSYS || errno == syscall.EPERM {
		return unix.SYS_FUTEX
	}
	return unix.SYS_FUTEX_TIME64
}

// timeArg returns t as the call trap wants it; short is room for it.
func timeArg(trap uintptr, t *Timespec, short *shortTimespec) unsafe.Pointer {
	if t == nil || trap == unix.SYS_FUTEX_TIME64 {
		return unsafe.Pointer(t)
	}
	short.sec, short.nsec = clamp(t.Sec), clamp(t.Nsec)
	return unsafe.Pointer(short)
}

// clamp returns the 32-bit number nearest to x. What is out of range as seconds becomes
// the year 2038 or stays negative; as nanoseconds it stays invalid.
func clamp(x int64) int32 {
	if x > math.MaxInt32 {
		return math.MaxInt32
	}
	if x < math.MinInt32 {
		return math.MinInt32
	}
	return int32(x)
}
