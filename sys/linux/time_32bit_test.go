// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (386 || arm || mips || mipsle)

package linux_test

import (
	"encoding/binary"
	"math"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// TestOldFutexCall runs the tests of times, and one of each other form of call, on the
// call with 32-bit seconds.
func TestOldFutexCall(t *testing.T) {
	if _, err := rawFutexWake(unix.SYS_FUTEX); err != 0 {
		t.Skipf("this kernel was built without the old futex call: %v", err)
	}
	defer linux.SetTrap(linux.Trap())
	linux.SetTrap(unix.SYS_FUTEX)
	timesConverted = true
	defer func() { timesConverted = false }()
	t.Run("mismatch", TestWaitReturnsOnMismatch)
	t.Run("woken", TestWaitEndsByWake)
	t.Run("times out", TestWaitTimesOut)
	t.Run("errors", TestWaitErrors)
	t.Run("requeue", TestRequeueCounts)
	t.Run("lock", TestLockPI)
	t.Run("lock times out", TestLockPITimesOut)

	// The year 2100 is 2038 here: not yet, and no error.
	word := new(atomic.Uint32)
	s := start(func() error {
		return linux.FutexWaitBitset(word, 0, &linux.Timespec{Sec: 4102444800}, matchAny, private|realtime)
	})
	awaitSleepers(t, word, private, 1)
	wake(t, word, 1)
	s.end(t, nil)
}

// The call is chosen by what the kernel answers, of which a filter denies futex_time64.
func TestFutexCallIsChosen(t *testing.T) {
	defer linux.SetTrap(linux.Trap())
	if _, errno := rawFutexWake(unix.SYS_FUTEX_TIME64); errno == 0 {
		linux.SetTrap(0)
		if got := linux.Trap(); got != unix.SYS_FUTEX_TIME64 {
			t.Errorf("the kernel has futex_time64, but call %d is used", got)
		}
	}
	skipFilters(t)
	for _, errno := range []syscall.Errno{syscall.ENOSYS, syscall.EPERM} {
		onDyingThread(t, func() {
			if !denyQuestion(t, errno) {
				return
			}
			linux.SetTrap(0)
			if got := linux.Trap(); got != unix.SYS_FUTEX {
				t.Errorf("futex_time64 returns %v, but call %d is used", errno, got)
			}
			err := linux.FutexWaitBitset(new(atomic.Uint32), 0, &linux.Timespec{Sec: 1}, matchAny, private)
			want(t, "wait", err, syscall.ETIMEDOUT)
		})
	}
}

// denyQuestion lets the question return errno on the calling thread, but spares the Go
// runtime, which has asked long ago and relies on the answer: its wakes are private.
func denyQuestion(t *testing.T, errno syscall.Errno) bool {
	secondArgument := uint32(16 + 8)
	if binary.NativeEndian.Uint16([]byte{0, 1}) == 1 {
		secondArgument += 4 // the lower half of a 64-bit number
	}
	return install(t, []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_FUTEX_TIME64, Jf: 3},
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: secondArgument},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: linux.FUTEX_WAKE, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(errno)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
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
