// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native_test

import (
	"errors"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks/native"
	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// TestPIMutexWithoutClock takes the kernel's clock away from a thread that waits with a limit. It
// gets the clock's error, and does not wait for a time that never comes.
func TestPIMutexWithoutClock(t *testing.T) {
	needPI(t)
	watchdog := time.AfterFunc(30*time.Second, func() { panic("TryLockFor without a clock does not end") })
	defer watchdog.Stop()
	m := new(native.PIMutex)
	lockPI(t, m)
	onDyingThread(t, func() {
		if err := denyClock(); err != nil {
			t.Logf("not tried: no filter of system calls: %v", err)
			return
		}
		if linux.ClockGettime(unix.CLOCK_MONOTONIC, new(linux.Timespec)) != syscall.ENOSYS {
			t.Log("not tried: the clock has another call, too")
			return
		}
		ok, err := m.TryLockFor(time.Millisecond)
		if ok || !errors.Is(err, syscall.ENOSYS) {
			t.Errorf("TryLockFor without a clock = %t, %v, want %v", ok, err, syscall.ENOSYS)
		}
	})
	m.Unlock()
}

// TestPIMutexRests shows that the pause which lets a dying owner go on is one, also without the call
// that 32-bit kernels may lack.
func TestPIMutexRests(t *testing.T) {
	onDyingThread(t, func() {
		if err := deny(unix.SYS_NANOSLEEP); err != nil {
			t.Logf("no filter of system calls: %v", err)
		}
		const tries = 5 // a signal may end one
		longest := time.Duration(0)
		for range tries {
			begin := time.Now()
			native.Rest()
			longest = max(longest, time.Since(begin))
		}
		if longest < 50*time.Microsecond {
			t.Errorf("the longest of %d rests took %v", tries, longest)
		}
	})
}

// denyClock lets clock_gettime return ENOSYS on the calling thread from now on.
func denyClock() error { return deny(unix.SYS_CLOCK_GETTIME) }

// deny lets a system call return ENOSYS on the calling thread from now on.
func deny(number uint32) error {
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}, // the number of the call
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: number, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(syscall.ENOSYS)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	return unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0)
}
