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

// 32-bit systems have two versions of each call with a time. The 64-bit ones, such as futex_time64,
// exist since Linux 5.1; the older ones take 32-bit seconds and may be missing from newer kernels.
// They do not differ otherwise. The package chooses between them once: this is its only fallback.

// A shortTimespec is a time in the form of the older calls.
type shortTimespec struct {
	_    structs.HostLayout
	sec  int32
	nsec int32
}

// known is the choice, or nil before the first use.
var known atomic.Pointer[timeChoice]

func timeCalls() *timeChoice {
	c := known.Load()
	if c == nil {
		c = new(timeChoice)
		*c = chooseTimeCalls(kernelRelease(), worksFutex, worksFutexTime64)
		known.Store(c)
	}
	return c
}

// kernelRelease returns the release of the kernel according to uname, or "".
func kernelRelease() string {
	var name unix.Utsname
	if unix.Uname(&name) != nil {
		return ""
	}
	return unix.ByteSliceToString(name.Release[:])
}

func worksFutex() bool       { return works(unix.SYS_FUTEX) }
func worksFutexTime64() bool { return works(unix.SYS_FUTEX_TIME64) }

// works tries a futex call with a wake of zero waiters, which cannot fail where the call exists.
// ENOSYS means that the kernel lacks it, EPERM that a seccomp filter does not know it.
func works(trap uintptr) bool {
	var word uint32
	_, _, errno := syscall.RawSyscall6(trap, uintptr(unsafe.Pointer(&word)), FUTEX_WAKE|FUTEX_PRIVATE_FLAG, 1, 0, 0, 0)
	return errno != syscall.ENOSYS && errno != syscall.EPERM
}

// futexTrap returns the number of the futex call for an operation with the time t.
func futexTrap(t *Timespec) uintptr {
	c := timeCalls()
	if t == nil && !c.futex64 || t != nil && !c.times64 {
		return unix.SYS_FUTEX
	}
	return unix.SYS_FUTEX_TIME64
}

// clockGettime reads a clock. A kernel without the older call, whatever its release says, has the
// other.
func clockGettime(clockid int32, now *Timespec) syscall.Errno {
	if !timeCalls().times64 {
		var short shortTimespec
		_, _, errno := syscall.RawSyscall(unix.SYS_CLOCK_GETTIME, uintptr(clockid), uintptr(unsafe.Pointer(&short)), 0)
		if errno != syscall.ENOSYS {
			now.Sec, now.Nsec = int64(short.sec), int64(short.nsec)
			return errno
		}
	}
	_, _, errno := syscall.RawSyscall(unix.SYS_CLOCK_GETTIME64, uintptr(clockid), uintptr(unsafe.Pointer(now)), 0)
	return errno
}

// timeArg returns t in the form that the call trap takes; short is storage for it.
func timeArg(trap uintptr, t *Timespec, short *shortTimespec) unsafe.Pointer {
	if t == nil || trap == unix.SYS_FUTEX_TIME64 {
		return unsafe.Pointer(t)
	}
	short.sec, short.nsec = clamp(t.Sec), clamp(t.Nsec)
	return unsafe.Pointer(short)
}

// clamp returns the 32-bit number nearest to x. Seconds out of range become the year 2038 or stay
// negative; nanoseconds out of range stay invalid.
func clamp(x int64) int32 {
	if x > math.MaxInt32 {
		return math.MaxInt32
	}
	if x < math.MinInt32 {
		return math.MinInt32
	}
	return int32(x)
}
