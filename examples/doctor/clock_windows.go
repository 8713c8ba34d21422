// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"math/bits"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	kernel32       = windows.NewLazySystemDLL("kernel32.dll")
	queryCounter   = kernel32.NewProc("QueryPerformanceCounter")
	queryFrequency = kernel32.NewProc("QueryPerformanceFrequency")
)

// A moment is a count of the performance counter. The clock of package time advances by
// 0.5 to 15 ms, which is longer than a round.
type moment int64

func now() moment {
	var count int64
	syscall.SyscallN(queryCounter.Addr(), uintptr(unsafe.Pointer(&count)))
	return moment(count)
}

// elapsed returns the time since m.
func (m moment) elapsed() time.Duration {
	count := uint64(now() - m)
	var frequency uint64 // in counts a second
	syscall.SyscallN(queryFrequency.Addr(), uintptr(unsafe.Pointer(&frequency)))
	high, low := bits.Mul64(count, uint64(time.Second))
	ns, _ := bits.Div64(high, low, frequency)
	return time.Duration(ns)
}
