// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"sync/atomic"
	"syscall"
	"unsafe"

	"github.com/osync-go/osync/explore/hook"
)

// The kernel's part of the futex calls that package futex and the locks of package native make is a model, in
// package hook. TestFutexWakeCounts and TestRequeueCounts are among the tests that cover the kernel's.

func futexWait(addr *atomic.Uint32, op, val uint32, t *Timespec, addr2 *atomic.Uint32, val3 uint32) error {
	if !hook.Exploring() {
		var short shortTimespec
		trap := futexTrap(t)
		if _, _, errno := syscall.Syscall6(trap, uintptr(unsafe.Pointer(addr)), uintptr(op), uintptr(val),
			uintptr(timeArg(trap, t, &short)), uintptr(unsafe.Pointer(addr2)), uintptr(val3)); errno != 0 {
			return errno
		}
		return nil
	}
	deadline := int64(-1)
	if t != nil {
		deadline = t.Sec*1e9 + t.Nsec
	}
	if op&^FUTEX_PRIVATE_FLAG == FUTEX_WAIT && t != nil {
		deadline += hook.Nanotime()
	}
	switch hook.FutexWait(unsafe.Pointer(addr), val, deadline) {
	case hook.FutexDiffers:
		return syscall.EAGAIN
	case hook.FutexDeadline:
		return syscall.ETIMEDOUT
	case hook.FutexInterrupt:
		return syscall.EINTR
	}
	return nil
}

func futexHandingOn(addr *atomic.Uint32, op, val uint32, t *Timespec, val3 uint32) error {
	return futexWait(addr, op, val, t, nil, val3)
}

func futexNow(addr *atomic.Uint32, op, val, val2 uint32, addr2 *atomic.Uint32, val3 uint32) (int, error) {
	switch op &^ FUTEX_PRIVATE_FLAG {
	case FUTEX_WAKE:
		if hook.Exploring() {
			return hook.FutexWake(unsafe.Pointer(addr), int(val)), nil
		}
	case FUTEX_CMP_REQUEUE:
		if hook.Exploring() {
			n := hook.FutexRequeue(unsafe.Pointer(addr), val3, int(val), unsafe.Pointer(addr2), int(val2))
			if n < 0 {
				return 0, syscall.EAGAIN
			}
			return n, nil
		}
	}
	n, _, errno := syscall.RawSyscall6(futexTrap(nil), uintptr(unsafe.Pointer(addr)), uintptr(op), uintptr(val),
		uintptr(val2), uintptr(unsafe.Pointer(addr2)), uintptr(val3))
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}

func ClockGettime(clockid int32, now *Timespec) error {
	if hook.Exploring() {
		ns := hook.Nanotime()
		now.Sec, now.Nsec = ns/1e9, ns%1e9
	} else if errno := clockGettime(clockid, now); errno != 0 {
		return errno
	}
	return nil
}
