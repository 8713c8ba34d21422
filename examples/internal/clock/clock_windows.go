// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package clock

import (
	"math/bits"
	"sync"
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

// A Moment is a count of the performance counter. The clock of package time advances by
// 0.5 to 15 ms, which is longer than what is measured.
type Moment int64

// Now returns the present moment.
func Now() Moment {
	var count int64
	syscall.SyscallN(queryCounter.Addr(), uintptr(unsafe.Pointer(&count)))
	return Moment(count)
}

// frequency returns the counts in a second, which do not change.
var frequency = sync.OnceValue(func() uint64 {
	var f uint64
	syscall.SyscallN(queryFrequency.Addr(), uintptr(unsafe.Pointer(&f)))
	return f
})

// Sub returns the time from an earlier moment to m.
func (m Moment) Sub(earlier Moment) time.Duration {
	high, low := bits.Mul64(uint64(m-earlier), uint64(time.Second))
	ns, _ := bits.Div64(high, low, frequency())
	return time.Duration(ns)
}

// Elapsed returns the time since m.
func (m Moment) Elapsed() time.Duration { return Now().Sub(m) }
