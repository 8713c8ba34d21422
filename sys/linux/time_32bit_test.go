// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (386 || arm || mips || mipsle)

package linux_test

import (
	"math"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

func init() {
	_, times64 := linux.TimeCalls()
	timesConverted = !times64
}

// TestFutexTrap shows which call a choice leads to. Without a time, futex_time64 is made only if
// there is no other.
func TestFutexTrap(t *testing.T) {
	for _, c := range []struct {
		futex64, times64 bool
		without, with    uintptr
	}{
		{false, false, unix.SYS_FUTEX, unix.SYS_FUTEX},
		{false, true, unix.SYS_FUTEX, unix.SYS_FUTEX_TIME64},
		{true, true, unix.SYS_FUTEX_TIME64, unix.SYS_FUTEX_TIME64},
	} {
		undo := linux.SetTimeCalls(c.futex64, c.times64)
		without, with := linux.FutexTrap(nil), linux.FutexTrap(new(linux.Timespec))
		undo()
		if without != c.without || with != c.with {
			t.Errorf("%+v: calls %d without a time and %d with one", c, without, with)
		}
	}
}

// TestOldFutexCall runs the tests of times, and one of each other form of call, on the
// calls with 32-bit seconds.
func TestOldFutexCall(t *testing.T) {
	if _, err := rawFutexWake(unix.SYS_FUTEX); err != 0 {
		t.Skipf("this kernel was built without the old futex call: %v", err)
	}
	defer linux.SetTimeCalls(false, false)()
	defer func(before bool) { timesConverted = before }(timesConverted)
	timesConverted = true
	runTimeTests(t)

	// The year 2100 becomes 2038 here, which is in the future, and no error.
	word := new(atomic.Uint32)
	s := start(func() error {
		return linux.FutexWaitBitset(word, 0, &linux.Timespec{Sec: 4102444800}, matchAny, private|realtime)
	})
	awaitSleepers(t, word, private, 1)
	wake(t, word, 1)
	s.end(t, nil)
}

// TestOldFutexCallMissing runs the same tests as on a kernel without 32-bit times.
func TestOldFutexCallMissing(t *testing.T) {
	if _, err := rawFutexWake(unix.SYS_FUTEX_TIME64); err != 0 {
		t.Skipf("this kernel has no futex_time64: %v", err)
	}
	defer linux.SetTimeCalls(true, true)()
	defer func(before bool) { timesConverted = before }(timesConverted)
	timesConverted = false
	runTimeTests(t)
}

func runTimeTests(t *testing.T) {
	t.Run("mismatch", TestWaitReturnsOnMismatch)
	t.Run("woken", TestWaitEndsByWake)
	t.Run("times out", TestWaitTimesOut)
	t.Run("errors", TestWaitErrors)
	t.Run("requeue", TestRequeueCounts)
	t.Run("lock", TestLockPI)
	t.Run("lock times out", TestLockPITimesOut)
	t.Run("clock", TestClockGettime)
}

// TestWithoutOldTimeCalls denies a thread the calls with 32-bit times, like a kernel without
// CONFIG_COMPAT_32BIT_TIME.
func TestWithoutOldTimeCalls(t *testing.T) {
	skipFilters(t)
	if _, err := rawFutexWake(unix.SYS_FUTEX_TIME64); err != 0 {
		t.Skipf("this kernel has no futex_time64: %v", err)
	}
	defer linux.ForgetTimeCalls()
	onDyingThread(t, func() {
		if !deny(t, unix.SYS_FUTEX, syscall.ENOSYS) || !deny(t, unix.SYS_CLOCK_GETTIME, syscall.ENOSYS) {
			return
		}
		linux.ForgetTimeCalls()
		if futex64, times64 := linux.TimeCalls(); !futex64 || !times64 {
			t.Errorf("without the old calls: futex_time64 without a time %t, with one %t", futex64, times64)
		}
		_, err := linux.FutexWake(new(atomic.Uint32), 1, private)
		want(t, "wake", err, nil)
		for err = syscall.EINTR; err == syscall.EINTR; {
			err = linux.FutexWaitBitset(new(atomic.Uint32), 0, &linux.Timespec{Sec: 1}, matchAny, private)
		}
		want(t, "wait", err, syscall.ETIMEDOUT)
		var now linux.Timespec
		want(t, "clock", linux.ClockGettime(unix.CLOCK_MONOTONIC, &now), nil)
		defer linux.SetTimeCalls(false, false)() // a release that reports a wrong version
		want(t, "clock", linux.ClockGettime(unix.CLOCK_MONOTONIC, &now), nil)
	})
}

func rawFutexWake(trap uintptr) (uintptr, syscall.Errno) {
	n, _, errno := syscall.RawSyscall6(trap, 0, linux.FUTEX_WAKE|private, 1, 0, 0, 0)
	return n, errno
}

func TestClamp(t *testing.T) {
	for _, c := range []struct {
		x    int64
		want int32
	}{
		{0, 0},
		{-1, -1},
		{math.MaxInt32, math.MaxInt32},
		{math.MaxInt32 + 1, math.MaxInt32},
		{math.MaxInt64, math.MaxInt32},
		{math.MinInt32 - 1, math.MinInt32},
		{math.MinInt64, math.MinInt32},
	} {
		if got := linux.Clamp(c.x); got != c.want {
			t.Errorf("clamp(%d) = %d, want %d", c.x, got, c.want)
		}
	}
}
