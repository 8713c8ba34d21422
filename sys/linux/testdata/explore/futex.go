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

// The kernel's part of the calls that package futex and the locks of package native make is a model, in package hook.
// TestFutexWakeCounts, TestRequeueCounts and TestWaitTimesOut are among the tests that cover the kernel's.

var ends = [...]error{hook.FutexDiffers: syscall.EAGAIN, hook.FutexDeadline: syscall.ETIMEDOUT, hook.FutexInterrupt: syscall.EINTR}

func modelWait(addr *atomic.Uint32, val uint32, t *Timespec, since int64) error {
	deadline := int64(-1)
	if t != nil {
		deadline = since + t.Sec*1e9 + t.Nsec
	}
	return ends[hook.FutexWait(unsafe.Pointer(addr), val, deadline)]
}

func FutexWait(addr *atomic.Uint32, val uint32, timeout *Timespec, flags uint32) error {
	if hook.Exploring() {
		return modelWait(addr, val, timeout, hook.Nanotime())
	}
	return futexWait(addr, FUTEX_WAIT|flags, val, timeout, nil, 0)
}

func FutexWaitBitset(addr *atomic.Uint32, val uint32, deadline *Timespec, mask, flags uint32) error {
	if hook.Exploring() {
		return modelWait(addr, val, deadline, 0)
	}
	return futexWait(addr, FUTEX_WAIT_BITSET|flags, val, deadline, nil, mask)
}

func FutexWaitBitsetHandingOn(addr *atomic.Uint32, val uint32, deadline *Timespec, mask, flags uint32) error {
	return FutexWaitBitset(addr, val, deadline, mask, flags)
}

func FutexWake(addr *atomic.Uint32, nr, flags uint32) (int, error) {
	if hook.Exploring() {
		return hook.FutexWake(unsafe.Pointer(addr), int(nr)), nil
	}
	return futexNow(addr, FUTEX_WAKE|flags, nr, 0, nil, 0)
}

func FutexCmpRequeue(addr *atomic.Uint32, nrWake, nrRequeue uint32, addr2 *atomic.Uint32, val, flags uint32) (int, error) {
	if !hook.Exploring() {
		return futexNow(addr, FUTEX_CMP_REQUEUE|flags, nrWake, nrRequeue, addr2, val)
	}
	if n := hook.FutexRequeue(unsafe.Pointer(addr), val, int(nrWake), unsafe.Pointer(addr2), int(nrRequeue)); n >= 0 {
		return n, nil
	}
	return 0, syscall.EAGAIN
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
