// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"os"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/sys/windows"
)

// The ways to sleep on Windows. They wake each other's waiters.
const (
	// viaRtl is RtlWaitOnAddress, which is not documented, and whose timeouts count 100 ns.
	viaRtl way = iota
	// viaWaitOnAddress is WaitOnAddress, which is built on it, and whose timeouts count milliseconds.
	viaWaitOnAddress
)

var wayNames = [...]string{viaRtl: "RtlWaitOnAddress", viaWaitOnAddress: "WaitOnAddress"}

const wordSize = unsafe.Sizeof(atomic.Uint32{})

func (v way) sleep(addr *atomic.Uint32, old uint32, limit ticks, _ Scope) error {
	var err error
	if v == viaRtl {
		var timeout *int64
		if limit != noLimit {
			n := windows.Ticks(limit.left())
			timeout = &n
		}
		err = windows.RtlWaitOnAddress(unsafe.Pointer(addr), unsafe.Pointer(&old), wordSize, timeout)
	} else {
		timeout := uint32(windows.INFINITE)
		if limit != noLimit {
			timeout = windows.Milliseconds(limit.left())
		}
		err = windows.WaitOnAddress(unsafe.Pointer(addr), unsafe.Pointer(&old), wordSize, timeout)
	}
	// The system can end the sleep up to one clock tick before that clock reaches the deadline.
	if err == windows.STATUS_TIMEOUT || err == windows.ERROR_TIMEOUT {
		return os.ErrDeadlineExceeded
	}
	return err
}

func (v way) wake(addr *atomic.Uint32, all bool, _ Scope) error {
	switch {
	case v == viaRtl && all:
		return windows.RtlWakeAddressAll(unsafe.Pointer(addr))
	case v == viaRtl:
		return windows.RtlWakeAddressSingle(unsafe.Pointer(addr))
	case all:
		return windows.WakeByAddressAll(unsafe.Pointer(addr))
	default:
		return windows.WakeByAddressSingle(unsafe.Pointer(addr))
	}
}

// reachesProcesses is false: Windows wakes the waiters of one process only.
func (way) reachesProcesses() bool { return false }

func now() ticks {
	t, err := windows.QueryUnbiasedInterruptTime()
	if err != nil {
		return 0
	}
	return ticks(t)
}

func clock() timebase { return timebase{100, 1} }
