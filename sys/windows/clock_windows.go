// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"syscall"
	"unsafe"
)

var procQueryUnbiasedInterruptTime = proc{dll: kernel32, name: "QueryUnbiasedInterruptTime"}

// QueryUnbiasedInterruptTime returns the time since the system was started, without the
// time that it slept, in units of 100 ns.
//
//	BOOL QueryUnbiasedInterruptTime(PULONGLONG UnbiasedTime)
//
// It is the clock by which timeouts that are durations run, and Go's monotonic clock but
// for the time slept. It advances by ticks of 0.5 to 15.6 ms. It does not block, may be
// called from any thread, and has no errors of its own.
//
// Since Windows 7. See "QueryUnbiasedInterruptTime function (realtimeapiset.h)".
func QueryUnbiasedInterruptTime() (uint64, error) {
	addr, err := procQueryUnbiasedInterruptTime.find()
	if err != nil {
		return 0, err
	}
	var t uint64
	err = succeeded(syscall.SyscallN(addr, uintptr(unsafe.Pointer(&t))))
	return t, err
}
