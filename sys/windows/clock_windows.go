// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"syscall"
	"unsafe"
)

// The clocks of interrupt time count units of 100 ns since the system was started. Unlike the time of day, they are never
// set. Interrupt time counts on while the machine sleeps, and unbiased interrupt time does not. The precise forms of both
// do not wait for a tick.

var (
	procQueryUnbiasedInterruptTime = proc{dll: kernel32, name: "QueryUnbiasedInterruptTime"}
	procQueryPerformanceCounter    = proc{dll: kernel32, name: "QueryPerformanceCounter"}
	procQueryPerformanceFrequency  = proc{dll: kernel32, name: "QueryPerformanceFrequency"}

	// Some versions of kernel32 lack these.
	procQueryInterruptTime                = proc{dll: kernelbase, name: "QueryInterruptTime"}
	procQueryInterruptTimePrecise         = proc{dll: kernelbase, name: "QueryInterruptTimePrecise"}
	procQueryUnbiasedInterruptTimePrecise = proc{dll: kernelbase, name: "QueryUnbiasedInterruptTimePrecise"}
)

// QueryUnbiasedInterruptTime returns the time since the system was started, without the
// time that it slept, in units of 100 ns.
//
//	BOOL QueryUnbiasedInterruptTime(PULONGLONG UnbiasedTime)
//
// Timeouts that are durations run on this clock, and Go's monotonic clock is the same except
// that it counts the time slept. It advances by ticks of 0.5 to 15.6 ms. The call does not
// block, may be made from any thread, and has no errors of its own.
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

// QueryInterruptTime returns the time since the system was started, with the time that it slept, in units of 100 ns.
//
//	VOID QueryInterruptTime(PULONGLONG lpInterruptTime)
//
// It is Go's monotonic clock. It advances by ticks of 0.5 to 15.6 ms. The call does not block and may be made from any
// thread. It fails only if the function is missing.
//
// Since Windows 10. See "QueryInterruptTime function (realtimeapiset.h)".
func QueryInterruptTime() (uint64, error) { return procQueryInterruptTime.time() }

// QueryInterruptTimePrecise is [QueryInterruptTime], but reads the hardware and so does not wait for a tick. It is exact
// to some 100 ns, and takes longer.
//
//	VOID QueryInterruptTimePrecise(PULONGLONG lpInterruptTimePrecise)
//
// Since Windows 10. See "QueryInterruptTimePrecise function (realtimeapiset.h)".
func QueryInterruptTimePrecise() (uint64, error) { return procQueryInterruptTimePrecise.time() }

// QueryUnbiasedInterruptTimePrecise is [QueryUnbiasedInterruptTime], but reads the hardware, as [QueryInterruptTimePrecise] does.
//
//	VOID QueryUnbiasedInterruptTimePrecise(PULONGLONG lpUnbiasedInterruptTimePrecise)
//
// Since Windows 10. See "QueryUnbiasedInterruptTimePrecise function (realtimeapiset.h)".
func QueryUnbiasedInterruptTimePrecise() (uint64, error) {
	return procQueryUnbiasedInterruptTimePrecise.time()
}

// time calls a function that writes a time and returns nothing.
func (p *proc) time() (uint64, error) {
	var t uint64
	err := p.void(unsafe.Pointer(&t))
	return t, err
}

// QueryPerformanceCounter returns the ticks of the counter that measures short times. It is exact to some 100 ns, does
// not wait for a tick of the clock, and is the same on all processors.
//
//	BOOL QueryPerformanceCounter(LARGE_INTEGER *lpPerformanceCount)
//
// [QueryPerformanceFrequency] returns the number of ticks in a second. The call does not block, may be made from any
// thread, and fails only if the function is missing.
//
// Since Windows 2000. See "QueryPerformanceCounter function (profileapi.h)".
func QueryPerformanceCounter() (int64, error) {
	ticks, err := procQueryPerformanceCounter.time()
	return int64(ticks), err
}

// QueryPerformanceFrequency returns the ticks of [QueryPerformanceCounter] in a second, 10 million on most machines. The
// number does not change while the system runs.
//
//	BOOL QueryPerformanceFrequency(LARGE_INTEGER *lpFrequency)
//
// Otherwise it is QueryPerformanceCounter.
//
// Since Windows 2000. See "QueryPerformanceFrequency function (profileapi.h)".
func QueryPerformanceFrequency() (int64, error) {
	ticks, err := procQueryPerformanceFrequency.time()
	return int64(ticks), err
}
